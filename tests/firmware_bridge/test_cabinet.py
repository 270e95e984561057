"""How doors, bolts, springs and contacts behave, on virtual time."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.cabinet import Cabinet, Current, DoorTruth, Mechanics, Pulse, Spring
from firmware_bridge.lock_board import Door
from firmware_bridge.timers import VirtualTimers

SHUT = DoorTruth(open=False, bolted=True, item=False, jammed=False, sensor=Door.CLOSED)
PULLED = Mechanics(spring=Spring.RELEASES)
POP_MS = Mechanics().bolt_ms + Mechanics().travel_ms


@pytest.fixture
def timers() -> VirtualTimers:
    return VirtualTimers()


@pytest.fixture
def cabinet(timers: VirtualTimers) -> Cabinet:
    return Cabinet((1, 2), timers)


def test_at_first_every_door_is_shut_bolted_and_empty(cabinet: Cabinet) -> None:
    assert cabinet.doors() == {1: SHUT, 2: SHUT}
    assert cabinet.channels == (1, 2)


def test_a_pulse_draws_the_bolt_and_the_spring_throws_the_door_open(timers: VirtualTimers, cabinet: Cabinet) -> None:
    cabinet.pulse(1, 500)
    timers.advance(39)
    assert cabinet.doors()[1] == SHUT
    timers.advance(1)
    assert not cabinet.doors()[1].bolted
    assert not cabinet.doors()[1].open
    timers.advance(60)
    assert cabinet.doors()[1].open
    assert cabinet.doors()[2] == SHUT


def test_a_contact_bounces_and_comes_to_rest_where_the_door_is(timers: VirtualTimers, cabinet: Cabinet) -> None:
    seen: list[tuple[int, Door]] = []
    cabinet.force(1)
    start_ms = timers.now_ms()
    while timers.now_ms() < start_ms + 20:
        seen.append((timers.now_ms(), cabinet.sensor(1)))
        timers.advance(1)
    closed_at = [at_ms - start_ms for at_ms, door in seen if door is Door.CLOSED]
    assert closed_at == [2, 7, 8, 9, 10]
    assert seen[-1][1] is Door.OPEN


def test_a_door_moved_during_its_bounce_reads_as_it_was_moved_last(timers: VirtualTimers, cabinet: Cabinet) -> None:
    cabinet.force(1)
    timers.advance(5)
    assert cabinet.close_door(1)
    timers.advance(6)
    assert cabinet.sensor(1) is Door.CLOSED, "11 ms after the first move its bounce would read open; it was cut short"
    timers.advance(100)
    assert cabinet.sensor(1) is Door.CLOSED


def test_contacts_that_would_end_where_they_began_are_refused() -> None:
    with pytest.raises(ValueError, match="flips 3 times"):
        Mechanics(bounce_ms=(1, 2, 3))


def test_a_current_that_flowed_long_enough_drew_the_bolt_though_the_clock_was_held_up() -> None:
    class HeldUp(VirtualTimers):
        held_up_ms = 0

        def now_ms(self) -> int:
            return super().now_ms() + self.held_up_ms

    timers = HeldUp()
    cabinet = Cabinet((1, 2), timers)
    for channel, held_up_ms in ((1, 39), (2, 40)):
        cabinet.energise(channel)
        timers.held_up_ms += held_up_ms
        cabinet.de_energise(channel)
    timers.advance(1_000)
    assert [cabinet.doors()[channel].open for channel in (1, 2)] == [False, True]


def test_a_pulse_too_short_for_the_bolt_opens_nothing(timers: VirtualTimers, cabinet: Cabinet) -> None:
    cabinet.pulse(1, 30)
    timers.advance(1_000)
    assert cabinet.doors()[1] == SHUT
    assert cabinet.pulses == [Pulse(1, 0)]
    assert cabinet.currents == [Current(1, 0, 30)]


def test_a_second_pulse_prolongs_the_first(timers: VirtualTimers, cabinet: Cabinet) -> None:
    cabinet.pulse(1, 100)
    timers.advance(60)
    cabinet.pulse(1, 100)
    timers.advance(1_000)
    assert cabinet.pulses == [Pulse(1, 0), Pulse(1, 60)]
    assert cabinet.currents == [Current(1, 0, 160)]


def test_a_jammed_bolt_does_not_move(timers: VirtualTimers, cabinet: Cabinet) -> None:
    cabinet.jam(1, True)
    cabinet.pulse(1, 500)
    timers.advance(1_000)
    assert cabinet.doors()[1] == DoorTruth(open=False, bolted=True, item=False, jammed=True, sensor=Door.CLOSED)
    cabinet.jam(1, False)
    cabinet.pulse(1, 500)
    timers.advance(1_000)
    assert cabinet.doors()[1].open


def test_a_bolted_door_cannot_be_pulled_open_but_can_be_forced(cabinet: Cabinet) -> None:
    assert not cabinet.open_door(1)
    cabinet.force(1)
    assert cabinet.doors()[1].open
    assert cabinet.pulses == []


def test_a_door_that_is_pushed_shut_bolts(timers: VirtualTimers, cabinet: Cabinet) -> None:
    cabinet.pulse(1, 500)
    timers.advance(1_000)
    assert cabinet.close_door(1)
    timers.advance(1_000)
    assert cabinet.doors()[1] == SHUT
    assert not cabinet.open_door(1)


def test_a_door_does_not_stay_shut_while_its_bolt_is_drawn(timers: VirtualTimers, cabinet: Cabinet) -> None:
    cabinet.pulse(1, 500)
    timers.advance(POP_MS)
    assert not cabinet.close_door(1)
    timers.advance(400)
    assert cabinet.close_door(1)


def test_a_door_without_a_spring_waits_to_be_pulled(timers: VirtualTimers) -> None:
    cabinet = Cabinet((1,), timers, PULLED)
    cabinet.pulse(1, 500)
    timers.advance(2_000)
    assert not cabinet.doors()[1].open
    assert cabinet.open_door(1)
    timers.advance(10_000)
    assert cabinet.doors()[1].open


def test_a_door_that_nobody_pulls_bolts_again(timers: VirtualTimers) -> None:
    cabinet = Cabinet((1,), timers, PULLED)
    cabinet.pulse(1, 500)
    timers.advance(6_000)
    assert cabinet.doors()[1] == SHUT
    assert not cabinet.open_door(1)


def test_things_go_in_and_out_only_through_an_open_door(cabinet: Cabinet) -> None:
    assert not cabinet.put_item(1)
    cabinet.force(1)
    assert not cabinet.take_item(1), "there is nothing in it"
    assert cabinet.put_item(1)
    assert not cabinet.put_item(1), "it is full"
    cabinet.close_door(1)
    assert not cabinet.take_item(1)
    assert cabinet.doors()[1].item


def test_a_stuck_sensor_says_what_it_says(timers: VirtualTimers, cabinet: Cabinet) -> None:
    cabinet.stick_sensor(1, Door.CLOSED)
    cabinet.force(1)
    timers.advance(1_000)
    assert cabinet.sensor(1) is Door.CLOSED
    assert cabinet.doors()[1].open
    cabinet.stick_sensor(1, None)
    assert cabinet.sensor(1) is Door.OPEN


def test_listeners_hear_of_every_change_and_may_push_the_cabinet(timers: VirtualTimers, cabinet: Cabinet) -> None:
    heard: list[int | None] = []

    def fill_when_open(channel: int | None) -> None:
        if cabinet.doors()[1].open:
            cabinet.put_item(1)

    stop = cabinet.on_change(heard.append)
    cabinet.on_change(fill_when_open)
    cabinet.force(1)
    assert cabinet.doors()[1].item
    cabinet.lose_replies(True)
    assert cabinet.replies_lost
    assert heard[-1] is None
    assert heard.count(1) >= 2
    stop()
    cabinet.lose_replies(False)
    assert heard.count(None) == 1


@pytest.mark.parametrize(
    "push",
    [
        lambda it: it.pulse(3, 100),
        lambda it: it.open_door(3),
        lambda it: it.close_door(3),
        lambda it: it.force(3),
        lambda it: it.jam(3, True),
        lambda it: it.stick_sensor(3, Door.OPEN),
        lambda it: it.put_item(3),
        lambda it: it.take_item(3),
        lambda it: it.sensor(3),
        lambda it: it.energise(3),
        lambda it: it.de_energise(3),
    ],
)
def test_a_door_that_is_not_there_is_refused(cabinet: Cabinet, push: Callable[[Cabinet], object]) -> None:
    with pytest.raises(ValueError, match="no door on channel 3"):
        push(cabinet)


PUSHES = st.sampled_from(["pulse", "open", "close", "force", "jam", "mend", "put", "take"])


@given(st.lists(st.tuples(PUSHES, st.integers(0, 700)), max_size=30), st.sampled_from(list(Spring)))
def test_whatever_is_pushed_a_door_at_rest_is_bolted_or_open_and_reads_so(
    pushes: list[tuple[str, int]], spring: Spring
) -> None:
    def history() -> list[tuple[int, DoorTruth]]:
        timers = VirtualTimers()
        cabinet = Cabinet((1,), timers, Mechanics(spring=spring))
        seen: list[tuple[int, DoorTruth]] = []
        cabinet.on_change(lambda channel: seen.append((timers.now_ms(), cabinet.doors()[1])))
        doings: dict[str, Callable[[], object]] = {
            "pulse": lambda: cabinet.pulse(1, 500),
            "open": lambda: cabinet.open_door(1),
            "close": lambda: cabinet.close_door(1),
            "force": lambda: cabinet.force(1),
            "jam": lambda: cabinet.jam(1, True),
            "mend": lambda: cabinet.jam(1, False),
            "put": lambda: cabinet.put_item(1),
            "take": lambda: cabinet.take_item(1),
        }
        for push, passed_ms in pushes:
            doings[push]()
            timers.advance(passed_ms)
        timers.advance(10_000)
        rest = cabinet.doors()[1]
        assert rest.open is not rest.bolted
        assert rest.sensor is (Door.OPEN if rest.open else Door.CLOSED)
        return seen

    assert history() == history(), "the same pushes, the same history"
