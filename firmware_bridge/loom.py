"""The wires between a board and a simulated cabinet, crossed, cut or doubled as they are found in real ones."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

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


def shuffled(numbers: Iterable[int], seed: int) -> list[int]:
    """The same numbers in an order that looks like chance and is always the same for one seed."""
    return sorted(numbers, key=lambda number: sha256(f"{seed} {number}".encode()).digest())


def loom(
    locks: Sequence[int],
    switches: Sequence[int],
    *,
    inverted: Iterable[int] = (),
    cut: Iterable[int] = (),
    doubled: Iterable[tuple[int, int]] = (),
) -> Loom:
    """The loom of a board whose channels from 1 on have these doors' locks and these doors' switches.

    `inverted` are doors by their switch, `cut` by the wire of their lock. Of a `doubled` pair the second door's lock
    hangs on the first one's channel as well as on its own.
    """
    inverted, cut, second = set(inverted), set(cut), dict(doubled)
    wired: dict[int, tuple[int, ...]] = {}
    for channel, door in enumerate(locks, start=1):
        doors = (door, second[door]) if door in second else (door,)
        wired[channel] = tuple(it for it in doors if it not in cut)
    read = dict(enumerate(switches, start=1))
    return Loom(wired, read, frozenset(channel for channel, door in read.items() if door in inverted))


class LoomedCabinet(Cabinet):
    """A cabinet as one board sees it through its loom: by channel, not by door. People push the cabinet itself."""

    def __init__(self, cabinet: Cabinet, loom: Loom, timers: Timers) -> None:
        super().__init__(loom.channels, timers, cabinet.mechanics)
        self._cabinet = cabinet
        self._loom = loom

    @property
    def replies_lost(self) -> bool:
        """Whether boards on this cabinet stay silent."""
        return self._cabinet.replies_lost

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

    def parcel_sensor(self, channel: int) -> bool:
        """What the sensor beside this channel's contact sees."""
        door = self._loom.switches.get(channel)
        return door is not None and self._cabinet.parcel_sensor(door)

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
