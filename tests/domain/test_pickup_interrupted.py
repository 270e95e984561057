"""Jams, crashes and people who walk away: the parcel stays whose it is, and nobody is stranded."""

import pytest
from support.locker_heart import A01, A02, HOUR_MS, MINUTE_MS, SECOND_MS
from support.locker_in_hand import RECIPIENT, LockerInHand, is_refused, norths, s10_label

from controller.domain import events as ev
from controller.domain import inputs
from controller.domain.answers import DoorUnlocked, PlanShown
from controller.domain.commands import CancelParcel, UnlockCompartment
from controller.domain.ids import Door, Size
from controller.domain.refusals import Refusal
from controller.domain.state import Custody

P1 = norths("P1")
OPENED = DoorUnlocked((A02,))


@pytest.fixture
def stored(locker: LockerInHand) -> LockerInHand:
    """P1 lies in A02; the window of the driver's visit is long over."""
    assert locker.deposit(1, size=Size.M) == A02
    locker.pass_ms(HOUR_MS)
    return locker


@pytest.fixture
def jammed(stored: LockerInHand) -> LockerInHand:
    """The code was typed and the door stayed shut."""
    stored.jam(A02)
    stored.type_code(stored.code_of(1))
    stored.pass_ms(10 * SECOND_MS)
    assert stored.all(ev.DoorDidNotOpen)
    return stored


def type_it(locker: LockerInHand) -> object:
    return locker.type_code(locker.code_of(1))


def is_collected(locker: LockerInHand) -> bool:
    collected = len(locker.all(ev.CustodyCollected))
    assert collected == (P1 not in locker.state.parcels)
    return collected == 1


# --- jams -----------------------------------------------------------------------------------------


def test_after_a_jam_the_code_still_works(jammed: LockerInHand) -> None:
    assert jammed.state.parcels[P1].custody is Custody.COLLECTING
    jammed.jam(A02, False)
    assert type_it(jammed) == OPENED
    jammed.closes(A02)
    assert is_collected(jammed)


def test_no_second_pulse_while_the_first_may_still_work(stored: LockerInHand) -> None:
    stored.jam(A02)
    type_it(stored)
    stored.pass_ms(9 * SECOND_MS)
    assert type_it(stored) == OPENED
    assert len(stored.all(ev.UnlockAuthorised)) == 2


def test_three_openings_in_a_quarter_of_an_hour_then_a_person(jammed: LockerInHand) -> None:
    for _ in range(2):
        assert type_it(jammed) == OPENED
        jammed.pass_ms(11 * SECOND_MS)
    assert is_refused(jammed.type_code(jammed.code_of(1)), Refusal.TOO_MANY_OPENINGS)
    assert is_refused(jammed.show_pass(P1), Refusal.TOO_MANY_OPENINGS)
    jammed.restart(off_ms=HOUR_MS)
    assert is_refused(jammed.type_code(jammed.code_of(1)), Refusal.TOO_MANY_OPENINGS)
    jammed.pass_ms(15 * MINUTE_MS - 32 * SECOND_MS)
    jammed.jam(A02, False)
    assert type_it(jammed) == OPENED


def test_reopenings_count_as_openings(stored: LockerInHand) -> None:
    type_it(stored)
    stored.closes(A02)
    for _ in range(2):
        assert stored.reopen(A02) == OPENED
        stored.closes(A02)
    assert is_refused(stored.reopen(A02), Refusal.TOO_MANY_OPENINGS)


def test_the_next_parcels_recipient_has_openings_of_their_own(stored: LockerInHand) -> None:
    type_it(stored)
    stored.closes(A02)
    for _ in range(2):
        assert stored.reopen(A02) == OPENED
        stored.closes(A02)
    stored.pass_ms(2 * MINUTE_MS)
    assert stored.deposit(2, size=Size.M) == A02
    assert stored.type_code(stored.code_of(2)) == OPENED


def test_an_opening_within_two_minutes_still_belongs_to_the_unlock(jammed: LockerInHand) -> None:
    jammed.pass_ms(109 * SECOND_MS)
    jammed.opens(A02)
    assert jammed.last(ev.DoorOpened).cause == "late"
    assert not jammed.all(ev.DoorForced)
    jammed.closes(A02)
    assert is_collected(jammed)


