"""The part of libgpiod v2 that is used, as a seam: a fake chip can stand in for `gpiod.Chip`.

Also which chip is meant, since the number of one differs between models, kernels and boots: the one of a label, or the
one that carries the pins of a Raspberry Pi's header.
"""

import errno
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

import gpiod
from gpiod.line import Value

LineConfig = dict[Iterable[int | str] | int | str, gpiod.LineSettings | None]

HEADER_LABELS = ("pinctrl-bcm2835", "pinctrl-bcm2711", "pinctrl-rp1")
FIRST_CHIP = "/dev/gpiochip0"
DEVICES = Path("/dev")
MODEL = Path("/proc/device-tree/model")


class LineId(NamedTuple):
    """One line of one chip: the chip's device and the line's offset on it."""

    chip: str
    offset: int

    def __str__(self) -> str:
        return f"{self.chip}:{self.offset}"


class LineRequest(Protocol):
    """A line that we hold."""

    @property
    def fd(self) -> int:
        """Readable when an edge came."""

    def get_value(self, line: int | str) -> Value:
        """The level of the line."""

    def set_value(self, line: int | str, value: Value) -> None:
        """Set the level of an output."""

    def reconfigure_lines(self, config: LineConfig) -> None:
        """Change how the line is held, without letting go of it."""

    def wait_edge_events(self, timeout: float | None = None) -> bool:
        """Whether an edge came within `timeout` seconds."""

    def read_edge_events(self, max_events: int | None = None) -> Sequence[gpiod.EdgeEvent]:
        """The edges that came, oldest first; waits for one if there is none."""

    def release(self) -> None:
        """Let go of the line."""


class Chip(Protocol):
    """An open chip."""

    def line_offset_from_id(self, id: str | int) -> int:
        """The offset of a line by its name or offset."""

    def get_info(self) -> gpiod.ChipInfo:
        """Name, label and number of lines."""

    def request_lines(self, config: LineConfig, consumer: str | None = None) -> LineRequest:
        """Hold lines for ourselves alone."""

    def close(self) -> None:
        """Close the chip; lines that are held stay so."""


OpenChip = Callable[[str], Chip]
"""Opens a chip by its device. Raises OSError where there is none."""


def real_chip(device: str) -> Chip:
    """Open a chip of this machine. Raises OSError where there is none, or none for us."""
    return gpiod.Chip(device)


def chip_device(open_chip: OpenChip, name: str) -> str:
    """The device of a chip that is named by its device, or by the label that the kernel's driver gives it ("mcp23017").

    Raises OSError where none or several have that label, or for a chip that we may not open.
    """
    if name.startswith("/"):
        return name
    found = [device for device in _devices() if _label(open_chip, device) == name]
    match found:
        case [device]:
            return device
        case []:
            raise FileNotFoundError(errno.ENOENT, f"no GPIO chip has the label {name!r}")
        case _:
            raise OSError(errno.ENOTUNIQ, f"{' and '.join(found)} all have the label {name!r}; name one by its device")


def carries_header(open_chip: OpenChip, name: str) -> bool:
    """Whether a chip carries a Raspberry Pi's header; one that cannot be opened is not known to. Takes no line."""
    try:
        return _label(open_chip, chip_device(open_chip, name)) in HEADER_LABELS
    except OSError:
        return False


def is_other_machine() -> bool:
    """Whether this machine says what it is, and it is no Raspberry Pi."""
    try:
        return "Raspberry Pi" not in MODEL.read_text(errors="replace")
    except OSError:
        return False


def header_chip(open_chip: OpenChip) -> str:
    """The device of the chip that carries the header's pins; on other machines the first chip.

    Raises OSError for a chip that we may not open.
    """
    return next((device for device in _devices() if _label(open_chip, device) in HEADER_LABELS), FIRST_CHIP)


def _devices() -> list[str]:
    return [str(device) for device in sorted(DEVICES.glob("gpiochip*"))]


def _label(open_chip: OpenChip, device: str) -> str:
    chip = open_chip(device)
    try:
        return chip.get_info().label
    finally:
        chip.close()
