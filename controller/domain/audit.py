"""Stock-taking: what somebody saw behind each door, against what is on record."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from controller.domain.ids import CompartmentId, ParcelId, Role

NEEDS_AUDIT = "needs_audit"
"""Nobody knows what is inside since the records were lost."""
MISPLACED = "misplaced"
"""Its parcel lies elsewhere, or another's lies here."""
MISSING = "missing"
"""Its parcel was not found by an audit that did not look everywhere."""
NOT_HANDED_OUT = (NEEDS_AUDIT, MISPLACED, MISSING)
"""Even a right code does not open these: somebody else's parcel may be behind the door."""


class Found(StrEnum):
    """What lay in a compartment. The values stand in records."""

    EMPTY = "empty"
    LABEL = "label"
    """A parcel whose label can be read."""
    UNKNOWN = "unknown"
    """Something that no label tells of."""
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Look:
    """One compartment that was looked into; the last look counts."""

    compartment: CompartmentId
    found: Found
    label: str | None = None
    """A label that no live parcel bears."""
    parcel: ParcelId | None = None
    """The live parcel that bears it."""


@dataclass(frozen=True, slots=True)
class Audit:
    """A stock-taking under way; it goes on after a restart, or when another technician comes."""

    id: str
    role: Role
    left: tuple[CompartmentId, ...]
    """Not looked into yet."""
    looks: tuple[Look, ...] = ()


@dataclass(frozen=True, slots=True)
class Balance:
    """What the looks come to, against what is on record: compartments, and the parcels that belong there."""

    agreed: tuple[CompartmentId, ...]
    missing: tuple[ParcelId, ...]
    """On record in a compartment that was looked into, and seen nowhere."""
    misplaced: tuple[ParcelId, ...]
    """Seen in another compartment than the one on record."""
    strays: tuple[CompartmentId, ...]
    """Where something lies that is on record nowhere, or elsewhere."""


def balance(looks: tuple[Look, ...], on_record: dict[CompartmentId, ParcelId]) -> Balance:
    """Compare. `on_record` has the parcel of each compartment that holds one."""
    seen = [look for look in looks if look.found is not Found.SKIPPED]
    at = {look.parcel: look.compartment for look in seen if look.parcel is not None}
    gone = [on_record[look.compartment] for look in seen if _lacks(look, on_record)]
    return Balance(
        agreed=tuple(look.compartment for look in seen if _agrees(look, on_record)),
        missing=tuple(parcel for parcel in gone if parcel not in at),
        misplaced=tuple(_misplaced(at, on_record)),
        strays=tuple(look.compartment for look in seen if _is_stray(look, on_record)),
    )


def _agrees(look: Look, on_record: dict[CompartmentId, ParcelId]) -> bool:
    parcel = on_record.get(look.compartment)
    return look.found is Found.EMPTY if parcel is None else look.parcel == parcel


def _lacks(look: Look, on_record: dict[CompartmentId, ParcelId]) -> bool:
    """What is on record there is not what was seen. Something without a label may be it."""
    parcel = on_record.get(look.compartment)
    return parcel is not None and look.found is not Found.UNKNOWN and look.parcel != parcel


def _is_stray(look: Look, on_record: dict[CompartmentId, ParcelId]) -> bool:
    return look.found is not Found.EMPTY and not _agrees(look, on_record)


def _misplaced(at: dict[ParcelId, CompartmentId], on_record: dict[CompartmentId, ParcelId]) -> Iterator[ParcelId]:
    home = {parcel: compartment for compartment, parcel in on_record.items()}
    return (parcel for parcel, compartment in at.items() if home.get(parcel, compartment) != compartment)
