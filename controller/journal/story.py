"""One parcel's life, from the records that are about it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from controller.contract.fields import wall_text
from controller.contract.record import NotARecord, Record, parse
from controller.contract.wire_json import JSON, JsonObject, dumps
from controller.domain.events import EVENTS
from controller.domain.ids import ParcelId
from controller.domain.naming import carrier_of, name_of
from controller.journal import reading
from controller.journal.database import looking_into
from controller.journal.errors import Damage, JournalDamaged
from controller.journal.export import export_records
from controller.journal.story_words import SENTENCES, sentence

_BEHIND = ("custody.depositing", "custody.removing", "custody.collecting", "custody.stored", "unlock.authorised")
_AWAY = ("custody.collected", "custody.removed", "custody.returned", "custody.released")
_NOT_YET = {"parcel.expected": "expected", "parcel.unannounced": "brought unannounced", "parcel.cancelled": "cancelled"}


@dataclass(slots=True)
class _About:
    """What names the parcel, as far as was read."""

    parcel: ParcelId
    pickups: set[str] = field(default_factory=set)
    doors: set[str] = field(default_factory=set)

    def might(self, raw: bytes) -> bool:
        return any(dumps(name) in raw for name in (name_of(self.parcel), *self.pickups, *self.doors))

    def takes(self, record: Record) -> bool:
        """Whether it is about the parcel; learns from those that are, and from others' use of its door."""
        data = record.data
        door, pickup = str(data.get("compartment", "")), str(data.get("pickup", ""))
        if not self._is_named(data):
            if record.name == "custody.depositing":
                self.doors.discard(door)
            if data.get("parcel") is not None:
                return False
            return pickup in self.pickups or door in self.doors
        if pickup:
            self.pickups.add(pickup)
        if record.name in _BEHIND:
            self.doors.add(door)
        elif record.name in _AWAY:
            self.doors.discard(door)
        return True

    def _is_named(self, data: JsonObject) -> bool:
        name, whose = name_of(self.parcel), carrier_of(self.parcel)
        return name in (data.get("parcel"), data.get("found")) and data.get("carrier") == whose


def about(raws: Iterable[bytes], parcel: ParcelId) -> Iterator[Record]:
    """Those about the parcel, in order: they name it, its pickup, or the door that it is behind at that time."""
    names = _About(parcel)
    for raw in raws:
        if names.might(raw) and names.takes(record := parse(raw)) and record.name in SENTENCES:
            yield record


def read_story(data_dir: Path, parcel: ParcelId, says: Mapping[str, str], when: Callable[[str], str]) -> JsonObject:
    """The three strands, every line, and what is next; no line where no record is about the parcel.

    `says` has the rules' sentences by their ids, `when` puts a time into words.
    Raises `JournalRefused`, `JournalDamaged`.
    """
    with looking_into(data_dir) as connection:
        cursor = reading.cursor(connection).sequence
    try:
        records = list(about(export_records(data_dir), parcel))
    except NotARecord as damage:
        raise JournalDamaged(
            Damage(None, f"one of the records about {name_of(parcel)} cannot be read ({damage})")
        ) from damage
    return {
        "parcel": name_of(parcel),
        "carrier": carrier_of(parcel),
        "notification": _last(records, "notification."),
        "custody": _custody(records),
        "confirmation": _confirmation(records, cursor),
        "lines": [_line(record, says, when) for record in records],
        "next": _next(records),
    }


def _line(record: Record, says: Mapping[str, str], when: Callable[[str], str]) -> JsonObject:
    return {
        "sequence": record.place.sequence,
        "time": wall_text(record.stamp.wall),
        "type": record.name,
        "says": sentence(record.name, record.data, when),
        "because": _because(record, says),
    }


def _because(record: Record, says: Mapping[str, str]) -> list[JSON]:
    """What each choice of a plan was made by, or what kept the parcel out: rules in words."""
    because, kept_out = record.data.get("because"), record.data.get("rules")
    if isinstance(because, list):
        chosen = (each for each in because if isinstance(each, dict))
        return [f"{each['choice']}: {says.get(str(each['rule']), each['rule'])}" for each in chosen]
    named = kept_out if record.name == "plan.refused" and isinstance(kept_out, list) else []
    return [says.get(str(rule), str(rule)) for rule in named]


def _last(records: list[Record], area: str) -> str:
    names = [record.name for record in records if record.name.startswith(area)]
    return names[-1].removeprefix(area) if names else "none"


def _custody(records: list[Record]) -> str:
    moved = [_NOT_YET.get(each.name) or each.name.removeprefix("custody.") for each in records if _moves(each)]
    return moved[-1].replace("_", " ") if moved else "none"


def _moves(record: Record) -> bool:
    if record.name == "parcel.cancelled":
        return record.data.get("stored") is False
    return record.name in (*_NOT_YET, *_BEHIND[:-1], *_AWAY, "custody.kept", "custody.taken_out")


def _confirmation(records: list[Record], cursor: int) -> str:
    disputes = [each.name for each in records if each.name in ("custody.disputed", "custody.dispute_settled")]
    if disputes and disputes[-1] == "custody.disputed":
        return "disputed"
    proven = [record.place.sequence for record in records if EVENTS[record.name].PROVEN]
    if not proven:
        return "none"
    return "acknowledged by the carrier" if proven[-1] <= cursor else "recorded"


def _next(records: list[Record]) -> JsonObject | None:
    """The end of the hold, as it was last said, of a parcel that is inside."""
    if _custody(records) not in ("stored", "kept", "collecting", "removing"):
        return None
    holds = [record.data["hold_until"] for record in records if record.data.get("hold_until")]
    return {"hold_until": holds[-1]} if holds else None
