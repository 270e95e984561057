from hypothesis import given
from hypothesis import strategies as st

from controller.device.clock import LockerClock
from controller.device.clock_watch import ClockWatch
from controller.domain.ids import ClockQuality, MonoMs, WallMs
from controller.domain.inputs import ClockMoved, Input
from controller.domain.stamp import Stamp

LAST = Stamp(WallMs(1_000_000), MonoMs(5_000), 3, ClockQuality.NTP)


class Machine:
    """The clocks of a machine, to be set by hand."""

    def __init__(self, wall: int = 1_000_000, mono: int = 70_000) -> None:
        self.wall = wall
        self.mono = mono
        self.good = False

    def clock(self, last: Stamp | None) -> LockerClock:
        return LockerClock(last, wall_ms=lambda: self.wall, mono_ms=lambda: self.mono, synchronised=lambda: self.good)


def test_powered_time_goes_on_where_the_last_record_left_it() -> None:
    machine = Machine()
    clock = machine.clock(LAST)
    machine.mono += 250
    assert clock.stamp().mono == 5_250
    assert clock.stamp().boot == 4


def test_a_wall_clock_behind_the_last_record_stands_still_and_is_not_trusted() -> None:
    machine = Machine(wall=400_000)
    clock = machine.clock(LAST)
    assert (clock.stamp().wall, clock.stamp().clock) == (1_000_000, ClockQuality.UNKNOWN)
    machine.wall = 1_000_500
    assert (clock.stamp().wall, clock.stamp().clock) == (1_000_500, ClockQuality.HOLDOVER)


def test_a_wall_clock_put_back_while_running_stands_still_and_is_not_trusted() -> None:
    machine = Machine(wall=2_000_000)
    clock = machine.clock(None)
    clock.stamp()
    machine.wall -= 60_000
    assert (clock.stamp().wall, clock.stamp().clock) == (2_000_000, ClockQuality.UNKNOWN)


def test_a_synchronised_clock_says_so() -> None:
    machine = Machine()
    machine.good = True
    assert machine.clock(None).stamp().clock is ClockQuality.NTP


def test_a_step_forward_and_the_first_good_time_are_told_and_drift_is_not() -> None:
    machine = Machine()
    told: list[Input] = []
    watch = ClockWatch(machine.clock(LAST).stamp, told.append)
    machine.wall += 30_900
    machine.mono += 30_000
    watch.look()
    assert told == []
    machine.wall += 3_600_000
    machine.good = True
    watch.look()
    assert told == [ClockMoved(MonoMs(3_600_000), synced=False), ClockMoved(MonoMs(0), synced=True)]
    watch.look()
    assert len(told) == 2


def test_a_clock_that_stood_still_without_power_is_unknown_until_it_was_set() -> None:
    machine = Machine(wall=2_000_000)
    clock = LockerClock(
        LAST,
        wall_ms=lambda: machine.wall,
        mono_ms=lambda: machine.mono,
        synchronised=lambda: machine.good,
        kept=False,
    )
    assert clock.stamp().clock is ClockQuality.UNKNOWN
    machine.good = True
    assert clock.stamp().clock is ClockQuality.NTP
    machine.good = False
    assert clock.stamp().clock is ClockQuality.HOLDOVER


@given(
    st.lists(st.tuples(st.integers(-10_000, 10_000), st.integers(0, 10_000), st.booleans(), st.booleans()), max_size=20)
)
def test_neither_clock_ever_goes_back_whatever_the_machines_do_and_however_often_it_starts(
    steps: list[tuple[int, int, bool, bool]],
) -> None:
    machine, last = Machine(), LAST
    clock = machine.clock(last)
    for wall, mono, good, again in steps:
        machine.wall += wall
        machine.mono = mono if again else machine.mono + mono  # a start anew of the machine begins at any figure
        machine.good = good
        clock = machine.clock(last) if again else clock
        now = clock.stamp()
        assert now.wall >= last.wall
        assert now.mono >= last.mono
        assert now.boot == last.boot + 1 if again else now.boot >= last.boot
        assert (now.clock is ClockQuality.UNKNOWN) >= (machine.wall < last.wall)
        last = now
