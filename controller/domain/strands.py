"""The states that a parcel, its notice, a compartment and a door go through, and the records that lead from one to the
next. A change that stands in no table here does not happen; `docs/states.md` is made from them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from controller.domain.allocation import status
from controller.domain.ids import Door
from controller.domain.notices import Standing
from controller.domain.state import Compartment, Custody, State, Status

NONE: Final = "none"
"""Not known here yet."""
LEFT: Final = "left"
"""Not here any more: collected, taken away, returned or called off."""
Change = tuple[str, str, str]
"""From where, by which record, to where."""


@dataclass(frozen=True, slots=True)
class Strand:
    """One thing that goes on by itself."""

    name: str
    of: str
    """What goes through these states."""
    changes: tuple[Change, ...]


_C, _S, _N, _D = Custody, Status, Standing, Door

CUSTODY: Final = Strand(
    "custody",
    "a parcel",
    (
        (NONE, "parcel.expected", _C.EXPECTED),
        (NONE, "parcel.unannounced", _C.EXPECTED),
        (_C.EXPECTED, "custody.depositing", _C.DEPOSITING),
        (_C.EXPECTED, "parcel.claimed", _C.STORED),
        (_C.EXPECTED, "parcel.cancelled", LEFT),
        (_C.EXPECTED, "plan.made", LEFT),
        (_C.EXPECTED, "plan.refused", LEFT),
        (_C.EXPECTED, "driver.signed_out", LEFT),
        (_C.DEPOSITING, "custody.stored", _C.STORED),
        (_C.DEPOSITING, "custody.released", _C.EXPECTED),
        (_C.DEPOSITING, "custody.released", LEFT),
        (_C.STORED, "custody.collecting", _C.COLLECTING),
        (_C.STORED, "custody.removing", _C.REMOVING),
        (_C.STORED, "custody.removed", LEFT),
        (_C.STORED, "parcel.claimed", LEFT),
        (_C.COLLECTING, "custody.collected", LEFT),
        (_C.COLLECTING, "custody.removed", LEFT),
        (_C.REMOVING, "custody.removed", LEFT),
        (_C.REMOVING, "custody.kept", _C.STORED),
        (_C.REMOVING, "compartment.restored", _C.STORED),
    ),
)
NOTIFICATION: Final = Strand(
    "notification",
    "what a recipient is to be told",
    (
        (NONE, "notification.requested", _N.REQUESTED),
        (_N.REQUESTED, "notification.delivered", _N.DELIVERED),
        (_N.REQUESTED, "recipient.answered", _N.DELIVERED),
        (_N.REQUESTED, "notification.failed", _N.FAILED),
        (_N.DELIVERED, "notification.failed", _N.FAILED),
        (_N.DELIVERED, "notification.requested", _N.REQUESTED),
        (_N.FAILED, "notification.requested", _N.REQUESTED),
        (_N.FAILED, "notification.exhausted", _N.EXHAUSTED),
        (_N.EXHAUSTED, "notification.delivered", _N.DELIVERED),
        (_N.EXHAUSTED, "notification.requested", _N.REQUESTED),
    ),
)
COMPARTMENT: Final = Strand(
    "compartment",
    "a compartment by itself; under a lock-out or on a supply that stands still, a vacant one is out of service",
    (
        (_S.VACANT, "custody.depositing", _S.RESERVED),
        (_S.RESERVED, "custody.stored", _S.OCCUPIED),
        (_S.RESERVED, "custody.released", _S.VACANT),
        (_S.OCCUPIED, "custody.collecting", _S.COLLECTING),
        (_S.OCCUPIED, "custody.removed", _S.VACANT),
        (_S.OCCUPIED, "door.closed", _S.VACANT),
        (_S.COLLECTING, "custody.collected", _S.VACANT),
        (_S.COLLECTING, "custody.removed", _S.VACANT),
        (_S.VACANT, "custody.left_behind", _S.OCCUPIED),
        (_S.VACANT, "compartment.quarantined", _S.QUARANTINED),
        (_S.RESERVED, "compartment.quarantined", _S.QUARANTINED),
        (_S.OCCUPIED, "compartment.quarantined", _S.QUARANTINED),
        (_S.COLLECTING, "compartment.quarantined", _S.QUARANTINED),
        (_S.OUT_OF_SERVICE, "compartment.quarantined", _S.QUARANTINED),
        (_S.QUARANTINED, "compartment.restored", _S.VACANT),
        (_S.QUARANTINED, "compartment.restored", _S.OCCUPIED),
        (_S.QUARANTINED, "compartment.restored", _S.COLLECTING),
        (_S.VACANT, "compartment.out_of_service", _S.OUT_OF_SERVICE),
        (_S.RESERVED, "compartment.out_of_service", _S.OUT_OF_SERVICE),
        (_S.OCCUPIED, "compartment.out_of_service", _S.OUT_OF_SERVICE),
        (_S.COLLECTING, "compartment.out_of_service", _S.OUT_OF_SERVICE),
        (_S.OUT_OF_SERVICE, "compartment.restored", _S.VACANT),
        (_S.OUT_OF_SERVICE, "compartment.restored", _S.RESERVED),
        (_S.OUT_OF_SERVICE, "compartment.restored", _S.OCCUPIED),
        (_S.OUT_OF_SERVICE, "compartment.restored", _S.COLLECTING),
        (_S.OCCUPIED, "config.applied", _S.OUT_OF_SERVICE),
    ),
)
DOOR: Final = Strand(
    "door",
    "a door, as its sensor says",
    (
        (_D.UNKNOWN, "door.seen", _D.CLOSED),
        (_D.UNKNOWN, "door.seen", _D.OPEN),
        (_D.UNKNOWN, "door.closed", _D.CLOSED),
        (_D.UNKNOWN, "door.opened", _D.OPEN),
        (_D.CLOSED, "door.opened", _D.OPEN),
        (_D.CLOSED, "door.forced", _D.OPEN),
        (_D.OPEN, "door.closed", _D.CLOSED),
        (_D.CLOSED, "door.sensor_unknown", _D.UNKNOWN),
        (_D.OPEN, "door.sensor_unknown", _D.UNKNOWN),
        (_D.CLOSED, "boot.started", _D.UNKNOWN),
        (_D.OPEN, "boot.started", _D.UNKNOWN),
    ),
)
STRANDS: Final = (NOTIFICATION, CUSTODY, COMPARTMENT, DOOR)


def changes(before: State, record: str, after: State) -> Iterator[tuple[Strand, Change]]:
    """What the record of this type made of each strand; of a parcel that has left, its custody alone."""
    for parcel in before.parcels.keys() | after.parcels.keys():
        was, now = before.parcels.get(parcel), after.parcels.get(parcel)
        yield from _moved(CUSTODY, NONE if was is None else was.custody, record, LEFT if now is None else now.custody)
    for parcel, notice in after.notices.items():
        told = before.notices.get(parcel)
        yield from _moved(NOTIFICATION, NONE if told is None else told.standing, record, notice.standing)
    for id, compartment in before.compartments.items():
        if id in after.compartments:
            other = after.compartments[id]
            yield from _moved(COMPARTMENT, _own(compartment, before), record, _own(other, after))
            yield from _moved(DOOR, compartment.door, record, other.door)


def _own(compartment: Compartment, state: State) -> Status:
    """What it is by itself, whether or not its supply stands still or a technician has locked the locker out."""
    return status(compartment, replace(state, stopped={}, lockout=None))


def _moved(strand: Strand, was: str, record: str, now: str) -> Iterator[tuple[Strand, Change]]:
    if was != now:
        yield strand, (str(was), record, str(now))
