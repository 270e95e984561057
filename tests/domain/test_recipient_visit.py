"""The recipient's visit: from the code or pass that let them in until they leave the screen."""

import pytest
from support.locker_heart import A02, MINUTE_MS, SECOND_MS
from support.locker_in_hand import NORTH, RECIPIENT, WRONG_CODE, LockerInHand, norths

from controller.domain import events as ev
from controller.domain.ids import PickupId, SessionId
from controller.domain.recipient_visit import RecipientVisit, Taken

P1 = norths("P1")
ANOTHER = SessionId("another-visit")


@pytest.fixture
def stored(locker: LockerInHand) -> LockerInHand:
    """P1 lies in A02."""
    assert locker.deposit(1) == A02
    return locker


def test_it_begins_with_a_right_code_and_outlasts_the_pickup(stored: LockerInHand) -> None:
    stored.type_code(WRONG_CODE)
    assert stored.state.recipient is None
    stored.type_code(stored.code_of(1))
    begun = RecipientVisit(RECIPIENT, PickupId("north/P1"), NORTH, "code", (P1,), tried=(P1,))
    assert stored.state.recipient == begun
    stored.closes(A02)
    assert not stored.state.pickups
    assert stored.state.recipient is not None
    [taken] = stored.state.recipient.taken
    assert taken == Taken(P1, A02, NORTH, taken.records)


def test_a_pass_begins_it_too(stored: LockerInHand) -> None:
    stored.show_pass(P1)
    assert stored.state.recipient is not None
    assert stored.state.recipient.means == "pass"


def test_it_ends_when_they_leave(stored: LockerInHand) -> None:
    stored.type_code(stored.code_of(1))
    stored.closes(A02)
    stored.leave(ANOTHER)
    assert stored.state.recipient is not None
    stored.leave(RECIPIENT, "asked")
    left = ev.RecipientLeft(pickup=PickupId("north/P1"), session=RECIPIENT, reason="asked")
    assert stored.all(ev.RecipientLeft) == [left]
    stored.leave(RECIPIENT)
    assert stored.all(ev.RecipientLeft) == [left]


def test_a_second_code_in_the_same_visit_keeps_it(stored: LockerInHand) -> None:
    stored.jam(A02)
    stored.type_code(stored.code_of(1))
    stored.pass_ms(11 * SECOND_MS)
    stored.show_pass(P1)
    assert not stored.all(ev.RecipientLeft)
    assert stored.state.recipient is not None
    assert (stored.state.recipient.means, stored.state.recipient.tried) == ("pass", (P1,))


def test_the_next_visitor_takes_its_place(stored: LockerInHand) -> None:
    stored.type_code(stored.code_of(1))
    stored.type_code(stored.code_of(1), ANOTHER)
    assert stored.last(ev.RecipientLeft).reason == "another"
    assert stored.state.recipient is not None
    assert stored.state.recipient.session == ANOTHER


def test_a_door_left_open_and_a_restart_end_it(stored: LockerInHand) -> None:
    stored.type_code(stored.code_of(1))
    stored.pass_ms(2 * MINUTE_MS)
    assert stored.last(ev.RecipientLeft).reason == "left_open"
    stored.type_code(stored.code_of(1))
    stored.restart()
    assert stored.last(ev.RecipientLeft).reason == "restart"
    assert stored.state.recipient is None
