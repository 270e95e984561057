"""A cabinet made of nothing: doors, bolts, springs, contacts and the hands and crowbars that move them.

Time is injected and nothing happens by chance, so on a virtual clock the same pushes give the same history. It has no
thread of its own. Calls may come from several threads, but they are then ordered by chance: for a history that
repeats, drive it by one caller at a time.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import NamedTuple

from firmware_bridge.lock_board import Door
from firmware_bridge.timers import Timers

REMEMBERED = 10_000


class Spring(StrEnum):
    """What a door does when its bolt is drawn."""

    OPENS = "opens"
    """It jumps ajar by itself: most parcel lockers."""
    RELEASES = "releases"
    """It stays shut until it is pulled; the bolt falls back if nobody does in time."""


@dataclass(frozen=True, slots=True)
class Mechanics:
    """How the doors are built. `bounce_ms` are the moments, after a contact first moved, at which it flips again: an
    even number of them, so that it ends where it was going.
    """

    spring: Spring = Spring.OPENS
    bolt_ms: int = 40
    travel_ms: int = 60
    release_ms: int = 5_000
    bounce_ms: tuple[int, ...] = (2, 3, 7, 11)

    def __post_init__(self) -> None:
        if len(self.bounce_ms) % 2:
            raise ValueError(f"a contact that flips {len(self.bounce_ms)} times ends where it began; make it even")


class Pulse(NamedTuple):
    """A lock was energised."""

    channel: int
    at_ms: int


class Current(NamedTuple):
    """A lock was energised from `on_ms` to `off_ms`."""

    channel: int
    on_ms: int
    off_ms: int


@dataclass(frozen=True, slots=True)
class DoorTruth:
    """How a door really stands, and what its sensor says of it."""

    open: bool
    bolted: bool
    item: bool
    jammed: bool
    sensor: Door


@dataclass(slots=True)
class _Door:
    open: bool = False
    bolted: bool = True
    item: bool = False
    jammed: bool = False
    stuck: Door | None = None
    contact: Door = Door.CLOSED
    on_ms: int | None = None
    currents: int = 0
    drew: int = 0
    """The current that drew the bolt."""
    releases: int = 0
    moves: int = 0


class Cabinet:
    """Doors on the channels given, shut, bolted and empty. Every method raises ValueError for another channel."""

    def __init__(self, channels: Iterable[int], timers: Timers, mechanics: Mechanics | None = None) -> None:
        self.mechanics = mechanics or Mechanics()
        self._timers = timers
        self._lock = threading.RLock()
        self._doors = {channel: _Door() for channel in sorted(channels)}
        self._pulses: deque[Pulse] = deque(maxlen=REMEMBERED)
        self._currents: deque[Current] = deque(maxlen=REMEMBERED)
        self._listeners: list[Callable[[int | None], None]] = []
        self._news: deque[int | None] = deque()
        self._replies_lost = False

    @property
    def channels(self) -> tuple[int, ...]:
        """The channels that have a door."""
        return tuple(self._doors)

    @property
    def pulses(self) -> list[Pulse]:
        """Every time a lock was energised, the latest 10,000 of them."""
        return list(self._pulses)

    @property
    def currents(self) -> list[Current]:
        """The same once they are over, with their end."""
        return list(self._currents)

    @property
    def replies_lost(self) -> bool:
        """Whether boards on this cabinet stay silent."""
        return self._replies_lost

    def on_change(self, listener: Callable[[int | None], None]) -> Callable[[], None]:
        """Call `listener` with the channel whose door, lock or sensor changed, None for the whole cabinet. It reads
        what it wants to know, and may push the cabinet in turn. Returns what ends that.
        """
        self._listeners.append(listener)
        return partial(self._listeners.remove, listener)

    def doors(self) -> Mapping[int, DoorTruth]:
        """How every door really stands, and what its sensor says."""
        with self._lock:
            return {
                channel: DoorTruth(it.open, it.bolted, it.item, it.jammed, it.stuck or it.contact)
                for channel, it in self._doors.items()
            }

    def sensor(self, channel: int) -> Door:
        """What the door's sensor says at this moment, bouncing or not."""
        door = self._door(channel)
        return door.stuck or door.contact

    def energised(self, channel: int) -> bool:
        """Whether current flows through a lock."""
        return self._door(channel).on_ms is not None

    def parcel_sensor(self, channel: int) -> bool:
        """Whether something is inside, as a sensor that looks into the compartment sees it."""
        return self._door(channel).item

    def pulse(self, channel: int, pulse_ms: int) -> None:
        """Energise a lock for `pulse_ms`, as a board does that times the pulse itself. A second pulse prolongs it."""
        currents = self.energise(channel)
        self._timers.call_later(pulse_ms, partial(self._end_pulse, channel, currents))

    def energise(self, channel: int) -> int:
        """Put current on a lock: unless it is jammed, its bolt is drawn soon after, for as long as the current flows.
        Returns a number for this current.
        """
        with self._lock:
            door = self._door(channel)
            now_ms = self._timers.now_ms()
            self._pulses.append(Pulse(channel, now_ms))
            door.currents += 1
            door.on_ms = now_ms if door.on_ms is None else door.on_ms
            currents = door.currents
            self._news.append(channel)
        self._timers.call_later(self.mechanics.bolt_ms, partial(self._draw_bolt, channel, currents))
        self._tell()
        return currents

    def de_energise(self, channel: int) -> None:
        """Take the current off again."""
        with self._lock:
            door = self._door(channel)
            if door.on_ms is not None:
                now_ms = self._timers.now_ms()
                if now_ms - door.on_ms >= self.mechanics.bolt_ms:
                    self._draw_bolt(channel, door.currents)  # whoever tells the time may have been held up
                self._currents.append(Current(channel, door.on_ms, now_ms))
                door.on_ms = None
                self._news.append(channel)
        self._tell()

    def open_door(self, channel: int) -> bool:
        """Someone pulls: whether the door is open then. A bolted one stays shut."""
        with self._lock:
            door = self._door(channel)
            if not door.open and not door.bolted:
                self._swing(channel, Door.OPEN)
            opened = door.open
        self._tell()
        return opened

    def close_door(self, channel: int) -> bool:
        """Someone pushes the door shut: whether it stays so. While its bolt is drawn a spring throws it open again."""
        with self._lock:
            door = self._door(channel)
            drawn = door.on_ms is not None and not door.jammed and self.mechanics.spring is Spring.OPENS
            if door.open and not drawn:
                self._swing(channel, Door.CLOSED)
            shut = not door.open
        self._tell()
        return shut

    def force(self, channel: int) -> None:
        """Someone takes a crowbar to the door. Its bolt works again once it is shut."""
        with self._lock:
            door = self._door(channel)
            if not door.open:
                self._swing(channel, Door.OPEN)
        self._tell()

    def put_item(self, channel: int) -> bool:
        """Someone puts something in: whether they could."""
        return self._handle(channel, item=True)

    def take_item(self, channel: int) -> bool:
        """Someone takes out what is in there: whether they could."""
        return self._handle(channel, item=False)

    def jam(self, channel: int, jammed: bool) -> None:
        """From now on the bolt of this door does, or does not, stick where it is."""
        with self._lock:
            self._door(channel).jammed = jammed
            self._news.append(channel)
        self._tell()

    def stick_sensor(self, channel: int, door: Door | None) -> None:
        """From now on the sensor says `door` whatever the door does; None mends it."""
        with self._lock:
            self._door(channel).stuck = door
            self._news.append(channel)
        self._tell()

    def lose_replies(self, lost: bool) -> None:
        """From now on boards on this cabinet do, or do not, stay silent. They still do as they are told."""
        with self._lock:
            self._replies_lost = lost
            self._news.append(None)
        self._tell()

    def _door(self, channel: int) -> _Door:
        door = self._doors.get(channel)
        if door is None:
            raise ValueError(f"this cabinet has no door on channel {channel}")
        return door

    def _handle(self, channel: int, item: bool) -> bool:
        with self._lock:
            door = self._door(channel)
            done = door.open and door.item is not item
            if done:
                door.item = item
                self._news.append(channel)
        self._tell()
        return done

    def _end_pulse(self, channel: int, currents: int) -> None:
        if self._door(channel).currents == currents:
            self.de_energise(channel)

    def _draw_bolt(self, channel: int, currents: int) -> None:
        with self._lock:
            door = self._door(channel)
            if door.on_ms is None or door.currents != currents or door.drew == currents or door.jammed or door.open:
                return
            door.bolted, door.drew = False, currents
            door.releases += 1
            releases = door.releases
            self._news.append(channel)
        if self.mechanics.spring is Spring.OPENS:
            self._timers.call_later(self.mechanics.travel_ms, partial(self._spring_open, channel))
        else:
            self._timers.call_later(self.mechanics.release_ms, partial(self._fall_back, channel, releases))
        self._tell()

    def _spring_open(self, channel: int) -> None:
        self.open_door(channel)

    def _fall_back(self, channel: int, releases: int) -> None:
        with self._lock:
            door = self._door(channel)
            if not door.open and door.releases == releases:
                door.bolted = True
                self._news.append(channel)
        self._tell()

    def _swing(self, channel: int, to: Door) -> None:
        door = self._door(channel)
        door.open = to is Door.OPEN
        door.bolted = not door.open
        door.moves += 1
        moves = door.moves
        self._touch(channel, to, moves)
        away = Door.CLOSED if to is Door.OPEN else Door.OPEN
        for flip, at_ms in enumerate(self.mechanics.bounce_ms):
            contact = to if flip % 2 else away
            self._timers.call_later(at_ms, partial(self._bounce, channel, contact, moves))

    def _bounce(self, channel: int, contact: Door, moves: int) -> None:
        with self._lock:
            self._touch(channel, contact, moves)
        self._tell()

    def _touch(self, channel: int, contact: Door, moves: int) -> None:
        door = self._door(channel)
        if door.moves == moves:
            door.contact = contact
            self._news.append(channel)

    def _tell(self) -> None:
        while self._news:
            with self._lock:
                if not self._news:
                    return
                channel = self._news.popleft()
            for listener in tuple(self._listeners):
                listener(channel)
