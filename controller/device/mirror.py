"""The cabinet as the outside sees it: counts by size and every compartment, retained, published when they change."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from controller.contract.fields import wall_text
from controller.contract.link import Link
from controller.contract.topics import Topics
from controller.contract.wire_json import JsonObject, dumps
from controller.device.seams import Committed
from controller.domain.allocation import status
from controller.domain.events import (
    CompartmentRestored,
    ConfigApplied,
    DoorWiringFault,
    Event,
    LockedOut,
    LockoutEnded,
    LockoutLapsed,
)
from controller.domain.ids import CompartmentId, Door, ParcelId, Size, WallMs
from controller.domain.state import State, Status

COUNTED_AS = {
    Status.VACANT: "free",
    Status.RESERVED: "reserved",
    Status.OCCUPIED: "occupied",
    Status.COLLECTING: "occupied",
    Status.QUARANTINED: "quarantined",
    Status.OUT_OF_SERVICE: "out_of_service",
}
"""To those who look for a free compartment, one that is being emptied is not free yet."""

_NO_PARCEL = ParcelId("")
_TOUCH_ALL = (ConfigApplied, DoorWiringFault, CompartmentRestored, LockedOut, LockoutEnded, LockoutLapsed)
"""After these any compartment may look different: supplies stop, or are set going again."""


@dataclass(frozen=True, slots=True)
class Face:
    """One compartment as published."""

    door: Door
    status: Status
    since: WallMs
    """When it was first seen so, in this boot."""
    sequence: int

    def encode(self) -> bytes:
        """The payload of `…/state/{compartment}`."""
        members: JsonObject = {
            "door": self.door.value,
            "status": self.status.value,
            "since": wall_text(self.since),
            "seq": self.sequence,
        }
        return dumps(members)


class Mirror:
    """Keeps the retained topics equal to the committed state."""

    def __init__(self, link: Link, topics: Topics, state: Callable[[], State]) -> None:
        """`state` gives the committed one."""
        self._link = link
        self._topics = topics
        self._state = state
        self._faces: dict[CompartmentId, Face] = {}
        link.follow(self.say_all, self._went_down)

    def committed(self, happened: Sequence[Committed]) -> None:
        """Follow the engine with this."""
        state = self._state()
        if any(isinstance(item.event, _TOUCH_ALL) for item in happened):
            self._drop_removed(state)
            touched = tuple(state.compartments)
        else:
            touched = tuple({id for item in happened for id in _touched(item.event, state)})
        last = happened[-1]
        changed = [id for id in touched if self._look(id, state, last.stamp.wall, last.sequence)]
        for id in changed:
            self._publish(id)
        if changed:
            self._publish_counts(state)

    def _look(self, id: CompartmentId, state: State, wall: WallMs, sequence: int) -> bool:
        compartment = state.compartments[id]
        now = (compartment.door, status(compartment, state))
        before = self._faces.get(id)
        if before is not None and (before.door, before.status) == now:
            return False
        self._faces[id] = Face(*now, wall, sequence)
        return True

    def _drop_removed(self, state: State) -> None:
        for id in self._faces.keys() - state.compartments.keys():
            del self._faces[id]
            self._link.publish(self._topics.compartment(id), b"", retain=True)

    def _publish(self, id: CompartmentId) -> None:
        self._link.publish(self._topics.compartment(id), self._faces[id].encode(), retain=True)

    def _publish_counts(self, state: State) -> None:
        self._link.publish(self._topics.state, counts(self._faces, state), retain=True)

    def say_all(self) -> None:
        """Publish every retained topic anew."""
        state = self._state()
        for id in state.compartments:
            if state.last is not None:
                self._look(id, state, state.last.wall, state.sequence)
        for id in self._faces:
            self._publish(id)
        self._publish_counts(state)

    def sizes(self) -> JsonObject:
        """How many compartments of each size stand how."""
        return counted(self._faces, self._state())

    def _went_down(self) -> None:
        """Nothing to do: all of it is published again when the link is back."""


def counts(faces: dict[CompartmentId, Face], state: State) -> bytes:
    """The payload of `…/state`: how many compartments of each size stand how."""
    return dumps({"seq": state.sequence, "sizes": counted(faces, state)})


def counted(faces: dict[CompartmentId, Face], state: State) -> JsonObject:
    """The same by size alone, the smallest first."""
    sizes: dict[Size, dict[str, int]] = {}
    for id, face in faces.items():
        size = state.compartments[id].spec.size
        row = sizes.setdefault(size, dict.fromkeys(COUNTED_AS.values(), 0))
        row[COUNTED_AS[face.status]] += 1
    return {size.value: {**sizes[size]} for size in sorted(sizes, key=lambda size: size.rank)}


def _touched(event: Event, state: State) -> list[CompartmentId]:
    """The compartments that may look different after `event`: the one it names, and its parcel's."""
    parcel = state.parcels.get(getattr(event, "parcel", _NO_PARCEL))
    named = (getattr(event, "compartment", None), parcel.compartment if parcel is not None else None)
    return [id for id in named if id is not None and id in state.compartments]
