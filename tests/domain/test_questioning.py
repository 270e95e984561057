"""A driver has the recipient asked while the plan is on the screen."""

import pytest
from support.locker_in_hand import DRIVER, LockerInHand, is_refused, norths

from controller.domain import events as ev
from controller.domain.answers import Answer, Asked, DoorUnlocked, PlanShown, Wishes
from controller.domain.commands import AnswerForRecipient
from controller.domain.ids import SessionId
from controller.domain.inputs import RecipientQuestioned
from controller.domain.notices import NoticeKind, Reply
from controller.domain.refusals import Refusal

P1 = norths("P1")


def ask(locker: LockerInHand, session: SessionId = DRIVER, *, heard: bool = True) -> Answer:
    return locker.put(RecipientQuestioned(session, heard))


@pytest.fixture
def reading(locker: LockerInHand) -> LockerInHand:
    """A plan is on the screen."""
    locker.expect(1, recipient="r-1")
    locker.plan(1)
    return locker


def test_the_carrier_is_asked_and_no_door_waits_for_it(reading: LockerInHand) -> None:
    assert ask(reading) == Asked(P1)
    asked = reading.last(ev.NotificationRequested)
    assert (asked.kind, asked.parcel, asked.asks) == (
        NoticeKind.QUESTION,
        P1,
        (Reply.LOCKER, Reply.NOT_THE_LOCKER),
    )
    assert isinstance(reading.acknowledge(), DoorUnlocked)


def test_what_the_recipient_says_is_what_is_shown_next(reading: LockerInHand) -> None:
    ask(reading)
    notice = reading.last(ev.NotificationRequested).notice
    reading.command(AnswerForRecipient(parcel=P1, answer=Reply.LOCKER, notice=notice))
    shown = reading.acknowledge()
    assert isinstance(shown, PlanShown)
    assert isinstance(shown.wishes, Wishes)
    assert shown.wishes.preferences.locker is True
    assert isinstance(reading.acknowledge(), DoorUnlocked)


def test_a_no_keeps_the_door_shut(reading: LockerInHand) -> None:
    ask(reading)
    reading.command(AnswerForRecipient(parcel=P1, answer=Reply.NOT_THE_LOCKER))
    assert is_refused(reading.acknowledge(), Refusal.NOT_TO_BE_LEFT)


def test_nobody_is_asked_twice_nor_where_nobody_hears(reading: LockerInHand) -> None:
    assert is_refused(ask(reading, heard=False), Refusal.CARRIER_DEAF)
    ask(reading)
    assert is_refused(ask(reading), Refusal.ALREADY_ASKED)


def test_only_of_the_parcel_in_hand(locker: LockerInHand) -> None:
    assert is_refused(ask(locker), Refusal.NOT_SIGNED_IN)
    locker.sign_in()
    assert is_refused(ask(locker), Refusal.NOTHING_TO_CONFIRM)
