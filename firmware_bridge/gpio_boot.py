"""Lines of a Raspberry Pi's header that are high before any program runs: a lock that high energises would be.

After reset the header's lines are inputs; the chips pull 0 to 8 up and the others down (BCM2835 ARM Peripherals,
"GPIO pull-up/down"; the same on BCM2711 and RP1), and 14, the console's transmitter, idles high once it is one.
"""

from typing import Final

from firmware_bridge.board_spec import ChannelLines
from firmware_bridge.misfit import Misfit

HIGH_AT_BOOT: Final = frozenset({*range(9), 14})
NAMES: Final = {
    **{f"GPIO{line}": line for line in HIGH_AT_BOOT},
    "ID_SDA": 0,
    "ID_SDA0": 0,
    "ID_SCL": 1,
    "ID_SCL0": 1,
    "SDA1": 2,
    "SCL1": 3,
    "GPIO_GCLK": 4,
    "SPI_CE1_N": 7,
    "SPI_CE0_N": 8,
    "TXD0": 14,
    "TXD1": 14,
}
"""As the kernels of the various models name those lines."""


def refuse_high_at_boot(channel: int, lines: ChannelLines) -> None:
    """Raise `Misfit` for an active-high lock on one of these lines. For channels on a Raspberry Pi's header."""
    line = lines.lock_line
    if line is None or not lines.active_high or _offset(line) not in HIGH_AT_BOOT:
        return
    why = f"line {line} is high from power-on until this program runs, and high energises the lock"
    what = "take another of GPIO9 to GPIO27, or a driver that low energises and active_high = false"
    raise Misfit("lock_line", f"{why}: {what}", channel)


def _offset(line: int | str) -> int | None:
    if isinstance(line, str):
        return NAMES.get(line.upper(), int(line) if line.isdecimal() else None)
    return line
