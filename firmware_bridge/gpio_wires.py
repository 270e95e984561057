"""The lines of one board as gpiozero devices: taken, read, switched off and given back, with a named fault for each."""

import errno
import threading
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from gpiozero import DigitalInputDevice, OutputDevice
from gpiozero.exc import GPIOPinInUse, GPIOZeroError

from firmware_bridge.board_spec import ChannelLines, Pull
from firmware_bridge.faults import BoardFault, FaultKind
from firmware_bridge.timed_pulse import NotSwitched, Output


def _errors_of_lgpio() -> tuple[type[Exception], ...]:
    """Gpiozero lets the errors of this library, where it is installed, pass as they are."""
    return (import_module("lgpio").error,) if find_spec("lgpio") is not None else ()


PIN_ERRORS = (OSError, GPIOZeroError, *_errors_of_lgpio())
"""What a pin raises when its line cannot be had, or is gone."""

KERNEL_DEBOUNCE_S: Final = 0.005
FAULTS: Final = {
    errno.EBUSY: FaultKind.LINE_BUSY,
    errno.EACCES: FaultKind.PORT_DENIED,
    errno.EPERM: FaultKind.PORT_DENIED,
}


def pin_name(lines: ChannelLines, line: int | str) -> int | str:
    """The name of a line as a pin factory takes it."""
    return line if lines.chip is None else f"{lines.chip}:{line}"


def line_fault(board: str, pin: int | str, error: Exception) -> BoardFault:
    """What it means that a pin could not be had, or used."""
    if isinstance(error, GPIOPinInUse):
        kind = FaultKind.LINE_BUSY
    else:
        kind = FAULTS.get(getattr(error, "errno", 0), FaultKind.LINE_MISSING)
    return BoardFault(board, kind, f"line {pin}: {error}")


def take_lock(lines: ChannelLines, pins: Any) -> Any:
    """The lock's line as an output, off from its first moment on. Raises one of PIN_ERRORS."""
    pin = pin_name(lines, lines.lock_line if lines.lock_line is not None else "")
    return OutputDevice(pin, active_high=lines.active_high, initial_value=False, pin_factory=pins)


def safe_off(board: str, lines: Iterable[ChannelLines], pins: Any) -> list[BoardFault]:
    """Switch every lock of a board off and let go of its line; returns the lines where that failed, and why.

    For a program that comes after one that was killed: whoever still holds a line keeps it as it is.
    """
    faults = []
    for each in lines:
        if each.lock_line is None:
            continue
        try:
            take_lock(each, pins).close()
        except PIN_ERRORS as error:
            faults.append(line_fault(board, pin_name(each, each.lock_line), error))
    return faults


class LockLine:
    """A lock's line as an `Output`, off from its first moment on. A line whose chip was away is taken anew, and then
    off again. Safe from any thread.
    """

    def __init__(self, board: str, channel: int, lines: ChannelLines, pins: Any) -> None:
        """Raises one of PIN_ERRORS where the line cannot be had."""
        self._board = board
        self._channel = channel
        self._lines = lines
        self._pins = pins
        self._guard = threading.RLock()
        self._device = take_lock(lines, pins)
        self.there = True
        """Whether the line could be had when it was last looked at."""

    def on(self) -> None:
        """Switch it on."""
        with self._guard:
            try:
                self._device.on()
            except PIN_ERRORS as error:
                self.there = False
                raise self._not_switched(error) from error

    def off(self) -> None:
        """Switch it off."""
        with self._guard:
            try:
                self._device.off()
            except PIN_ERRORS:
                self._take_anew()

    def look_after(self) -> None:
        """Take the line anew if its chip was away. Raises NotSwitched while it cannot be had."""
        with self._guard:
            if self._device.closed or not self._answers():
                self._take_anew()

    def close(self) -> None:
        """Let go of the line, as it is."""
        self._device.close()

    def _answers(self) -> bool:
        try:
            return self._device.pin.state is not None
        except PIN_ERRORS:
            return False

    def _take_anew(self) -> None:
        self.there = False
        self._device.close()
        try:
            self._device = take_lock(self._lines, self._pins)
        except PIN_ERRORS as error:
            raise self._not_switched(error) from error
        self.there = True

    def _not_switched(self, error: Exception) -> NotSwitched:
        return NotSwitched(line_fault(self._board, f"of lock {self._channel}", error), reached=True)


