"""The computer itself: how hot it is, whether its power suffices, and what its firmware says about that.

Temperatures are the kernel's thermal zones. Too little voltage is told by the firmware (`vcgencmd get_throttled`, whose
bits the Raspberry Pi documentation lists) and by the kernel's `rpi_volt` sensor. Where there is none of them, nothing
is said: another machine is no fault.
"""

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntFlag
from pathlib import Path
from typing import Final, Protocol

from firmware_bridge.parts import Part, PartState
from firmware_bridge.real_time_clock import RealTimeClock, read_real_time_clock
from firmware_bridge.sysfs import read_int, read_text

NAME: Final = "computer"
HOT_C: Final = 80
"""From here on a Raspberry Pi slows itself down."""
CLOCKS: Final = "sys/class/rtc"
ASK_S: Final = 2.0
SINCE_BOOT: Final = 16
"""How many bits further up stands that something was so at any time since the computer started."""


class Throttled(IntFlag):
    """What slows the processor down, as the firmware counts it."""

    UNDERVOLTAGE = 1
    FREQUENCY_CAPPED = 2
    THROTTLED = 4
    SOFT_TEMPERATURE_LIMIT = 8

    def words(self) -> list[str]:
        """Each flag that is set."""
        return [flag.name.lower() for flag in Throttled if flag in self and flag.name is not None]


@dataclass(frozen=True, slots=True)
class Vitals:
    """What was read at one moment."""

    temperatures_c: Mapping[str, int] = field(default_factory=dict)
    """Whole degrees by thermal zone."""
    now: Throttled | None = None
    """None: the firmware was not asked, or did not answer."""
    since_boot: Throttled | None = None
    low_voltage: bool | None = None
    """What the kernel's sensor says; None: there is none."""

    @property
    def hottest_c(self) -> int | None:
        """The highest temperature; None where there is no sensor."""
        return max(self.temperatures_c.values(), default=None)

    @property
    def undervoltage(self) -> bool:
        """Whether anybody says that the power does not suffice now."""
        return bool(self.low_voltage) or (self.now is not None and Throttled.UNDERVOLTAGE in self.now)


class Computer(Protocol):
    """What can be asked of it. Blocks, for up to two seconds."""

    def vitals(self) -> Vitals:
        """How it feels."""

    def real_time_clock(self) -> RealTimeClock | None:
        """Its real-time clock against its wall clock; None where it has none."""

    def kept_time(self) -> bool:
        """Whether its wall clock went on while there was no power; for the first moments, before anybody sets it."""


class ThisComputer:
    """The one that we run on. `root` is where /sys is looked for, `firmware` the program that asks the firmware."""

    def __init__(self, root: Path = Path("/"), firmware: str | None = None) -> None:
        self._root = root
        self._firmware = shutil.which("vcgencmd") if firmware is None else firmware

    def vitals(self) -> Vitals:
        """How it feels."""
        bits = None if self._firmware is None else _ask_firmware(self._firmware)
        return Vitals(
            _temperatures(self._root / "sys/class/thermal"),
            None if bits is None else Throttled(bits & sum(Throttled)),
            None if bits is None else Throttled(bits >> SINCE_BOOT & sum(Throttled)),
            _voltage_alarm(self._root / "sys/class/hwmon"),
        )

    def real_time_clock(self) -> RealTimeClock | None:
        """Its real-time clock against its wall clock; None where it has none."""
        return read_real_time_clock(self._root / CLOCKS)

    def kept_time(self) -> bool:
        """Whether its real-time clock is right. Where none can be seen, as in a container, it is taken for granted."""
        clock = self.real_time_clock()
        return clock.right if clock is not None else not (self._root / CLOCKS).is_dir()


class SimulatedComputer:
    """One that feels as it is told to."""

    def __init__(self, vitals: Vitals | None = None, clock: RealTimeClock | None = None) -> None:
        self.feels = vitals if vitals is not None else Vitals({"cpu-thermal": 45}, Throttled(0), Throttled(0), False)
        self.clock = clock

    def vitals(self) -> Vitals:
        """How it feels."""
        return self.feels

    def real_time_clock(self) -> RealTimeClock | None:
        """Its real-time clock."""
        return self.clock

    def kept_time(self) -> bool:
        """Always."""
        return True


def find_computer(computer: Computer, hot_c: int = HOT_C) -> Part:
    """How the computer is, in words."""
    vitals = computer.vitals()
    told = [f"{name} at {celsius} °C" for name, celsius in vitals.temperatures_c.items()]
    if vitals.since_boot:
        told.append("since it started: " + ", ".join(vitals.since_boot.words()).replace("_", " "))
    what = "; ".join(told) or "it has no sensors that we know"
    if vitals.undervoltage or (vitals.since_boot is not None and Throttled.UNDERVOLTAGE in vitals.since_boot):
        advice = "give it a stronger power supply or a shorter cable; locks should have a supply of their own"
        return Part(NAME, PartState.FAULTY, f"its voltage is or was too low; {what}", advice)
    if vitals.hottest_c is not None and vitals.hottest_c >= hot_c:
        return Part(NAME, PartState.FAULTY, f"it is too hot; {what}", "shade it, or give it air or a heat sink")
    return Part(NAME, PartState.FOUND, what)


def _ask_firmware(program: str) -> int | None:
    """The bits; None if the firmware does not say them, as on another machine or without the right to ask."""
    try:
        said = subprocess.run([program, "get_throttled"], capture_output=True, text=True, timeout=ASK_S, check=True)
        return int(said.stdout.strip().removeprefix("throttled="), 16)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None


def _temperatures(zones: Path) -> dict[str, int]:
    found: dict[str, int] = {}
    for zone in sorted(zones.glob("thermal_zone*")):
        name, millidegrees = read_text(zone / "type"), read_int(zone / "temp")
        if name is not None and millidegrees is not None:
            found[name if name not in found else f"{name} {zone.name}"] = round(millidegrees / 1000)
    return found


def _voltage_alarm(sensors: Path) -> bool | None:
    for sensor in sensors.glob("hwmon*"):
        if read_text(sensor / "name") == "rpi_volt":
            alarm = read_int(sensor / "in0_lcrit_alarm")
            return None if alarm is None else bool(alarm)
    return None
