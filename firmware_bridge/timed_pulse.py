"""Pulses that software times: each is ended once, by whoever comes first, and by somebody in any case."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol

from firmware_bridge.faults import BoardFault
from firmware_bridge.misfit import Misfit
from firmware_bridge.supply import LockKind, Turn, check_pulse
from firmware_bridge.timers import Timers

GRACE_MS: Final = 40
"""How long after its end a pulse is ended by the guard."""
INSIST_MS: Final = 100
"""How often an output that could not be switched off is tried again."""


class NotSwitched(Exception):
    """An output could not be switched, and why. `reached`: whether it may have been all the same."""

    def __init__(self, fault: BoardFault, *, reached: bool) -> None:
        super().__init__(fault.detail)
        self.fault = fault
        self.reached = reached


class Output(Protocol):
    """What energises one lock for as long as it is on. Both methods raise NotSwitched."""

    def on(self) -> None:
        """Switch it on; once, whatever comes of it."""

    def off(self) -> None:
        """Switch it off. This may be said again and again."""


@dataclass(frozen=True, slots=True)
class PulseTiming:
    """How long a lock's output is on, and what keeps the lock from burning should it stay so.

    `one_shot_ms`: a monostable behind it lets the current through for this long, whatever the output does.
    `continuous_duty`: the lock stands the current for ever. Raises ValueError without either, or for a pulse that
    cannot be.
    """

    pulse_ms: int
    kind: LockKind = LockKind.ELECTROMAGNET
    one_shot_ms: int | None = None
    continuous_duty: bool = False

    def __post_init__(self) -> None:
        if self.one_shot_ms is None and not self.continuous_duty:
            raise Misfit(
                "one_shot_ms",
                "a lock whose pulse is timed by software burns if the program dies in it: fit a one-shot and set"
                " one_shot_ms, or use a lock for continuous duty and set continuous_duty = true",
            )
        check_pulse(self.pulse_ms, self.kind)
        check_pulse(self.energised_ms, self.kind, "one_shot_ms")

    @property
    def energised_ms(self) -> int:
        """How long the supply is loaded."""
        return max(self.pulse_ms, self.one_shot_ms or 0)


@dataclass(slots=True, eq=False)
class _Pulse:
    channel: int
    output: Output
    turn: Turn
    over: bool = False
    tried: bool = False
    """Whether it could not be ended at first: then who ends it at last tells nothing about the worker."""


class TimedPulses:
    """The pulses of one board, each ended by `work` and, should its thread be held up, `grace_ms` later by `guard`.

    Until the output has been switched off the supply stays taken. `stuck` is told of a channel whose pulse was not
    ended in time or not at all, with the reason, and of one that was ended again as it should be, with None.
    """

    def __init__(
        self,
        timing: PulseTiming,
        work: Timers,
        guard: Timers,
        stuck: Callable[[int, str | None], None],
        *,
        grace_ms: int = GRACE_MS,
    ) -> None:
        self._timing = timing
        self._work = work
        self._guard = guard
        self._stuck = stuck
        self._grace_ms = grace_ms
        self._lock = threading.Lock()
        self._running: list[_Pulse] = []

    @property
    def running(self) -> bool:
        """Whether a pulse has not been ended yet."""
        return any(not pulse.over for pulse in list(self._running))

    def give(self, channel: int, output: Output, turn: Turn) -> None:
        """Begin a pulse. Raises NotSwitched if the output could not be switched on; where it may have been, it is
        switched off, and the turn counts as used, for the current may have flowed.
        """
        pulse = _Pulse(channel, output, turn)
        self._running.append(pulse)
        self._guard.call_later(self._timing.pulse_ms + self._grace_ms, partial(self._end_late, pulse))
        try:
            output.on()
        except NotSwitched as failed:
            if failed.reached:
                self._end(pulse)
            else:
                self._forget(pulse)
            raise
        self._work.call_later(self._timing.pulse_ms, partial(self._end, pulse))

    def end_early(self) -> None:
        """End what runs before its time, as soon as the output can be reached. On the worker's thread."""
        for pulse in list(self._running):
            self._end(pulse)

    def end_all(self) -> None:
        """End what still runs. For when both timers are closed."""
        for pulse in list(self._running):
            self._switch_off(pulse, self._guard)
            if pulse.over:
                self._over(pulse)

    def _end(self, pulse: _Pulse) -> None:
        if self._switch_off(pulse, self._work):
            self._stuck(pulse.channel, None)
            self._work.call_later(self._timing.energised_ms - self._timing.pulse_ms, partial(self._over, pulse))

    def _end_late(self, pulse: _Pulse) -> None:
        if self._switch_off(pulse, self._guard):
            late = f"a pulse had to be ended by the guard, {self._grace_ms} ms late"
            self._stuck(pulse.channel, None if pulse.tried else late)
            self._guard.call_later(self._timing.energised_ms - self._timing.pulse_ms, partial(self._over, pulse))

    def _switch_off(self, pulse: _Pulse, timers: Timers) -> bool:
        """Whether this call ended the pulse. One that fails is repeated until the line is off."""
        with self._lock:
            if pulse.over:
                return False
            try:
                pulse.output.off()
            except NotSwitched as error:
                failed, pulse.tried = error, True
            else:
                pulse.over = True
                return True
        self._stuck(pulse.channel, f"could not be switched off: {failed}")
        if pulse.over:  # the other thread was quicker, and has told so already
            self._stuck(pulse.channel, None)
        timers.call_later(INSIST_MS, partial(self._end_late if timers is self._guard else self._end, pulse))
        return False

    def _forget(self, pulse: _Pulse) -> None:
        with self._lock:
            ended, pulse.over = pulse.over, True
            if not ended:
                self._running.remove(pulse)
        if not ended:
            pulse.turn.unused()

    def _over(self, pulse: _Pulse) -> None:
        with self._lock:
            self._running.remove(pulse)
        pulse.turn.over()
