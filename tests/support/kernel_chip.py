"""A GPIO chip of the kernel's own simulator: lines that can be pushed and looked at, the kernel alone between.

As on a Raspberry Pi, an output keeps its level when whoever held it lets go, or dies; see tests/system/guest/build.sh.
"""

from collections.abc import Sequence
from pathlib import Path

SIMULATOR = Path("/sys/kernel/config/gpio-sim")
NUMBERS = Path("/sys/class/gpio")


class KernelChip:
    """One chip, which exists until it is closed. Its lines are named as a person would on a drawing."""

    def __init__(self, label: str, lines: Sequence[str]) -> None:
        self.label = label
        self._lines = {name: offset for offset, name in enumerate(lines)}
        self._made = SIMULATOR / label
        bank = self._made / "bank0"
        bank.mkdir(parents=True)
        (bank / "num_lines").write_text(str(len(lines)))
        (bank / "label").write_text(label)
        for name, offset in self._lines.items():
            (bank / f"line{offset}").mkdir()
            (bank / f"line{offset}" / "name").write_text(name)
        (self._made / "live").write_text("1")
        chip = (bank / "chip_name").read_text().strip()
        device = (self._made / "dev_name").read_text().strip()
        self.device = f"/dev/{chip}"
        self._levels = Path("/sys/devices/platform", device, chip)

    def close(self) -> None:
        """Pull it out, lines held or not."""
        (self._made / "live").write_text("0")

    def offset(self, line: str) -> int:
        """The number of a line on this chip."""
        return self._lines[line]

    def number(self, line: str) -> int:
        """The number of a line on this machine, by which the kernel's trace calls it."""
        labels = {(chip / "label").read_text().strip(): chip for chip in NUMBERS.glob("gpiochip*")}
        return int((labels[self.label] / "base").read_text()) + self._lines[line]

    def high(self, line: str) -> bool:
        """The level of a line as it stands."""
        return self._line(line, "value").read_text().strip() == "1"

    def pulled_up(self, line: str) -> bool:
        """What holds a line that nobody drives."""
        return self._line(line, "pull").read_text().strip() == "pull-up"

    def push(self, line: str, high: bool) -> None:
        """Put a level on a line from outside, as a switch does."""
        self._line(line, "pull").write_text("pull-up" if high else "pull-down")

    def _line(self, line: str, what: str) -> Path:
        return self._levels / f"sim_gpio{self._lines[line]}" / what
