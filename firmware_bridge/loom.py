"""The wires between a board and a simulated cabinet, crossed, cut or doubled as they are found in real ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from firmware_bridge.cabinet import Cabinet, DoorTruth
from firmware_bridge.lock_board import Door
from firmware_bridge.timers import Timers


@dataclass(frozen=True, slots=True)
class Loom:
    """Which door hangs on which channel of one board.

    `locks`: the doors whose locks a channel energises, none where the wire is cut. `switches`: the door whose switch
    a channel reads; a channel without one reads an open contact. `inverted`: the channels whose switch is open while
    its door is closed.
    """

    locks: Mapping[int, tuple[int, ...]]
    switches: Mapping[int, int]
    inverted: frozenset[int] = field(default_factory=frozenset)

    @property
    def channels(self) -> tuple[int, ...]:
        """Every channel with a wire."""
        return tuple(sorted({*self.locks, *self.switches}))


class LoomedCabinet(Cabinet):
    """A cabinet as one board sees it through its loom: by channel, not by door. People push the cabinet itself."""

    def __init__(self, cabinet: Cabinet, loom: Loom, timers: Timers) -> None:
        super().__init__(loom.channels, timers, cabinet.mechanics)
        self._cabinet = cabinet
        self._loom = loom

    def doors(self) -> Mapping[int, DoorTruth]:
        """The doors whose switches the board reads, by channel."""
        doors = self._cabinet.doors()
        return {channel: doors[door] for channel, door in self._loom.switches.items()}

    def sensor(self, channel: int) -> Door:
        """What the contact on this channel makes of its door."""
        door = self._loom.switches.get(channel)
        contact = Door.OPEN if door is None else self._cabinet.sensor(door)
        if channel not in self._loom.inverted or contact is Door.UNKNOWN:
            return contact
        return Door.CLOSED if contact is Door.OPEN else Door.OPEN

    def pulse(self, channel: int, pulse_ms: int) -> None:
        """Energise every lock on this channel."""
        for door in self._loom.locks.get(channel, ()):
            self._cabinet.pulse(door, pulse_ms)

    def energise(self, channel: int) -> int:
        """Put current on every lock on this channel."""
        return max((self._cabinet.energise(door) for door in self._loom.locks.get(channel, ())), default=0)

    def de_energise(self, channel: int) -> None:
        """Take it off again."""
        for door in self._loom.locks.get(channel, ()):
            self._cabinet.de_energise(door)
