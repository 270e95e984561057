"""Parcels that are not to be handed out here: called back, sent elsewhere, never meant for a locker."""

import pytest
from support.locker_in_hand import NORTH, SOUTH, LockerInHand, is_refused, norths, s10_label

from controller.domain import events as ev
from controller.domain.answers import CommandAnswer
from controller.domain.commands import (
    AnswerForRecipient,
    Command,
    RecallParcel,
    RedirectParcel,
    UpsertPreferences,
)
from controller.domain.ids import LockerId
from controller.domain.notices import NoticeKind, Reply
from controller.domain.preferences import Instructions
from controller.domain.refusals import Refusal
from controller.domain.take_away_list import to_take_away

P1 = norths("P1")
EXECUTED = CommandAnswer("executed")
ELSEWHERE = LockerId("L0043")


@pytest.fixture
def stored(locker: LockerInHand) -> LockerInHand:
    """A parcel waits in the locker."""
    locker.deposit(1, recipient="r-1")
    return locker


def check_withdrawn(locker: LockerInHand, reason: str) -> None:
    """Nothing opens its door for the recipient, who was told, and a driver takes it away."""
    code = locker.code_of(1)
    assert is_refused(locker.type_code(code), Refusal.CODE_INVALID)
    assert is_refused(locker.show_pass(P1), Refusal.PASS_INVALID)
    told = locker.last(ev.NotificationRequested)
    assert (told.kind, told.parcel, told.reason) == (NoticeKind.RECALLED, P1, reason)
    assert [parcel.id for parcel in to_take_away(locker.state, NORTH)] == [P1]
    assert locker.state.climbs == {}


def test_a_stored_parcel_is_called_back(stored: LockerInHand) -> None:
    assert stored.command(RecallParcel(parcel=P1)) == EXECUTED
    assert stored.last(ev.ParcelCancelled).reason == "recalled"
    check_withdrawn(stored, "recalled")


def test_called_back_twice_it_is_told_once(stored: LockerInHand) -> None:
    stored.command(RecallParcel(parcel=P1))
    stored.command(RecallParcel(parcel=P1))
    assert len(stored.all(ev.ParcelCancelled)) == 1


def test_what_is_not_inside_is_not_called_back(locker: LockerInHand) -> None:
    locker.expect()
    assert locker.command(RecallParcel(parcel=P1)) == CommandAnswer("refused", Refusal.NOT_STORED.value)


def test_a_door_that_opens_for_its_recipient_is_not_shut_in_their_face(stored: LockerInHand) -> None:
    stored.type_code(stored.code_of(1))
    assert stored.command(RecallParcel(parcel=P1)) == CommandAnswer("refused", Refusal.BUSY.value)


def test_sent_elsewhere_before_it_came_it_is_refused_at_the_scan(locker: LockerInHand) -> None:
    locker.expect()
    assert locker.command(RedirectParcel(parcel=P1, locker=ELSEWHERE)) == EXECUTED
    assert locker.last(ev.ParcelRedirected).locker == ELSEWHERE
    locker.sign_in()
    assert is_refused(locker.scan(s10_label(1)), Refusal.REDIRECTED)
    assert (locker.last(ev.PlanRefused).reason, locker.last(ev.PlanRefused).ladder) == ("redirected", None)
    assert locker.state.climbs == {}


def test_sent_elsewhere_while_the_driver_reads_its_plan(locker: LockerInHand) -> None:
    locker.expect()
    locker.plan(1)
    locker.command(RedirectParcel(parcel=P1))
    assert is_refused(locker.acknowledge(), Refusal.REDIRECTED)


def test_sent_elsewhere_when_it_is_inside_it_is_called_back(stored: LockerInHand) -> None:
    assert stored.command(RedirectParcel(parcel=P1, locker=ELSEWHERE)) == EXECUTED
    check_withdrawn(stored, "redirected")


def test_the_recipient_says_no_to_what_is_inside_already(stored: LockerInHand) -> None:
    stored.command(UpsertPreferences(parcel=P1, preferences=Instructions(confirmed_at=stored.at.wall, locker=False)))
    assert stored.last(ev.LadderStep).action == "operator"
    check_withdrawn(stored, "refused")


def test_a_no_for_all_parcels_of_a_recipient_reaches_the_one_inside(stored: LockerInHand) -> None:
    no = Instructions(confirmed_at=stored.at.wall, locker=False)
    stored.command(UpsertPreferences(recipient="r-2", preferences=no))
    assert stored.all(ev.ParcelCancelled) == []
    stored.command(UpsertPreferences(recipient="r-1", preferences=no))
    check_withdrawn(stored, "refused")


@pytest.mark.parametrize("reply", [Reply.REDELIVER, Reply.RETURN])
def test_a_recipient_who_does_not_come_has_it_brought_or_sent_back(stored: LockerInHand, reply: Reply) -> None:
    assert stored.command(AnswerForRecipient(parcel=P1, answer=reply)) == EXECUTED
    check_withdrawn(stored, "answered")


def test_a_recipient_chooses_another_locker(stored: LockerInHand) -> None:
    stored.command(AnswerForRecipient(parcel=P1, answer=Reply.OTHER_LOCKER, locker=ELSEWHERE))
    check_withdrawn(stored, "redirected")


@pytest.mark.parametrize("command", [RecallParcel(parcel=P1), RedirectParcel(parcel=P1)])
def test_nobody_calls_another_carriers_parcel_back(stored: LockerInHand, command: Command) -> None:
    assert stored.command(command, carrier=SOUTH) == CommandAnswer("refused", Refusal.PARCEL_UNKNOWN.value)
