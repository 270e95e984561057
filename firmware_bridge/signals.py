"""Lights and a buzzer on GPIO lines, as gpiozero devices on any of its pin factories. None of them can be a lock.

They are taken with their inactive level, and looked for again by themselves where they cannot be had. Their thread is
their own: a slow expander holds nobody up.
"""

import threading
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any, Final, Protocol

from gpiozero import OutputDevice
from gpiozero.exc import GPIOZeroError

from firmware_bridge.faults import BoardFault, FaultKind
from firmware_bridge.gpio_wires import PIN_ERRORS, line_fault
from firmware_bridge.parts import Part, PartState, part_with
from firmware_bridge.signal_spec import BUZZER, NAME, PATTERNS, Light, SignalLine, Sound
from firmware_bridge.timers import ThreadTimers, Timers

BLINK_MS: Final = 500
RETAKE_MS: Final = 2_000


def find_signals(lines: Mapping[str, SignalLine], pins: Any) -> Part:
    """Whether every line is there; none is taken. `pins` is a gpiozero pin factory."""
    for line in lines.values():
        try:
            pins.pin(line.pin)
        except PIN_ERRORS as error:
            return part_with(line_fault(NAME, line.pin, error))
    return Part(NAME, PartState.FOUND, "there are the lines of: " + ", ".join(lines))


def signals_off(lines: Mapping[str, SignalLine], pins: Any, kept_from: Collection[int | str]) -> list[BoardFault]:
    """Switch everything off after a program that was killed; returns the lines where that failed, and why."""
    faults = []
    for name, line in lines.items():
        try:
            _take_off(name, line, pins, kept_from).close()
        except _TAKING_FAILS as error:
            faults.append(_fault_of(line, error))
    return faults


class _NotOurs(Exception):
    """The line of a lock or a door, under whatever name."""


_TAKING_FAILS = (*PIN_ERRORS, _NotOurs)


def _take_off(name: str, line: SignalLine, pins: Any, kept_from: Collection[int | str]) -> Any:
    """Take one output, off from its first moment on. Raises one of _TAKING_FAILS."""
    pin = pins.pin(line.pin)
    for other in kept_from:
        try:
            taken = pins.pin(other) is pin
        except PIN_ERRORS:
            continue  # a line that this factory does not know is none that it could take
        if taken:
            raise _NotOurs(f"line {line.pin} ({name}) belongs to a lock or a door")
    return OutputDevice(line.pin, active_high=line.active_high, initial_value=False, pin_factory=pins)


def _fault_of(line: SignalLine, error: OSError | GPIOZeroError | _NotOurs) -> BoardFault:
    if isinstance(error, _NotOurs):
        return BoardFault(NAME, FaultKind.LINE_BUSY, str(error))
    return line_fault(NAME, line.pin, error)


class OwnTimers(Timers, Protocol):
    """A clock with a thread of its own."""

    def close(self) -> None:
        """End it; calls still owed are not made."""


