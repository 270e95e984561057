from pathlib import Path

import pytest
from support.sysfs import write

from firmware_bridge.faults import FaultKind
from firmware_bridge.parts import PartState
from firmware_bridge.real_time_clock import (
    RealTimeClock,
    clock_fault,
    find_real_time_clock,
    read_real_time_clock,
)

NOW_S = 1_764_000_000.7


def test_where_there_is_none_none_is_found(tmp_path: Path) -> None:
    assert read_real_time_clock(tmp_path / "rtc") is None
    assert clock_fault(None) is not None


def test_the_clock_of_a_raspberry_pi_5_with_its_battery(tmp_path: Path) -> None:
    write(
        tmp_path / "rtc0",
        name="rpi_rtc soc@107c000000:rpi_rtc",
        since_epoch="1764000002",
        hctosys="1",
        battery_voltage="2988000",
        charging_voltage="3000000",
    )
    clock = read_real_time_clock(tmp_path, NOW_S)
    assert clock == RealTimeClock("rtc0 (rpi_rtc soc@107c000000:rpi_rtc)", 2, 2988, 3000)
    assert clock.fault() is None


def test_the_one_that_set_the_systems_clock_counts(tmp_path: Path) -> None:
    write(tmp_path / "rtc0", name="rpi_rtc", since_epoch="12", hctosys="0")
    write(tmp_path / "rtc1", name="rtc-ds1307", since_epoch="1764000000", hctosys="1")
    clock = read_real_time_clock(tmp_path, NOW_S)
    assert clock == RealTimeClock("rtc1 (rtc-ds1307)", 0)


def test_a_clock_that_has_lost_its_time_says_none(tmp_path: Path) -> None:
    write(tmp_path / "rtc0", name="rtc-ds1307")
    clock = read_real_time_clock(tmp_path, NOW_S)
    assert clock == RealTimeClock("rtc0 (rtc-ds1307)", None)
    assert not clock.right


@pytest.mark.parametrize(
    ("clock", "kind", "detail"),
    [
        (RealTimeClock("rtc0", 60), None, ""),
        (RealTimeClock("rtc0", -61), FaultKind.CLOCK_WRONG, "rtc0 is 61 s behind the system's clock"),
        (RealTimeClock("rtc0", 61), FaultKind.CLOCK_WRONG, "rtc0 is 61 s before the system's clock"),
        (RealTimeClock("rtc0", None), FaultKind.CLOCK_WRONG, "rtc0 has lost its time"),
        (RealTimeClock("rtc0", 0, 290, 0), FaultKind.BATTERY_LOW, "rtc0: 290 mV, and is not charged"),
        (RealTimeClock("rtc0", 0, 1990, 3000), FaultKind.BATTERY_LOW, "rtc0: 1990 mV"),
        (RealTimeClock("rtc0", 0, 2990, 0), None, ""),
    ],
)
def test_what_is_wrong_with_a_clock_has_a_name(clock: RealTimeClock, kind: FaultKind | None, detail: str) -> None:
    fault = clock.fault()
    part = find_real_time_clock(clock, demanded=True)
    if fault is None:
        assert (kind, part.state) == (None, PartState.FOUND)
    else:
        assert (fault.kind, fault.detail, part.state) == (kind, detail, PartState.FAULTY)


def test_only_a_clock_that_is_demanded_is_missing() -> None:
    assert find_real_time_clock(None, demanded=True).state is PartState.MISSING
    assert find_real_time_clock(None, demanded=False).state is PartState.NOT_CONFIGURED