class GpioWires:
    """The lines of one board. For one thread at a time."""

    def __init__(self, board: str, lines: Mapping[int, ChannelLines], pins: Any, pull: Pull) -> None:
        """`pins` is a gpiozero pin factory."""
        self._board = board
        self._lines = lines
        self._pins = pins
        self._pull = pull
        self._outputs: dict[int, LockLine] = {}
        self._inputs: dict[int, Any] = {}

    def take(self, edge: Callable[[int], None]) -> dict[int, BoardFault]:
        """Take every line not held yet, the locks' first. `edge` is called with the channel, on the pins' thread, when
        a door's line changed. Returns the fault of each channel that has one.
        """
        faults = self.look_after_locks()
        for take in (self._take_lock, partial(self._take_door, edge=edge)):
            for channel, lines in self._lines.items():
                try:
                    take(channel, lines)
                except PIN_ERRORS as error:
                    faults.setdefault(channel, line_fault(self._board, f"of channel {channel}", error))
        return faults

    def output(self, channel: int) -> Output | None:
        """The output of a channel's lock; None while its line is not held, or its chip away."""
        line = self._outputs.get(channel)
        return line if line is not None and line.there else None

    def look_after_locks(self) -> dict[int, BoardFault]:
        """See that the locks' lines are still there. Returns the fault of each whose line is not."""
        faults = {}
        for channel, line in self._outputs.items():
            try:
                line.look_after()
            except NotSwitched as gone:
                faults[channel] = gone.fault
        return faults

    def level(self, channel: int) -> bool | None:
        """Whether the door's line is high; None while it is not held. Raises one of PIN_ERRORS if it is gone."""
        device = self._inputs.get(channel)
        return None if device is None else bool(device.pin.state)

    def edge_age_ms(self, channel: int) -> int:
        """How long ago the kernel saw the last edge of a door's line; 0 where it saw none."""
        device = self._inputs.get(channel)
        since_s = None if device is None else device.active_time or device.inactive_time
        return 0 if since_s is None else max(0, int(since_s * 1000))

    def drop(self, channel: int) -> None:
        """Let go of a channel's door line, which is gone."""
        self._inputs.pop(channel).close()

    def give_back(self) -> dict[int, BoardFault]:
        """Switch every lock off and let go of every line. Returns the fault of each that could not be switched off."""
        faults = {}
        for channel, output in self._outputs.items():
            try:
                output.off()
            except NotSwitched as failed:
                faults[channel] = BoardFault(self._board, FaultKind.STUCK, f"lock {channel} may still be on: {failed}")
        for device in (*self._outputs.values(), *self._inputs.values()):
            device.close()
        self._outputs.clear()
        self._inputs.clear()
        return faults

    def _take_lock(self, channel: int, lines: ChannelLines) -> None:
        if lines.lock_line is not None and channel not in self._outputs:
            self._outputs[channel] = LockLine(self._board, channel, lines, self._pins)

    def _take_door(self, channel: int, lines: ChannelLines, edge: Callable[[int], None]) -> None:
        if lines.door_line is not None and channel not in self._inputs:
            device = DigitalInputDevice(
                pin_name(lines, lines.door_line),
                pull_up={Pull.UP: True, Pull.DOWN: False, Pull.NONE: None}[self._pull],
                active_state=True if self._pull is Pull.NONE else None,
                bounce_time=KERNEL_DEBOUNCE_S,
                pin_factory=self._pins,
            )
            device.when_activated = device.when_deactivated = partial(edge, channel)
            self._inputs[channel] = device
