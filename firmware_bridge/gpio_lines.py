"""A gpiozero pin factory on libgpiod v2: any line of any chip, on any machine with a kernel that has one.

Unlike gpiozero's own, it requests an output *with* its level in one step, so an active-low relay does not click when
it is taken; it asks for no Raspberry Pi revision; and edges come from the kernel with the kernel's debounce and time.

A pin is named by its offset on the default chip (17), by a line's name on it ("GPIO17"), or with its chip, which is a
device or a label ("/dev/gpiochip2:5", "mcp23017:5"). gpiozero passes levels, not activity: 1 is high whatever
`active_high` says.
"""

import errno
import os
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from types import MethodType
from typing import Any, Final
from weakref import WeakMethod, ref

import gpiod
from gpiod.line import Bias, Clock, Direction, Edge, Value
from gpiozero.exc import (
    GPIOPinInUse,
    PinInvalidBounce,
    PinInvalidEdges,
    PinInvalidFunction,
    PinInvalidPull,
    PinSetInput,
    PinUnknownPi,
)
from gpiozero.pins import Factory, Pin, PinInfo

from firmware_bridge.gpio_chips import LineId, LineRequest, OpenChip, chip_device, header_chip, real_chip
from firmware_bridge.gpio_edges import EdgeWatch

CONSUMER: Final = "locker"
NO_EDGES: Final = (errno.ENXIO, errno.EOPNOTSUPP)
BIASES: Final = {"up": Bias.PULL_UP, "down": Bias.PULL_DOWN, "floating": Bias.DISABLED}
EDGES: Final = {"none": Edge.NONE, "both": Edge.BOTH, "rising": Edge.RISING, "falling": Edge.FALLING}
RISING: Final = gpiod.EdgeEvent.Type.RISING_EDGE

WhenChanged = Callable[[float, bool], None]


class LineFactory(Factory):  # type: ignore[misc]  # gpiozero ships no annotations
    """Makes gpiozero pins of chip lines. `default_chip` is the chip of pins named without one: the header's."""

    def __init__(self, open_chip: OpenChip = real_chip, default_chip: str | None = None) -> None:
        super().__init__()
        self._open_chip = open_chip
        self._default_chip = default_chip
        self._lines: dict[int | str, LineId] = {}
        self._pins: dict[LineId, LinePin] = {}
        self._users: dict[LineId, ref[Any]] = {}
        self._watch = EdgeWatch()

    def pin(self, name: int | str) -> "LinePin":
        """The pin of a line, always the same one. Raises OSError if there is no such chip or line."""
        line = self._line(name)
        if line not in self._pins:
            self._pins[line] = LinePin(self, line)
        return self._pins[line]

    def reserve_pins(self, requester: Any, *names: int | str) -> None:
        """Let one device at a time use a line. Raises GPIOPinInUse if another of ours does."""
        with self._res_lock:
            for name in names:
                line = self._line(name)
                user = self._users[line]() if line in self._users else None
                if user is not None and user is not requester:
                    raise GPIOPinInUse(f"line {line} is already in use by {user!r}")
                self._users[line] = ref(requester)

    def release_pins(self, reserver: Any, *names: int | str) -> None:
        """Give lines back that `reserver` used."""
        with self._res_lock:
            for line in map(self._line, names):
                if line in self._users and self._users[line]() in (reserver, None):
                    del self._users[line]

    def close(self) -> None:
        """Let go of every line."""
        for pin in self._pins.values():
            pin.close()
        self._pins.clear()

    @staticmethod
    def ticks() -> float:
        """Monotonic seconds, the clock of the kernel's edge times."""
        return time.monotonic()

    @staticmethod
    def ticks_diff(later: float, earlier: float) -> float:
        """Seconds between two ticks."""
        return later - earlier

    def request(self, line: LineId, settings: gpiod.LineSettings) -> LineRequest:
        """Hold a line. Raises OSError, with EBUSY if someone else holds it."""
        chip = self._open_chip(line.chip)
        try:
            return chip.request_lines({line.offset: settings}, consumer=CONSUMER)
        finally:
            chip.close()

    def watch(self, pin: "LinePin", descriptor: int) -> None:
        """Call the pin's `edges_came` whenever `descriptor` is readable."""
        self._watch.add(descriptor, pin.edges_came)

    def unwatch(self, descriptor: int) -> None:
        """No longer do so."""
        self._watch.remove(descriptor)

    def _get_board_info(self) -> None:
        raise PinUnknownPi("lines of a chip belong to no known board: name them by chip and offset")

    def _line(self, name: int | str) -> LineId:
        if name not in self._lines:
            chip, _, line = name.rpartition(":") if isinstance(name, str) else ("", "", name)
            found = self._resolve(chip_device(self._open_chip, chip) if chip else self._header(), line)
            self._lines[name] = self._lines[str(found)] = found
        return self._lines[name]

    def _resolve(self, device: str, line: int | str) -> LineId:
        chip = self._open_chip(device)
        try:
            return LineId(os.path.realpath(device), chip.line_offset_from_id(line))
        except ValueError as error:  # what gpiod says of an offset that the chip has not
            raise OSError(errno.ENOENT, f"{device} has no line {line}") from error
        finally:
            chip.close()

    def _header(self) -> str:
        if self._default_chip is None:
            self._default_chip = header_chip(self._open_chip)
        return self._default_chip


