"""Drivers who walk away, doors that jam, sensors that fall silent: where is the parcel, and what is given out?"""

from collections.abc import Callable

import pytest
from support.locker_heart import A02, A03, A04, HOUR_MS, SECOND_MS
from support.locker_in_hand import DRIVER, NORTH, LockerInHand, is_refused, norths, s10_label, unlocked

from controller.domain import events as ev
from controller.domain import inputs
from controller.domain.answers import DoorUnlocked, PlanShown, Stored
from controller.domain.commands import UnblockCompartment
from controller.domain.ids import CompartmentId, SessionId, Size
from controller.domain.refusals import Refusal
from controller.domain.state import Custody

P1 = norths("P1")


def is_in_doubt(locker: LockerInHand, id: CompartmentId = A02) -> bool:
    """The compartment waits for somebody to look inside, and the parcel is expected as before."""
    assert locker.state.parcels[P1].custody is Custody.EXPECTED
    assert locker[id].parcel is None
    return locker[id].quarantine is not None


@pytest.fixture
def at_the_door(locker: LockerInHand) -> LockerInHand:
    """P1 of the driver's; A02 stands open for it."""
    locker.expect(1, size=Size.M)
    assert locker.door_for(1) == A02
    return locker


@pytest.fixture
def closed(at_the_door: LockerInHand) -> LockerInHand:
    """The same, the door shut behind the parcel, nothing said yet."""
    at_the_door.closes(A02)
    return at_the_door


# --- the driver walks away ------------------------------------------------------------------------


def test_after_signing_in(locker: LockerInHand) -> None:
    locker.expect(1)
    locker.sign_in()
    locker.leave()
    assert locker.state.visit is None


def test_after_the_scan(locker: LockerInHand) -> None:
    locker.expect(1)
    locker.plan(1)
    locker.leave()
    locker.pass_ms(HOUR_MS)
    locker.sign_in()
    assert is_refused(locker.acknowledge(), Refusal.NOTHING_TO_CONFIRM)
    assert locker.state.parcels[P1].custody is Custody.EXPECTED


def test_from_a_door_that_did_not_open(locker: LockerInHand) -> None:
    locker.jam(A02)
    locker.expect(1, size=Size.M)
    locker.door_for(1)
    locker.leave()
    locker.pass_ms(10 * SECOND_MS)
    assert locker.last(ev.CustodyReleased).reason == "did_not_open"
    assert locker.state.parcels[P1].custody is Custody.EXPECTED


def test_from_an_open_door(at_the_door: LockerInHand) -> None:
    locker = at_the_door
    locker.pass_ms(120 * SECOND_MS - 1)
    assert not locker.all(ev.DoorLeftOpen)
    locker.pass_ms(1)
    assert [e.NAME for _, e in locker.history[-4:]] == [
        "door.left_open",
        "custody.released",
        "compartment.quarantined",
        "driver.signed_out",
    ]
    assert locker.last(ev.CustodyReleased).reason == "unfinished"
    assert locker.last(ev.DriverSignedOut).reason == "left_open"
    assert is_in_doubt(locker)
    locker.closes(A02)
    locker.pass_ms(HOUR_MS)
    assert is_in_doubt(locker)
    assert not locker.all(ev.CustodyStored)


def test_from_an_open_door_the_next_visitor_keeps_theirs(at_the_door: LockerInHand) -> None:
    locker = at_the_door
    locker.leave()
    next_one = SessionId("next")
    locker.sign_in(session=next_one)
    locker.pass_ms(121 * SECOND_MS)
    assert is_in_doubt(locker)
    assert locker.state.visit is not None
    assert locker.state.visit.session == next_one


def test_from_a_closed_door_it_counts_as_done(closed: LockerInHand) -> None:
    closed.leave()
    closed.pass_ms(45 * SECOND_MS)
    assert closed.state.parcels[P1].custody is Custody.STORED
    assert closed.last(ev.CustodyStored).confirmed_by == "door_cycle"


def test_from_two_closed_doors_each_gets_its_code(locker: LockerInHand) -> None:
    for serial in (1, 2):
        locker.expect(serial, size=Size.M)
        locker.put_in(serial)
        locker.leave()
    locker.pass_ms(46 * SECOND_MS)
    assert len(locker.state.codes) == 2


def test_from_a_door_reopened(closed: LockerInHand) -> None:
    closed.reopen(A02, DRIVER)
    closed.leave()
    closed.pass_ms(120 * SECOND_MS)
    assert is_in_doubt(closed)


def test_from_a_door_opened_to_take_back(closed: LockerInHand) -> None:
    closed.take_back()
    closed.leave()
    closed.pass_ms(120 * SECOND_MS)
    assert is_in_doubt(closed)


# --- doors that jam -------------------------------------------------------------------------------


