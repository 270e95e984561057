from pathlib import Path

import pytest
from support.sysfs import firmware, write

from firmware_bridge.computer import SimulatedComputer, ThisComputer, Throttled, Vitals, find_computer
from firmware_bridge.parts import PartState


def test_temperatures_are_whole_degrees_by_zone(tmp_path: Path) -> None:
    for zone, (kind, temperature) in enumerate((("cpu-thermal", "61300"), ("nvme", "38500"), ("nvme", "40700"))):
        write(tmp_path / f"sys/class/thermal/thermal_zone{zone}", type=kind, temp=temperature)
    vitals = ThisComputer(tmp_path, "/no/such/program").vitals()
    assert vitals.temperatures_c == {"cpu-thermal": 61, "nvme": 38, "nvme thermal_zone2": 41}
    assert vitals.hottest_c == 61


def test_a_zone_that_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    write(tmp_path / "sys/class/thermal/thermal_zone0", type="cpu-thermal", temp="n/a")
    write(tmp_path / "sys/class/thermal/thermal_zone1", type="nvme")
    assert ThisComputer(tmp_path, "/no/such/program").vitals() == Vitals()


@pytest.mark.parametrize(
    ("says", "now", "since_boot"),
    [
        ("throttled=0x0", [], []),
        ("throttled=0x50005", ["undervoltage", "throttled"], ["undervoltage", "throttled"]),
        ("throttled=0x50000", [], ["undervoltage", "throttled"]),
        ("throttled=0xe0008", ["soft_temperature_limit"], ["frequency_capped", "throttled", "soft_temperature_limit"]),
    ],
)
def test_the_firmwares_bits_are_decoded(tmp_path: Path, says: str, now: list[str], since_boot: list[str]) -> None:
    vitals = ThisComputer(tmp_path, firmware(tmp_path, says)).vitals()
    assert vitals.now is not None
    assert vitals.since_boot is not None
    assert (vitals.now.words(), vitals.since_boot.words()) == (now, since_boot)


@pytest.mark.parametrize(("says", "code"), [("VCHI initialization failed", 255), ("error=1", 0), ("", 0)])
def test_a_firmware_that_does_not_answer_says_nothing(tmp_path: Path, says: str, code: int) -> None:
    vitals = ThisComputer(tmp_path, firmware(tmp_path, says, code)).vitals()
    assert (vitals.now, vitals.since_boot, vitals.undervoltage) == (None, None, False)


@pytest.mark.parametrize(
    ("name", "alarm", "low"), [("rpi_volt", "1", True), ("rpi_volt", "0", False), ("cpu", "1", None)]
)
def test_the_kernels_voltage_sensor_is_read(tmp_path: Path, name: str, alarm: str, low: bool | None) -> None:
    write(tmp_path / "sys/class/hwmon/hwmon1", name=name, in0_lcrit_alarm=alarm)
    vitals = ThisComputer(tmp_path, "/no/such/program").vitals()
    assert (vitals.low_voltage, vitals.undervoltage) == (low, bool(low))


def test_a_clock_kept_the_time_if_it_is_right_or_nobody_can_know(tmp_path: Path) -> None:
    computer = ThisComputer(tmp_path)
    assert computer.kept_time()
    (tmp_path / "sys/class/rtc").mkdir(parents=True)
    assert not computer.kept_time()
    write(tmp_path / "sys/class/rtc/rtc0", name="rtc-ds1307", since_epoch="3600")
    assert not computer.kept_time()


@pytest.mark.parametrize(
    ("vitals", "state", "words"),
    [
        (Vitals(), PartState.FOUND, "no sensors"),
        (Vitals({"cpu": 45}, Throttled(0), Throttled(0)), PartState.FOUND, "cpu at 45 °C"),
        (Vitals({"cpu": 85}), PartState.FAULTY, "too hot; cpu at 85 °C"),
        (Vitals({}, low_voltage=True), PartState.FAULTY, "voltage"),
        (Vitals({}, Throttled(0), Throttled.UNDERVOLTAGE), PartState.FAULTY, "since it started: undervoltage"),
    ],
)
def test_how_the_computer_is_in_words(vitals: Vitals, state: PartState, words: str) -> None:
    part = find_computer(SimulatedComputer(vitals))
    assert part.state is state
    assert words in part.what
    assert bool(part.advice) is (state is PartState.FAULTY)