class LinePin(Pin):  # type: ignore[misc]  # gpiozero ships no annotations
    """One line as gpiozero sees it: requested once it is clear what for, and then as all of that at once."""

    def __init__(self, factory: LineFactory, line: LineId) -> None:
        super().__init__()
        self._factory = factory
        self._line = line
        self._lock = threading.RLock()
        self._request: LineRequest | None = None
        self._output: Value | None = None
        self._pull = "floating"
        self._bounce_s: float | None = None
        self._edges = "both"
        self._when_changed: ref[WhenChanged] | None = None
        self._watched: int | None = None

    def __repr__(self) -> str:
        return str(self._line)

    def close(self) -> None:
        """Let go of the line. An output keeps the level that it has: switch it off first."""
        with self._lock:
            self._when_changed = None
            self._unwatch()
            if self._request is not None:
                self._request.release()
            self._request, self._output = None, None

    def output_with_state(self, state: bool) -> None:
        """Make the line an output that has this level from its first moment on."""
        with self._lock:
            self._output = Value.ACTIVE if state else Value.INACTIVE
            self._apply()

    def input_with_pull(self, pull: str) -> None:
        """Make the line an input."""
        self._set_function("input")
        self._set_pull(pull)

    def edges_came(self) -> None:
        """Pass on the edges that the kernel has kept for us, each with its time and level."""
        with self._lock:
            held = self._request is not None and self._request.wait_edge_events(0)
            events = self._request.read_edge_events() if self._request is not None and held else []
            call = None if self._when_changed is None else self._when_changed()
        if call is not None:
            for event in events:
                call(event.timestamp_ns / 1e9, event.event_type is RISING)

    def _get_info(self) -> PinInfo:
        return PinInfo(self._line.offset, str(self._line), frozenset({str(self._line)}), "", 0, 0, {"gpio": ""})

    def _get_function(self) -> str:
        return "input" if self._output is None else "output"

    def _set_function(self, value: str) -> None:
        if value not in ("input", "output"):
            raise PinInvalidFunction(f"line {self._line} can be input or output, not {value!r}")
        if value == "output":
            self.output_with_state(self._get_state())
            return
        with self._lock:
            self._output = None
            self._reapply()

    def _get_state(self) -> bool:
        with self._lock:
            request = self._request or self._apply()
            return request.get_value(self._line.offset) is Value.ACTIVE

    def _set_state(self, value: bool) -> None:
        with self._lock:
            if self._output is None or self._request is None:
                raise PinSetInput(f"line {self._line} is an input: it cannot be set")
            self._output = Value.ACTIVE if value else Value.INACTIVE
            self._request.set_value(self._line.offset, self._output)

    def _get_pull(self) -> str:
        return self._pull

    def _set_pull(self, value: str) -> None:
        if value not in BIASES:
            raise PinInvalidPull(f"line {self._line} can be pulled up, down or floating, not {value!r}")
        self._pull = value
        self._reapply()

    def _get_bounce(self) -> float | None:
        return self._bounce_s

    def _set_bounce(self, value: float | None) -> None:
        if value is not None and value < 0:
            raise PinInvalidBounce(f"line {self._line} cannot be debounced for {value} s")
        self._bounce_s = value
        self._reapply()

    def _get_edges(self) -> str:
        return self._edges

    def _set_edges(self, value: str) -> None:
        if value not in EDGES:
            raise PinInvalidEdges(f"line {self._line} tells of both, rising, falling or no edges, not {value!r}")
        self._edges = value
        self._reapply()

    def _get_when_changed(self) -> WhenChanged | None:
        return None if self._when_changed is None else self._when_changed()

    def _set_when_changed(self, value: WhenChanged | None) -> None:
        with self._lock:
            if value is None:
                self._when_changed = None
                self._reapply()
            else:
                self._when_changed = WeakMethod(value) if isinstance(value, MethodType) else ref(value)
                self._apply()

    def _reapply(self) -> None:
        with self._lock:
            if self._request is not None:
                self._apply()

    def _apply(self) -> LineRequest:
        """Hold the line as it is now wanted. A chip that cannot tell of edges is left to be asked."""
        watched = self._when_changed is not None and self._output is None and self._edges != "none"
        try:
            request = self._hold(self._settings(watched))
        except OSError as error:
            if not watched or error.errno not in NO_EDGES:
                raise
            request, watched = self._hold(self._settings(watched=False)), False
        self._unwatch()
        if watched:
            self._watched = request.fd
            self._factory.watch(self, request.fd)
        return request

    def _hold(self, settings: gpiod.LineSettings) -> LineRequest:
        if self._request is None:
            self._request = self._factory.request(self._line, settings)
        else:
            self._request.reconfigure_lines({self._line.offset: settings})
        return self._request

    def _settings(self, watched: bool) -> gpiod.LineSettings:
        if self._output is not None:
            return gpiod.LineSettings(direction=Direction.OUTPUT, output_value=self._output)
        return gpiod.LineSettings(
            direction=Direction.INPUT,
            bias=BIASES[self._pull],
            edge_detection=EDGES[self._edges] if watched else Edge.NONE,
            debounce_period=timedelta(seconds=self._bounce_s or 0) if watched else timedelta(),
            event_clock=Clock.MONOTONIC,
        )

    def _unwatch(self) -> None:
        if self._watched is not None:
            self._factory.unwatch(self._watched)
            self._watched = None