def test_an_opening_after_two_minutes_is_forced(jammed: LockerInHand) -> None:
    jammed.pass_ms(111 * SECOND_MS)
    jammed.opens(A02)
    assert jammed.all(ev.DoorForced)
    jammed.closes(A02)
    assert not is_collected(jammed)
    jammed.pass_ms(2 * SECOND_MS)
    jammed.opens(A02)
    jammed.closes(A02)
    assert not is_collected(jammed), "forced twice in a row is not a latch that did not catch"


def test_an_opening_after_the_collection_is_forced_once_nobody_rests(stored: LockerInHand) -> None:
    type_it(stored)
    stored.closes(A02)
    stored.pass_ms(2 * SECOND_MS)
    stored.opens(A02)
    assert stored.last(ev.DoorOpened).cause == "unlatched"
    stored.closes(A02)
    stored.pass_ms(4 * SECOND_MS)
    stored.opens(A02)
    assert len(stored.all(ev.DoorForced)) == 1
    stored.closes(A02)
    assert is_collected(stored)
    assert stored[A02].quarantine is not None


def test_a_sensor_that_blinked_does_not_make_a_latch_fail(stored: LockerInHand) -> None:
    type_it(stored)
    stored.closes(A02)
    stored.pass_ms(30 * SECOND_MS)
    stored.silence(A02)
    stored.hear(A02)
    stored.opens(A02)
    assert stored.all(ev.DoorForced)


def test_an_order_that_never_left_may_be_given_again_at_once(stored: LockerInHand) -> None:
    stored.power_fails_before_pulse = True
    type_it(stored)
    stored.put(inputs.UnlockEnded(A02, "not_sent"))
    assert stored.all(ev.DoorDidNotOpen)
    stored.power_fails_before_pulse = False
    assert type_it(stored) == OPENED
    assert stored[A02].door is Door.OPEN


# --- doors left open ------------------------------------------------------------------------------


def test_a_door_left_open_is_told_and_its_closing_completes(stored: LockerInHand) -> None:
    type_it(stored)
    stored.pass_ms(120 * SECOND_MS)
    assert stored.all(ev.DoorLeftOpen) == [ev.DoorLeftOpen(compartment=A02)]
    assert not is_collected(stored)
    stored.pass_ms(HOUR_MS)
    assert len(stored.all(ev.DoorLeftOpen)) == 1
    stored.closes(A02)
    assert is_collected(stored)


def test_a_door_left_open_over_a_restart(stored: LockerInHand) -> None:
    type_it(stored)
    stored.pass_ms(121 * SECOND_MS)
    stored.restart(off_ms=HOUR_MS)
    assert not is_collected(stored)
    stored.closes(A02)
    assert is_collected(stored)
    assert stored.last(ev.DoorClosed).open_ms is None


def test_the_owner_of_a_parcel_behind_a_door_left_open_comes_back(stored: LockerInHand) -> None:
    type_it(stored)
    stored.pass_ms(121 * SECOND_MS)
    assert type_it(stored) == OPENED
    stored.closes(A02)
    assert is_collected(stored)


# --- restarts -------------------------------------------------------------------------------------


def test_restart_before_the_pulse(stored: LockerInHand) -> None:
    stored.power_fails_before_pulse = True
    type_it(stored)
    stored.restart()
    assert stored[A02].door is Door.CLOSED
    assert type_it(stored) == OPENED
    assert stored[A02].door is Door.OPEN, "unlocked anew: the old pulse may never have reached the lock"
    stored.closes(A02)
    assert is_collected(stored)


def test_restart_after_the_pulse_before_the_reading(stored: LockerInHand) -> None:
    stored.power_fails_before_pulse = True
    type_it(stored)
    stored.cabinet.pulse(A02)
    stored.restart(off_ms=5 * HOUR_MS)
    assert stored.last(ev.DoorOpened).cause == "late"
    stored.closes(A02)
    assert is_collected(stored)


def test_restart_with_the_door_open(stored: LockerInHand) -> None:
    type_it(stored)
    stored.restart()
    stored.closes(A02)
    assert is_collected(stored)


def test_restart_finds_the_door_shut(stored: LockerInHand) -> None:
    type_it(stored)
    stored.cabinet.doors[A02].open = False
    stored.restart()
    assert not stored.last(ev.DoorClosed).watched
    assert stored.state.parcels[P1].custody is Custody.COLLECTING
    assert type_it(stored) == OPENED
    stored.closes(A02)
    assert is_collected(stored)


