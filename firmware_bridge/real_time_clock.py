"""The clock that goes on while the computer has no power: is there one, does it run, has it a battery.

Read from the kernel's `/sys/class/rtc`. A Raspberry Pi 5 also tells its battery's voltage there, and the one that it
charges it with, which config.txt sets by `dtparam=rtc_bbat_vchg` and which is nothing unless asked for.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from firmware_bridge.faults import BoardFault, FaultKind
from firmware_bridge.parts import Part, PartState, part_with
from firmware_bridge.sysfs import read_int, read_text

NAME: Final = "real_time_clock"
FAR_OFF_S: Final = 60
EMPTY_MV: Final = 2_000
"""Below this no cell of those in use, lithium or not, keeps a clock going."""


@dataclass(frozen=True, slots=True)
class RealTimeClock:
    """What it said. Seconds count from the wall clock's own time; millivolts are None where it does not tell."""

    device: str
    ahead_s: int | None
    """How far it is before the wall clock; None: it has lost its time, or does not run."""
    battery_mv: int | None = None
    charging_mv: int | None = None

    @property
    def right(self) -> bool:
        """Whether it tells what the wall clock tells, within a minute."""
        return self.ahead_s is not None and abs(self.ahead_s) <= FAR_OFF_S

    def fault(self) -> BoardFault | None:
        """What is wrong with it."""
        if self.ahead_s is None:
            return BoardFault(NAME, FaultKind.CLOCK_WRONG, f"{self.device} has lost its time")
        if not self.right:
            off = f"{abs(self.ahead_s)} s {'before' if self.ahead_s > 0 else 'behind'} the system's clock"
            return BoardFault(NAME, FaultKind.CLOCK_WRONG, f"{self.device} is {off}")
        if self.battery_mv is not None and self.battery_mv < EMPTY_MV:
            charging = "" if self.charging_mv else ", and is not charged"
            return BoardFault(NAME, FaultKind.BATTERY_LOW, f"{self.device}: {self.battery_mv} mV{charging}")
        return None


def read_real_time_clock(clocks: Path, wall_s: float | None = None) -> RealTimeClock | None:
    """The clock that set the system's at its start, else the first; None where there is none."""
    found = sorted(clocks.glob("rtc*"), key=lambda clock: (read_int(clock / "hctosys") != 1, clock.name))
    if not found:
        return None
    clock, since_epoch = found[0], read_int(found[0] / "since_epoch")
    now_s = time.time() if wall_s is None else wall_s
    return RealTimeClock(
        f"{clock.name} ({read_text(clock / 'name') or 'unnamed'})",
        None if since_epoch is None else since_epoch - int(now_s),
        _millivolts(clock / "battery_voltage"),
        _millivolts(clock / "charging_voltage"),
    )


def clock_fault(clock: RealTimeClock | None) -> BoardFault | None:
    """What is wrong with the clock that there should be."""
    return BoardFault(NAME, FaultKind.CLOCK_MISSING, "/sys/class/rtc") if clock is None else clock.fault()


def find_real_time_clock(clock: RealTimeClock | None, demanded: bool) -> Part:
    """How it stands, in words. Only where one is `demanded` it is missing."""
    if clock is None and not demanded:
        what = "there is none: the time after a power cut is not known until a time server tells it"
        return Part(NAME, PartState.NOT_CONFIGURED, what)
    fault = clock_fault(clock)
    if clock is None or fault is not None:
        return part_with(fault or BoardFault(NAME, FaultKind.CLOCK_MISSING, "/sys/class/rtc"))
    battery = "" if clock.battery_mv is None else f", its battery at {clock.battery_mv} mV"
    return Part(NAME, PartState.FOUND, f"{clock.device} is right{battery}")


def _millivolts(file: Path) -> int | None:
    microvolts = read_int(file)
    return None if microvolts is None else microvolts // 1000
