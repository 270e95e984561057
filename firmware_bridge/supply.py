"""Whose turn it is on a power supply: the one place that says when a lock may be energised, and for how long.

A supply carries so many locks at a time; the place of one that was energised is free again after a gap; a lock that was
energised rests for a while before it may be again. Claims wait their turn here, never on a port, so a waiting unlock
keeps no board from being polled. Limits: page "Lock electrics, safe defaults" of the lock board notes (Kerong 500 ms
for an electromagnet and 1000 ms for a motor, settable to 24 s, which no cabinet coil survives).
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple

from firmware_bridge.misfit import Misfit
from firmware_bridge.timers import Timers


class LockKind(StrEnum):
    """What moves the bolt."""

    ELECTROMAGNET = "electromagnet"
    MOTOR = "motor"


SHORTEST_PULSE_MS = 50
CAP_MS: Mapping[LockKind, int] = {LockKind.ELECTROMAGNET: 1_000, LockKind.MOTOR: 3_000}
"""The longest pulse that each kind of lock is ever given."""
NO_LOCK_STANDS_MS = 10_000
"""Refused whatever the kind: a number like this is a slip of the pen, or seconds taken for milliseconds."""
LEAST_COOLDOWN_MS = 2_000


def check_pulse(pulse_ms: int, kind: LockKind, key: str = "pulse_ms") -> None:
    """Raise `Misfit`, with a sentence, for a pulse that cannot move a lock of this kind or would harm it. `key` is the
    one in the configuration that says how long it is.
    """
    if pulse_ms > NO_LOCK_STANDS_MS:
        why = f"is refused for every lock: none stands {NO_LOCK_STANDS_MS} ms"
    elif pulse_ms > CAP_MS[kind]:
        why = f"is too long for a lock of kind {kind}: at most {CAP_MS[kind]} ms"
    elif pulse_ms < SHORTEST_PULSE_MS:
        why = f"moves no lock: at least {SHORTEST_PULSE_MS} ms"
    else:
        return
    raise Misfit(key, f"a pulse of {pulse_ms} ms {why}")


def cooldown_ms(pulse_ms: int) -> int:
    """How long a lock rests after a pulse of `pulse_ms`: three times as long, at least 2 s."""
    return max(3 * pulse_ms, LEAST_COOLDOWN_MS)


class Lock(NamedTuple):
    """One lock of the cabinet: the board's name and the channel printed on it."""

    board: str
    channel: int


@dataclass(frozen=True, slots=True)
class SupplyRules:
    """What one supply carries. Raises ValueError for less than one lock at a time or a negative gap."""

    name: str
    max_energised: int = 1
    gap_ms: int = 300

    def __post_init__(self) -> None:
        if self.max_energised < 1:
            raise ValueError(f"supply {self.name}: max_energised is {self.max_energised}, but it must be 1 or more")
        if self.gap_ms < 0:
            raise ValueError(f"supply {self.name}: gap_ms is {self.gap_ms}, but it must be 0 or more")


