"""A cabinet that is no more than doors one can push: what is physically so, whatever the rules believe."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from controller.domain.ids import CompartmentId, Door, ParcelId


@dataclass(slots=True)
class PushedDoor:
    """One compartment: its door, what is wrong with it, and what lies inside."""

    open: bool = False
    jammed: bool = False
    """A pulse does nothing."""
    late: bool = False
    """A pulse does nothing at once; the door springs when `pop` is called."""
    silent: bool = False
    """The sensor gives no reading."""
    sprung: bool = False
    """Pulsed, and about to open late."""
    inside: set[ParcelId] = field(default_factory=set)

    @property
    def reading(self) -> Door:
        """What the sensor says."""
        if self.silent:
            return Door.UNKNOWN
        return Door.OPEN if self.open else Door.CLOSED


class CabinetInHand:
    """The doors by name."""

    def __init__(self, ids: Iterable[CompartmentId]) -> None:
        self.doors = {id: PushedDoor() for id in ids}

    def pulse(self, id: CompartmentId) -> None:
        """What a lock does when it is energised."""
        door = self.doors[id]
        if door.jammed:
            return
        if door.late:
            door.sprung = True
        else:
            door.open = True

    def pop(self) -> None:
        """Doors whose spring was slow come open now."""
        for door in self.doors.values():
            if door.sprung:
                door.open, door.sprung = True, False

    def survey(self) -> tuple[tuple[CompartmentId, Door], ...]:
        """Every reading."""
        return tuple((id, door.reading) for id, door in self.doors.items())

    def standing_open(self) -> list[CompartmentId]:
        """The doors a person sees open."""
        return [id for id, door in self.doors.items() if door.open]
