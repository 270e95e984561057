"""Pulses that software times: each is ended once, by whoever comes first, and by somebody in any case."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from firmware_bridge.gpio_wires import PIN_ERRORS
from firmware_bridge.misfit import Misfit
from firmware_bridge.supply import LockKind, Turn, check_pulse
from firmware_bridge.timers import Timers

GRACE_MS: Final = 40
"""How long after its end a pulse is ended by the guard."""
INSIST_MS: Final = 100
"""How often a line that could not be switched off is tried again."""


@dataclass(frozen=True, slots=True)
class PulseTiming:
    """How long a lock's line is active, and what keeps the lock from burning should it stay so.

    `one_shot_ms`: a monostable on the board lets the current through for this long, whatever the line does.
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
    output: Any
    turn: Turn
    over: bool = False


class TimedPulses:
    """The pulses of one board, each ended by `work` and, should its thread be held up, a moment later by `guard`.

    Until the line has been switched off the supply stays taken. `stuck` is told of a channel whose pulse was not ended
    in time or not at all, with the reason, and of one that was ended again as it should be, with None.
    """

    def __init__(
        self, timing: PulseTiming, work: Timers, guard: Timers, stuck: Callable[[int, str | None], None]
    ) -> None:
        self._timing = timing
        self._work = work
        self._guard = guard
        self._stuck = stuck
        self._lock = threading.Lock()
        self._running: list[_Pulse] = []

    def give(self, channel: int, output: Any, turn: Turn) -> None:
        """Begin a pulse on `output`, a gpiozero `OutputDevice`. Raises one of PIN_ERRORS if the line could not be
        switched on; it is then switched off, and the turn counts as used, for the current may have flowed.
        """
        pulse = _Pulse(channel, output, turn)
        self._running.append(pulse)
        self._guard.call_later(self._timing.pulse_ms + GRACE_MS, partial(self._end_late, pulse))
        try:
            output.on()
        except PIN_ERRORS:
            self._end(pulse)
            raise
        self._work.call_later(self._timing.pulse_ms, partial(self._end, pulse))

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
            self._stuck(pulse.channel, f"a pulse had to be ended by the guard, {GRACE_MS} ms late")
            self._guard.call_later(self._timing.energised_ms - self._timing.pulse_ms, partial(self._over, pulse))

    def _switch_off(self, pulse: _Pulse, timers: Timers) -> bool:
        """Whether this call ended the pulse. One that fails is repeated until the line is off."""
        with self._lock:
            if pulse.over:
                return False
            try:
                pulse.output.off()
            except PIN_ERRORS as error:
                failed = error
            else:
                pulse.over = True
                return True
        self._stuck(pulse.channel, f"could not be switched off: {failed}")
        timers.call_later(INSIST_MS, partial(self._end_late if timers is self._guard else self._end, pulse))
        return False

    def _over(self, pulse: _Pulse) -> None:
        with self._lock:
            self._running.remove(pulse)
        pulse.turn.over()
