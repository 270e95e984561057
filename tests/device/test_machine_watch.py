from controller.device.machine_watch import COOLER_C, GOOD_FOR_MS, MachineWatch
from controller.device.part_tables import MachineTable
from controller.domain.ids import MonoMs
from controller.domain.inputs import BoardTrouble, HeatChecked, Input, PowerChecked
from firmware_bridge.computer import SimulatedComputer, Throttled, Vitals
from firmware_bridge.real_time_clock import RealTimeClock

FINE = Vitals({"cpu-thermal": 45}, Throttled(0), Throttled(0))
DIPPED = Vitals({"cpu-thermal": 45}, Throttled(0), Throttled.UNDERVOLTAGE)


class Watched:
    """A watch whose time is moved by hand."""

    def __init__(self, *, real_time_clock: bool = False) -> None:
        self.told: list[Input] = []
        self.now = MonoMs(0)
        table = MachineTable(hot_celsius=80, real_time_clock=real_time_clock)
        self.watch = MachineWatch(table, SimulatedComputer(), lambda: self.now, self.told.append)

    def sees(self, vitals: Vitals, clock: RealTimeClock | None = None) -> list[Input]:
        """What is told of this."""
        before = len(self.told)
        self.watch.take(vitals, clock)
        return self.told[before:]

    def feels(self, celsius: int) -> list[Input]:
        """The same, of a temperature."""
        return self.sees(Vitals({"cpu-thermal": celsius}))


def test_heat_is_told_once_and_is_over_only_when_it_is_much_cooler() -> None:
    watched = Watched()
    assert watched.feels(79) == []
    assert watched.feels(80) == [HeatChecked(hot=True, celsius=80)]
    assert watched.feels(90) == watched.feels(80 - COOLER_C) == []
    assert watched.feels(79 - COOLER_C) == [HeatChecked(hot=False, celsius=69)]
    assert watched.sees(Vitals()) == []


def test_too_little_voltage_is_told_once_and_is_over_after_a_while_without() -> None:
    watched = Watched()
    low = Vitals({}, Throttled.UNDERVOLTAGE, Throttled.UNDERVOLTAGE)
    assert watched.sees(FINE) == []
    assert watched.sees(low) == [PowerChecked(low=True)]
    watched.now = MonoMs(GOOD_FOR_MS - 1)
    assert watched.sees(low) == watched.sees(DIPPED) == []
    watched.now = MonoMs(2 * GOOD_FOR_MS - 2)
    assert watched.sees(DIPPED) == []
    watched.now = MonoMs(2 * GOOD_FOR_MS - 1)
    assert watched.sees(DIPPED) == [PowerChecked(low=False)]
    assert watched.sees(DIPPED) == []


def test_a_dip_between_two_looks_is_told_too() -> None:
    watched = Watched()
    assert watched.sees(FINE) == []
    assert watched.sees(DIPPED) == [PowerChecked(low=True)]
    assert watched.sees(DIPPED) == []


def test_the_kernels_sensor_alone_is_enough() -> None:
    assert Watched().sees(Vitals({}, low_voltage=True)) == [PowerChecked(low=True)]


def test_a_clock_that_is_demanded_is_a_part_with_faults() -> None:
    watched = Watched(real_time_clock=True)
    assert watched.sees(FINE) == [BoardTrouble("real_time_clock", "clock_missing")]
    assert watched.sees(FINE, RealTimeClock("rtc0", None)) == [BoardTrouble("real_time_clock", "clock_wrong")]
    assert watched.sees(FINE, RealTimeClock("rtc0", 1)) == [BoardTrouble("real_time_clock", None)]
    assert watched.sees(FINE, RealTimeClock("rtc0", 1)) == []


def test_a_clock_that_is_not_demanded_may_be_missing() -> None:
    assert Watched().sees(FINE) == []


def test_the_figures_are_those_of_the_last_look() -> None:
    watched = Watched()
    assert watched.watch.figures()["throttled"] is None
    watched.sees(Vitals({"cpu-thermal": 61}, Throttled.THROTTLED, Throttled.UNDERVOLTAGE), RealTimeClock("rtc0", 1))
    assert watched.watch.figures() == {
        "temperatures_c": {"cpu-thermal": 61},
        "undervoltage": False,
        "throttled": ["throttled"],
        "throttled_since_boot": ["undervoltage"],
        "real_time_clock": {"device": "rtc0", "ahead_s": 1, "battery_mv": None},
    }