class Signals:
    """The outputs by name. Every method may be called from any thread and returns at once; closed ones do nothing."""

    def __init__(
        self,
        lines: Mapping[str, SignalLine],
        pins: Any,
        *,
        kept_from: Collection[int | str],
        fault: Callable[[BoardFault | None], None],
        timers: Callable[[str], OwnTimers] = ThreadTimers,
    ) -> None:
        """`pins` is a gpiozero pin factory; `kept_from` are the pins of locks and doors, whatever name they go by.

        `fault` is told, on the signals' thread, of a line that cannot be had or used, and with None that all can.
        """
        self._lines = lines
        self._pins = pins
        self._kept_from = kept_from
        self._fault = fault
        self._make_timers = timers
        self._timers: OwnTimers | None = None
        self._state = threading.Lock()
        self._outputs: dict[str, Any] = {}
        self._faults: dict[str, BoardFault] = {}
        self._told: BoardFault | None = None
        self._lights: dict[str, Light] = {}
        self._lit = True
        self._blinking = False
        self._retaking = False
        self._sound: Sound | None = None
        self._sounds = 0

    def open(self) -> None:
        """Take the lines, all of them off."""
        self._timers = self._make_timers(NAME)
        self._later(self._take)

    def show(self, name: str, light: Light) -> None:
        """Let a light be so from now on; one that there is none of is not missed."""
        self._later(partial(self._show, name, light))

    def sound(self, sound: Sound) -> None:
        """Play this once, unless something more urgent is playing."""
        self._later(partial(self._play, sound))

    def stop_asking(self) -> None:
        """No more reminder and no alarm: every door is closed."""
        self._later(self._stop_asking)

    def close(self) -> None:
        """Everything off and given back, and the thread at its end."""
        with self._state:
            timers, self._timers = self._timers, None
        if timers is None:
            return
        timers.close()
        for name in list(self._outputs):
            self._drive(name, on=False)
        for output in self._outputs.values():
            output.close()
        self._outputs.clear()

    def _later(self, call: Callable[[], None], delay_ms: int = 0) -> None:
        with self._state:
            if self._timers is not None:
                self._timers.call_later(delay_ms, call)

    def _take(self) -> None:
        self._retaking = False
        for name in self._lines.keys() - self._outputs.keys():
            line = self._lines[name]
            try:
                self._outputs[name] = _take_off(name, line, self._pins, self._kept_from)
            except _TAKING_FAILS as error:
                self._faults[name] = _fault_of(line, error)
            else:
                self._faults.pop(name, None)
                self._apply(name)
        self._tell()

    def _show(self, name: str, light: Light) -> None:
        if self._lights.get(name, Light.OFF) is light:
            return
        self._lights[name] = light
        if light is Light.BLINKING and not self._blinking:
            self._blinking = True
            self._lit = True
            self._later(self._blink, BLINK_MS)
        self._apply(name)

    def _blink(self) -> None:
        blinking = [name for name, light in self._lights.items() if light is Light.BLINKING]
        self._lit = not self._lit
        for name in blinking:
            self._apply(name)
        self._blinking = bool(blinking)
        if blinking:
            self._later(self._blink, BLINK_MS)

    def _apply(self, name: str) -> None:
        light = self._lights.get(name, Light.OFF)
        self._drive(name, on=light is Light.ON or (light is Light.BLINKING and self._lit))

    def _drive(self, name: str, *, on: bool) -> None:
        output = self._outputs.get(name)
        if output is None:
            return
        try:
            output.value = on
        except PIN_ERRORS as error:
            self._outputs.pop(name).close()
            self._faults[name] = line_fault(NAME, self._lines[name].pin, error)
            self._tell()

    def _play(self, sound: Sound) -> None:
        if self._sound is None or sound.urgency >= self._sound.urgency:
            self._sound = sound
            self._sounds += 1
            self._step(self._sounds, 0)

    def _step(self, number: int, step: int) -> None:
        """On and off in turn; a newer sound ends an older one."""
        if number != self._sounds or self._sound is None:
            return
        steps = PATTERNS[self._sound]
        if step == len(steps):
            self._hush()
            return
        self._drive(BUZZER, on=step % 2 == 0)
        self._later(partial(self._step, number, step + 1), steps[step])

    def _stop_asking(self) -> None:
        if self._sound in (Sound.REMINDER, Sound.ALARM):
            self._hush()

    def _hush(self) -> None:
        self._sound = None
        self._drive(BUZZER, on=False)

    def _tell(self) -> None:
        """Tell of the first fault there is, and look for its line again in a while."""
        fault = next(iter(self._faults.values()), None)
        if fault is not None and not self._retaking:
            self._retaking = True
            self._later(self._take, RETAKE_MS)
        if fault != self._told:
            self._told = fault
            self._fault(fault)