def test_restart_after_the_collection(stored: LockerInHand) -> None:
    type_it(stored)
    stored.closes(A02)
    stored.restart()
    assert is_refused(stored.type_code(stored.code_of(1)), Refusal.CODE_INVALID)
    assert stored.reopen(A02) == OPENED, "the window is powered time, and of the same visit"


def test_a_code_typed_before_the_doors_were_looked_at(stored: LockerInHand) -> None:
    stored.restart(survey=False)
    assert type_it(stored) == OPENED
    stored.closes(A02)
    assert is_collected(stored)


# --- sensors --------------------------------------------------------------------------------------


def test_silent_all_the_time_leaves_the_parcel_assigned(stored: LockerInHand) -> None:
    stored.silence(A02)
    for _ in range(3):
        assert type_it(stored) == OPENED
        stored.pass_ms(11 * SECOND_MS)
        assert stored.last(ev.UnlockReported).sent == "no_feedback"
    assert is_refused(stored.type_code(stored.code_of(1)), Refusal.TOO_MANY_OPENINGS)
    assert stored.state.parcels[P1].custody is Custody.COLLECTING


def test_silent_until_it_stands_open(stored: LockerInHand) -> None:
    stored.silence(A02)
    type_it(stored)
    stored.pass_ms(11 * SECOND_MS)
    stored.hear(A02)
    assert stored.last(ev.DoorOpened).cause == "late"
    stored.closes(A02)
    assert is_collected(stored)


def test_a_door_known_to_be_open_whose_sensor_comes_and_goes(stored: LockerInHand) -> None:
    type_it(stored)
    stored.pass_ms(121 * SECOND_MS)
    stored.silence(A02)
    type_it(stored)
    stored.hear(A02)
    stored.pass_ms(11 * SECOND_MS)
    assert not stored.all(ev.DoorDidNotOpen)
    stored.closes(A02)
    assert is_collected(stored)


def test_silent_while_open_the_next_visitor_is_served(stored: LockerInHand) -> None:
    type_it(stored)
    stored.silence(A02)
    stored.expect(2, size=Size.S)
    stored.plan(2)
    assert is_refused(stored.acknowledge(), Refusal.DOOR_OPEN)
    stored.pass_ms(120 * SECOND_MS)
    assert stored.acknowledge() == DoorUnlocked((A01,))


def test_silent_while_it_closes_leaves_the_parcel_assigned(stored: LockerInHand) -> None:
    type_it(stored)
    stored.silence(A02)
    stored.closes(A02)
    stored.hear(A02)
    stored.opens(A02)
    stored.closes(A02)
    assert stored.all(ev.DoorForced), "a closing nobody saw ends nothing that could go on"
    assert stored.state.parcels[P1].custody is Custody.COLLECTING
    assert type_it(stored) == OPENED


# --- others ---------------------------------------------------------------------------------------


def test_cancelled_while_at_the_door_is_busy(stored: LockerInHand) -> None:
    type_it(stored)
    assert stored.command(CancelParcel(parcel=P1)).reason == "busy"
    stored.closes(A02)
    assert is_collected(stored)


def test_cancelled_after_a_jam(jammed: LockerInHand) -> None:
    assert jammed.command(CancelParcel(parcel=P1)).status == "executed"
    assert is_refused(jammed.type_code(jammed.code_of(1)), Refusal.CODE_INVALID)
    jammed.opens(A02)
    jammed.closes(A02)
    assert is_collected(jammed), "a fact is never refused"


def test_an_operator_helps_after_a_jam(jammed: LockerInHand) -> None:
    jammed.jam(A02, False)
    jammed.operate(UnlockCompartment(compartment=A02))
    jammed.closes(A02)
    assert jammed.state.parcels[P1].custody is Custody.COLLECTING
    assert type_it(jammed) == OPENED


def test_a_jam_after_an_operators_visit_is_no_deposit(stored: LockerInHand) -> None:
    stored.operate(UnlockCompartment(compartment=A02))
    stored.closes(A02)
    stored.jam(A02)
    type_it(stored)
    stored.pass_ms(HOUR_MS)
    assert stored.state.parcels[P1].custody is Custody.COLLECTING


def test_a_walk_away_holds_up_nobody(jammed: LockerInHand) -> None:
    jammed.leave(RECIPIENT)
    jammed.expect(2)
    jammed.sign_in()
    assert isinstance(jammed.scan(s10_label(2)), PlanShown)
    assert isinstance(jammed.acknowledge(), DoorUnlocked)
