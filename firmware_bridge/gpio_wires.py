"""The lines of one board as gpiozero devices: taken, read, switched off and given back, with a named fault for each."""

import errno
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from gpiozero import DigitalInputDevice, OutputDevice
from gpiozero.exc import GPIOPinInUse, GPIOZeroError

from firmware_bridge.board_spec import ChannelLines, Pull
from firmware_bridge.faults import BoardFault, FaultKind
from firmware_bridge.timed_pulse import NotSwitched, Output

PIN_ERRORS = (OSError, GPIOZeroError)
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


def line_fault(board: str, pin: int | str, error: OSError | GPIOZeroError) -> BoardFault:
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


@dataclass(frozen=True, slots=True)
class _LockLine:
    """A lock's line as an `Output`."""

    board: str
    channel: int
    device: Any

    def on(self) -> None:
        """Switch it on."""
        self._switch(self.device.on)

    def off(self) -> None:
        """Switch it off."""
        self._switch(self.device.off)

    def _switch(self, switch: Callable[[], None]) -> None:
        try:
            switch()
        except PIN_ERRORS as error:
            raise NotSwitched(line_fault(self.board, f"of lock {self.channel}", error), reached=True) from error


class GpioWires:
    """The lines of one board. For one thread at a time."""

    def __init__(self, board: str, lines: Mapping[int, ChannelLines], pins: Any, pull: Pull) -> None:
        """`pins` is a gpiozero pin factory."""
        self._board = board
        self._lines = lines
        self._pins = pins
        self._pull = pull
        self._outputs: dict[int, Any] = {}
        self._inputs: dict[int, Any] = {}

    def take(self, edge: Callable[[int], None]) -> dict[int, BoardFault]:
        """Take every line not held yet, the locks' first. `edge` is called with the channel, on the pins' thread, when
        a door's line changed. Returns the fault of each channel that has one.
        """
        faults: dict[int, BoardFault] = {}
        for take in (self._take_lock, partial(self._take_door, edge=edge)):
            for channel, lines in self._lines.items():
                try:
                    take(channel, lines)
                except PIN_ERRORS as error:
                    faults.setdefault(channel, line_fault(self._board, f"of channel {channel}", error))
        return faults

    def output(self, channel: int) -> Output | None:
        """The output of a channel's lock; None while its line is not held."""
        device = self._outputs.get(channel)
        return None if device is None else _LockLine(self._board, channel, device)

    def level(self, channel: int) -> bool | None:
        """Whether the door's line is high; None while it is not held. Raises one of PIN_ERRORS if it is gone."""
        device = self._inputs.get(channel)
        return None if device is None else bool(device.pin.state)

    def drop(self, channel: int) -> None:
        """Let go of a channel's door line, which is gone."""
        self._inputs.pop(channel).close()

    def give_back(self) -> dict[int, BoardFault]:
        """Switch every lock off and let go of every line. Returns the fault of each that could not be switched off."""
        faults = {}
        for channel, output in self._outputs.items():
            try:
                output.off()
            except PIN_ERRORS as error:
                faults[channel] = BoardFault(self._board, FaultKind.STUCK, f"lock {channel} is still on: {error}")
        for device in (*self._outputs.values(), *self._inputs.values()):
            device.close()
        self._outputs.clear()
        self._inputs.clear()
        return faults

    def _take_lock(self, channel: int, lines: ChannelLines) -> None:
        if lines.lock_line is not None and channel not in self._outputs:
            self._outputs[channel] = take_lock(lines, self._pins)

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