def test_another_compartment_is_offered(locker: LockerInHand) -> None:
    locker.jam(A02)
    locker.expect(1, size=Size.M)
    assert locker.door_for(1) == A02
    assert is_refused(locker.acknowledge(), Refusal.DEPOSIT_UNFINISHED)
    locker.pass_ms(10 * SECOND_MS)
    assert [e.NAME for _, e in locker.history[-3:]] == [
        "door.did_not_open",
        "custody.released",
        "compartment.quarantined",
    ]
    assert unlocked(locker.acknowledge()) == A03
    locker.closes(A03)
    assert locker.done() == Stored(P1, A03)


def test_an_order_that_never_left_quarantines_nothing(locker: LockerInHand) -> None:
    locker.expect(1, size=Size.M)
    locker.jam(A02)
    locker.power_fails_before_pulse = True
    locker.door_for(1)
    locker.put(inputs.UnlockEnded(A02, "not_sent"))
    assert locker.last(ev.CustodyReleased).reason == "did_not_open"
    assert locker[A02].quarantine is None
    locker.put(inputs.UnlockEnded(A02, "not_sent"))
    assert len(locker.all(ev.DoorDidNotOpen)) == 1


def test_a_report_after_everybody_gave_up_changes_nothing(locker: LockerInHand) -> None:
    locker.expect(1, size=Size.M)
    locker.power_fails_before_pulse = True
    locker.door_for(1)
    locker.pass_ms(10 * SECOND_MS)
    locker.silence(A02)
    locker.put(inputs.UnlockEnded(A02, "rejected"))
    assert len(locker.all(ev.CustodyReleased)) == 1
    assert is_in_doubt(locker)


def test_a_released_door_that_opens_late_is_not_given_out(locker: LockerInHand) -> None:
    locker.cabinet.doors[A02].late = True
    locker.expect(1, size=Size.M)
    locker.door_for(1)
    locker.pass_ms(11 * SECOND_MS)
    locker.operate(UnblockCompartment(compartment=A02))
    locker.cabinet.pop()
    locker.read(A02)
    assert locker.last(ev.DoorOpened).cause == "late"
    assert is_in_doubt(locker)
    locker.closes(A02)
    locker.pass_ms(HOUR_MS)
    assert is_in_doubt(locker)


def test_a_slow_door_still_counts_within_its_time(locker: LockerInHand) -> None:
    locker.cabinet.doors[A02].late = True
    locker.expect(1, size=Size.M)
    locker.door_for(1)
    locker.pass_ms(9 * SECOND_MS)
    locker.cabinet.pop()
    locker.read(A02)
    locker.closes(A02)
    assert locker.last(ev.DoorOpened).cause == "unlock"
    assert locker.done() == Stored(P1, A02)


@pytest.mark.parametrize("ask", [lambda locker: locker.reopen(A02, DRIVER), LockerInHand.take_back])
def test_a_second_opening_that_jams_leaves_the_parcel_inside(
    closed: LockerInHand, ask: Callable[[LockerInHand], object]
) -> None:
    closed.jam(A02)
    ask(closed)
    closed.pass_ms(10 * SECOND_MS)
    assert closed.state.parcels[P1].custody is Custody.DEPOSITING
    assert closed.done() == Stored(P1, A02)


def test_a_second_opening_that_jams_and_silence(closed: LockerInHand) -> None:
    closed.jam(A02)
    closed.take_back()
    closed.pass_ms(54 * SECOND_MS)
    assert closed.state.parcels[P1].custody is Custody.DEPOSITING
    closed.pass_ms(SECOND_MS)
    stored = closed.last(ev.CustodyStored)
    assert stored.confirmed_by == "door_cycle"
    assert stored.closed_mono is not None


def test_a_second_opening_that_jams_may_be_tried_again(closed: LockerInHand) -> None:
    closed.jam(A02)
    closed.take_back()
    closed.pass_ms(11 * SECOND_MS)
    closed.jam(A02, False)
    closed.take_back()
    closed.closes(A02)
    assert closed.last(ev.CustodyReleased).reason == "taken_back"


# --- doors that move otherwise ---------------------------------------------------------------------


def test_a_latch_that_did_not_catch(closed: LockerInHand) -> None:
    closed.pass_ms(2 * SECOND_MS)
    closed.opens(A02)
    assert closed.last(ev.DoorOpened).cause == "unlatched"
    assert is_refused(closed.done(), Refusal.DOOR_OPEN)
    closed.closes(A02)
    assert closed.done() == Stored(P1, A02)


def test_a_latch_that_did_not_catch_holds_up_every_other_door(closed: LockerInHand) -> None:
    closed.leave()
    closed.expect(2, size=Size.L)
    next_one = SessionId("next")
    closed.sign_in(session=next_one)
    closed.scan(s10_label(2), next_one)
    assert isinstance(closed.acknowledge(next_one), DoorUnlocked)
    closed.closes(A04)
    closed.opens(A02)
    assert is_refused(closed.reopen(A04, next_one), Refusal.DOOR_OPEN)


def test_forced_open_before_it_was_confirmed(closed: LockerInHand) -> None:
    closed.pass_ms(10 * SECOND_MS)
    closed.opens(A02)
    assert closed.all(ev.DoorForced)
    assert is_in_doubt(closed)
    closed.closes(A02)
    closed.pass_ms(HOUR_MS)
    assert not closed.all(ev.CustodyStored)