@dataclass(frozen=True, slots=True)
class Claim:
    """One pulse that is wanted. `number` tells claims apart and is their order."""

    number: int
    lock: Lock
    pulse_ms: int


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the supply that a claim was given; free again at `free_ms`, with None not before it is told."""

    claim: Claim
    free_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """All that a supply remembers."""

    waiting: tuple[Claim, ...] = ()
    taken: tuple[Place, ...] = ()
    resting: Mapping[Lock, int] = field(default_factory=dict)
    """When each lock that was energised lately may be again."""


def grant(load: Load, rules: SupplyRules, now_ms: int) -> tuple[Load, tuple[Claim, ...]]:
    """Give places to the claims whose turn it is, in their order; a claim whose lock rests lets others pass."""
    taken = [place for place in load.taken if place.free_ms is None or place.free_ms > now_ms]
    resting = {lock: until_ms for lock, until_ms in load.resting.items() if until_ms > now_ms}
    waiting, granted = [], []
    for claim in load.waiting:
        busy = claim.lock in resting or any(place.claim.lock == claim.lock for place in taken)
        if busy or len(taken) >= rules.max_energised:
            waiting.append(claim)
        else:
            granted.append(claim)
            taken.append(Place(claim))
    return Load(tuple(waiting), tuple(taken), resting), tuple(granted)


def over(load: Load, rules: SupplyRules, claim: Claim, end_ms: int) -> Load:
    """The pulse of `claim` ends, or ended, at `end_ms`."""
    taken = tuple(Place(it.claim, end_ms + rules.gap_ms) if it.claim == claim else it for it in load.taken)
    return replace(load, taken=taken, resting={**load.resting, claim.lock: end_ms + cooldown_ms(claim.pulse_ms)})


def unused(load: Load, claim: Claim) -> Load:
    """Nothing was energised for `claim`: its place is free at once."""
    return replace(load, taken=tuple(place for place in load.taken if place.claim != claim))


def next_ms(load: Load) -> int | None:
    """When `grant` may find more to give, None while nobody waits or only being told can change anything."""
    if not load.waiting:
        return None
    frees = [place.free_ms for place in load.taken if place.free_ms is not None]
    rested = [until_ms for claim in load.waiting if (until_ms := load.resting.get(claim.lock)) is not None]
    return min([*frees, *rested], default=None)


class Turn:
    """A claim whose turn has come. Whoever holds it tells, once, what became of it; the supply waits until then."""

    def __init__(self, supply: "Supply", claim: Claim) -> None:
        self._supply = supply
        self._claim = claim

    def began(self) -> None:
        """The pulse began just now, and the board or its lock ends it by itself after the pulse length claimed."""
        self._supply.settle(self._claim, after_ms=self._claim.pulse_ms)

    def over(self) -> None:
        """The pulse, timed by us, ended just now."""
        self._supply.settle(self._claim, after_ms=0)

    def unused(self) -> None:
        """Nothing was energised."""
        self._supply.settle(self._claim, after_ms=None)


@dataclass(frozen=True, slots=True)
class _Waiting:
    start: Callable[[Turn], None]
    dropped: Callable[[], None]


class Supply:
    """One power supply, shared by every board that hangs on it. Every method is safe from any thread."""

    def __init__(self, rules: SupplyRules, timers: Timers) -> None:
        self.rules = rules
        self._timers = timers
        self._guard = threading.Lock()
        self._load = Load()
        self._numbers = 0
        self._callers: dict[Claim, _Waiting] = {}
        self._woken_ms: int | None = None
        self._stopped = False

    def claim(
        self, lock: Lock, pulse_ms: int, kind: LockKind, start: Callable[[Turn], None], dropped: Callable[[], None]
    ) -> None:
        """Ask for one pulse of `pulse_ms`. `start` is called when its turn comes: at once, on this thread, when the
        supply is free, otherwise on the timers' thread. `dropped` is called instead if the claim is withdrawn first.
        Neither may block. A supply that stands still drops it at once. Raises ValueError for a pulse length that a lock
        of this kind must not be given.
        """
        check_pulse(pulse_ms, kind)
        with self._guard:
            stopped = self._stopped
            if not stopped:
                self._numbers += 1
                claim = Claim(self._numbers, lock, pulse_ms)
                self._callers[claim] = _Waiting(start, dropped)
                self._load = replace(self._load, waiting=(*self._load.waiting, claim))
        if stopped:
            dropped()
        else:
            self._go_on()

    def withdraw(self, board: str) -> None:
        """Drop the claims of `board` that still wait. One whose turn has come is not called back any more."""
        self._drop(lambda claim: claim.lock.board == board)

    def stop(self) -> None:
        """Energise nothing more until `resume`: what waits is dropped, and so is what comes. A pulse that runs is
        ended by whoever times it.
        """
        with self._guard:
            self._stopped = True
        self._drop(lambda claim: True)

    def resume(self) -> None:
        """Take claims again. Nothing that was dropped comes back."""
        with self._guard:
            self._stopped = False

    def _drop(self, is_meant: Callable[[Claim], bool]) -> None:
        with self._guard:
            gone = [claim for claim in self._load.waiting if is_meant(claim)]
            self._load = replace(self._load, waiting=tuple(it for it in self._load.waiting if it not in gone))
            callers = [self._callers.pop(claim) for claim in gone]
        for caller in callers:
            caller.dropped()

    def settle(self, claim: Claim, after_ms: int | None) -> None:
        """What a `Turn` tells: the pulse ends `after_ms` from now, or with None nothing was energised."""
        with self._guard:
            if after_ms is None:
                self._load = unused(self._load, claim)
            else:
                self._load = over(self._load, self.rules, claim, self._timers.now_ms() + after_ms)
        self._go_on()

    def _go_on(self) -> None:
        with self._guard:
            now_ms = self._timers.now_ms()
            self._load, granted = grant(self._load, self.rules, now_ms)
            starts = [(self._callers.pop(claim).start, claim) for claim in granted]
            wake_ms, asked_ms = next_ms(self._load), self._woken_ms
            self._woken_ms = wake_ms
        if wake_ms is not None and wake_ms != asked_ms:
            self._timers.call_later(max(wake_ms - now_ms, 1), self._go_on)
        for start, claim in starts:
            start(Turn(self, claim))
