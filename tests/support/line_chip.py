"""GPIO chips made of nothing, in the place of libgpiod: lines that can be pushed and that remember every level.

As on a Raspberry Pi, a line keeps its level when whoever held it lets go, or dies.
"""

import errno
import os
import threading
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import gpiod
from gpiod.line import Bias, Direction, Edge, Value

from firmware_bridge.gpio_chips import LineConfig

RISING, FALLING = gpiod.EdgeEvent.Type.RISING_EDGE, gpiod.EdgeEvent.Type.FALLING_EDGE


class Level(NamedTuple):
    """An output had this level from this moment on."""

    offset: int
    high: bool
    at_ns: int


class FakeLine:
    """One line of a chip, and whoever holds it."""

    def __init__(self) -> None:
        self.high = False
        self.pushed: bool | None = None
        self.holder: FakeRequest | None = None


class FakeChip:
    """One chip. `label` is what the kernel's driver calls itself, `edges` whether it can interrupt."""

    def __init__(self, path: str, lines: int = 32, *, label: str = "made-of-nothing", edges: bool = True) -> None:
        self.path = path
        self.label = label
        self.edges = edges
        self.lines = [FakeLine() for _ in range(lines)]
        self.names: dict[str, int] = {f"GPIO{offset}": offset for offset in range(lines)}
        self.levels: list[Level] = []
        self.settings: list[tuple[int, gpiod.LineSettings]] = []
        self.broken: set[int] = set()
        self.gone = False
        self.on_output: Callable[[int, bool], None] = lambda offset, high: None
        self.lock = threading.RLock()

    def push(self, offset: int, high: bool, ago_ms: int = 0) -> None:
        """Put a level on a line from outside, as a switch does; the kernel saw it `ago_ms` before it says so."""
        with self.lock:
            line = self.lines[offset]
            before, line.pushed = self.read(offset), high
            if line.holder is not None and high is not before:
                line.holder.edge(high, ago_ms)

    def read(self, offset: int) -> bool:
        """The level of a line as it stands."""
        line = self.lines[offset]
        settings = line.holder.settings if line.holder is not None else None
        if settings is not None and settings.direction is Direction.INPUT:
            return settings.bias is Bias.PULL_UP if line.pushed is None else line.pushed
        return line.high

    def drive(self, offset: int, high: bool) -> None:
        """An output takes a level."""
        if self.gone or offset in self.broken:
            raise OSError(errno.EIO, "Input/output error")
        with self.lock:
            self.lines[offset].high = high
            self.levels.append(Level(offset, high, time.monotonic_ns()))
        self.on_output(offset, high)

    def unplug(self) -> None:
        """The chip is pulled out: what was held of it is dead for good."""
        with self.lock:
            self.gone = True
            for line in self.lines:
                if line.holder is not None:
                    line.holder.dead = True
                line.holder = None

    def plug(self) -> None:
        """It is put back, as it comes from the factory: nothing driven."""
        with self.lock:
            self.gone = False
            for line in self.lines:
                line.high = False

    def history(self, offset: int) -> list[bool]:
        """Every level that one output ever had."""
        return [level.high for level in self.levels if level.offset == offset]

    def take(self, offset: int) -> None:
        """Somebody else holds the line."""
        self.lines[offset].holder = FakeRequest(self, offset, gpiod.LineSettings())

    def let_go(self, offset: int) -> None:
        """Nobody does any more."""
        self.lines[offset].holder = None

    # What follows is the part of gpiod.Chip that is used.

    def line_offset_from_id(self, id: str | int) -> int:
        offset = self.names.get(id) if isinstance(id, str) else id
        if offset is None and isinstance(id, str) and id.isdigit():
            offset = int(id)
        if offset is None:
            raise OSError(errno.ENOENT, "No such file or directory")
        if offset >= len(self.lines):
            raise ValueError("line offset of out range")
        return offset

    def get_info(self) -> gpiod.ChipInfo:
        return gpiod.ChipInfo(self.path.removeprefix("/dev/"), self.label, len(self.lines))

    def request_lines(self, config: LineConfig, consumer: str | None = None) -> "FakeRequest":
        [(offset, settings)] = config.items()
        assert isinstance(offset, int)
        assert settings is not None
        line = self.lines[offset]
        if line.holder is not None:
            raise OSError(errno.EBUSY, "Device or resource busy")
        request = FakeRequest(self, offset, settings)
        request.check(settings)
        line.holder = request
        request.apply(settings)
        return request

    def close(self) -> None:
        """A chip may be closed while its lines are held."""


class FakeRequest:
    """The part of gpiod.LineRequest that is used, for one line."""

    def __init__(self, chip: FakeChip, offset: int, settings: gpiod.LineSettings) -> None:
        self.chip = chip
        self.offset = offset
        self.settings = settings
        self._bell = os.eventfd(0, os.EFD_NONBLOCK)
        self._events: list[gpiod.EdgeEvent] = []
        self.dead = False

    @property
    def fd(self) -> int:
        return self._bell

    def check(self, settings: gpiod.LineSettings) -> None:
        if settings.edge_detection is not Edge.NONE and not self.chip.edges:
            raise OSError(errno.ENXIO, "No such device or address")

    def apply(self, settings: gpiod.LineSettings) -> None:
        self.settings = settings
        self.chip.settings.append((self.offset, settings))
        if settings.direction is Direction.OUTPUT:
            self.chip.drive(self.offset, settings.output_value is Value.ACTIVE)

    def edge(self, high: bool, ago_ms: int = 0) -> None:
        wanted = {Edge.BOTH: (True, False), Edge.RISING: (True,), Edge.FALLING: (False,)}
        if high in wanted.get(self.settings.edge_detection, ()):
            kind = RISING if high else FALLING
            event = gpiod.EdgeEvent(kind.value, time.monotonic_ns() - ago_ms * 1_000_000, self.offset, 0, 0)
            self._events.append(event)
            os.eventfd_write(self._bell, 1)

    def get_value(self, line: int | str) -> Value:
        if self.chip.gone or self.dead:
            raise OSError(errno.ENODEV, "No such device")
        return Value.ACTIVE if self.chip.read(self.offset) else Value.INACTIVE

    def set_value(self, line: int | str, value: Value) -> None:
        if self.dead:
            raise OSError(errno.ENODEV, "No such device")
        self.chip.drive(self.offset, value is Value.ACTIVE)

    def reconfigure_lines(self, config: LineConfig) -> None:
        [settings] = config.values()
        assert settings is not None
        self.check(settings)
        self.apply(settings)

    def wait_edge_events(self, timeout: float | None = None) -> bool:
        return bool(self._events)

    def read_edge_events(self, max_events: int | None = None) -> Sequence[gpiod.EdgeEvent]:
        with self.chip.lock:
            os.eventfd_read(self._bell)
            events, self._events = self._events, []
            return events

    def release(self) -> None:
        if self.chip.lines[self.offset].holder is self:
            self.chip.lines[self.offset].holder = None
        os.close(self._bell)


class FakeChips:
    """The chips of one machine, opened by their device."""

    def __init__(self, *chips: FakeChip) -> None:
        self.chips = {chip.path: chip for chip in chips}

    def open(self, path: str) -> FakeChip:
        """Stands in for `gpiod.Chip`."""
        if path not in self.chips or self.chips[path].gone:
            raise FileNotFoundError(errno.ENOENT, "No such file or directory", path)
        return self.chips[path]