# --- sensors that fall silent ---------------------------------------------------------------------


def test_silent_while_it_should_open(locker: LockerInHand) -> None:
    locker.jam(A02)
    locker.expect(1, size=Size.M)
    locker.door_for(1)
    locker.silence(A02)
    locker.pass_ms(10 * SECOND_MS)
    assert locker.last(ev.UnlockReported).sent == "no_feedback"
    assert is_in_doubt(locker)


def test_silent_for_a_moment_while_it_should_open(locker: LockerInHand) -> None:
    locker.jam(A02)
    locker.expect(1, size=Size.M)
    locker.door_for(1)
    locker.silence(A02)
    locker.hear(A02)
    locker.pass_ms(10 * SECOND_MS)
    assert locker.last(ev.CustodyReleased).reason == "unfinished", "who knows what happened meanwhile"
    assert is_in_doubt(locker)


def test_silent_while_open(at_the_door: LockerInHand) -> None:
    at_the_door.silence(A02)
    at_the_door.pass_ms(120 * SECOND_MS)
    assert at_the_door.all(ev.DoorLeftOpen)
    assert is_in_doubt(at_the_door)
    assert isinstance(at_the_door.plan(1), PlanShown)
    assert isinstance(at_the_door.acknowledge(), DoorUnlocked), "others are served"


def test_silent_while_it_closes(at_the_door: LockerInHand) -> None:
    at_the_door.silence(A02)
    at_the_door.closes(A02)
    at_the_door.hear(A02)
    assert not at_the_door.last(ev.DoorClosed).watched
    assert is_in_doubt(at_the_door)


def test_silent_while_it_closes_on_a_parcel_taken_back(closed: LockerInHand) -> None:
    closed.take_back()
    closed.silence(A02)
    closed.closes(A02)
    closed.hear(A02)
    assert is_in_doubt(closed)


def test_silent_once_closed(closed: LockerInHand) -> None:
    closed.pass_ms(30 * SECOND_MS)
    closed.silence(A02)
    closed.pass_ms(44 * SECOND_MS)
    assert closed.state.parcels[P1].custody is Custody.DEPOSITING
    closed.pass_ms(2 * SECOND_MS)
    assert closed.state.parcels[P1].custody is Custody.STORED


def test_silent_once_closed_and_the_driver_says_done(closed: LockerInHand) -> None:
    closed.silence(A02)
    assert closed.done() == Stored(P1, A02)


# --- restarts -------------------------------------------------------------------------------------


def test_restart_before_the_door_opened(locker: LockerInHand) -> None:
    locker.expect(1, size=Size.M)
    locker.power_fails_before_pulse = True
    locker.door_for(1)
    locker.restart()
    locker.pass_ms(10 * SECOND_MS)
    assert is_in_doubt(locker)


def test_restart_finds_the_door_that_opened_meanwhile(locker: LockerInHand) -> None:
    locker.expect(1, size=Size.M)
    locker.power_fails_before_pulse = True
    locker.door_for(1)
    locker.cabinet.pulse(A02)
    locker.restart()
    assert locker.last(ev.DoorOpened).cause == "late"
    locker.closes(A02)
    locker.pass_ms(45 * SECOND_MS)
    assert locker.state.parcels[P1].custody is Custody.STORED


def test_restart_with_the_door_open(at_the_door: LockerInHand) -> None:
    at_the_door.restart()
    at_the_door.closes(A02)
    at_the_door.pass_ms(45 * SECOND_MS)
    assert at_the_door.state.parcels[P1].custody is Custody.STORED


def test_restart_while_the_door_was_shut_by_nobody_knows_whom(at_the_door: LockerInHand) -> None:
    at_the_door.cabinet.doors[A02].open = False
    at_the_door.restart(off_ms=5 * HOUR_MS)
    assert is_in_doubt(at_the_door)


def test_restart_once_closed(closed: LockerInHand) -> None:
    closed.pass_ms(44 * SECOND_MS)
    closed.restart(survey=False)
    closed.pass_ms(10 * SECOND_MS)
    assert closed.state.parcels[P1].custody is Custody.DEPOSITING, "not before the door was looked at"
    closed.survey()
    assert closed.state.parcels[P1].custody is Custody.STORED
    assert closed.last(ev.CustodyStored).driver == "d-7"


def test_restart_finds_the_closed_door_open(closed: LockerInHand) -> None:
    closed.cabinet.doors[A02].open = True
    closed.restart()
    assert closed.last(ev.DoorOpened).cause == "unwatched"
    assert is_in_doubt(closed)


def test_restart_ends_the_visit(closed: LockerInHand) -> None:
    closed.restart()
    assert closed.last(ev.DriverSignedOut).reason == "restart"
    assert is_refused(closed.done(), Refusal.NOT_SIGNED_IN)
    closed.sign_in(NORTH)
    assert is_refused(closed.done(), Refusal.NOTHING_TO_CONFIRM)
