"""How records name parcels: by their carrier's own name beside `carrier`. The locker knows them by both at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_type_hints

from controller.contract.fields import Mismatch, without_none
from controller.contract.wire_json import JSON, JsonObject
from controller.domain.ids import CarrierId, ParcelId
from controller.domain.naming import carrier_of, name_of, parcel_id


@dataclass(frozen=True, slots=True)
class ParcelFields:
    """Which members of an event's data name parcels, all of one carrier."""

    one: tuple[str, ...]
    many: tuple[str, ...]
    says_carrier: bool
    """The event has a `carrier` of its own; otherwise it is added."""

    def to_wire(self, data: JsonObject) -> JsonObject:
        """`data` with names, and the carrier whose they are. `data` is used up."""
        for field in self.one:
            id = data.get(field)
            if isinstance(id, str):
                data[field] = name_of(ParcelId(id))
                if not self.says_carrier:
                    data["carrier"] = carrier_of(ParcelId(id))
        for field in self.many:
            data[field] = _each(data.get(field), lambda id: name_of(ParcelId(id)))
        return data

    def from_wire(self, data: Mapping[str, JSON]) -> Mapping[str, JSON]:
        """The way back. Raises `Mismatch` where nothing says whose the parcels are."""
        named = [field for field in (*self.one, *self.many) if data.get(field)]
        if not named:
            return data
        carrier = data.get("carrier")
        if not isinstance(carrier, str):
            raise Mismatch("must be a string" if "carrier" in data else "is missing", "carrier")
        known = dict(data)
        if not self.says_carrier:
            del known["carrier"]
        for field in named:
            name = known[field]
            known[field] = (
                parcel_id(CarrierId(carrier), name)
                if isinstance(name, str)
                else _each(name, lambda each: parcel_id(CarrierId(carrier), each))
            )
        return known


def parcel_fields(cls: type[Any]) -> ParcelFields | None:
    """Those of an event; None where it names no parcel, or several carriers', which stand as `carrier/name`."""
    hints = {name: without_none(hint)[0] for name, hint in get_type_hints(cls).items()}
    one = tuple(name for name, hint in hints.items() if hint is ParcelId)
    many = tuple(name for name, hint in hints.items() if hint == tuple[ParcelId, ...])
    says_carrier = hints.get("carrier") is CarrierId
    return ParcelFields(one, many, says_carrier) if one or (many and says_carrier) else None


def _each(names: JSON, change: Callable[[str], str]) -> JSON:
    return [change(each) if isinstance(each, str) else each for each in names] if isinstance(names, list) else names
