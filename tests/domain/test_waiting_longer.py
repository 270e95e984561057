"""Parcels that wait longer: as their recipient was offered, all of a site, and while something is the matter there."""

import pytest
from support.locker_heart import HOUR_MS
from support.locker_in_hand import SOUTH, LockerInHand, norths
from support.policies import a_laddered_policy

from controller.domain import events as ev
from controller.domain.answers import CommandAnswer
from controller.domain.commands import AnswerForRecipient, DeclareSite, ExtendAll
from controller.domain.conditions import Condition
from controller.domain.ids import ParcelId, WallMs
from controller.domain.naming import parcel_id
from controller.domain.notices import NoticeKind, Reply
from controller.domain.refusals import Refusal

P1, P2, SOUTHS = norths("P1"), norths("P2"), parcel_id(SOUTH, "P2")
DAY_MS = 24 * HOUR_MS
EXECUTED = CommandAnswer("executed")
EXTEND = AnswerForRecipient(parcel=P1, answer=Reply.EXTEND)


@pytest.fixture
def stored() -> LockerInHand:
    """A parcel waits, at a locker with the product's ladders."""
    locker = LockerInHand(a_laddered_policy())
    locker.deposit(1)
    return locker


def until(locker: LockerInHand, parcel: ParcelId = P1) -> int:
    """When its time is over."""
    end = locker.state.parcels[parcel].hold_until
    assert end is not None
    return end


def told(locker: LockerInHand) -> tuple[NoticeKind, str | None]:
    """What the recipient was told last."""
    notice = locker.last(ev.NotificationRequested)
    return notice.kind, notice.reason


def in_days(locker: LockerInHand, days: float) -> WallMs:
    """That many days from now."""
    return WallMs(locker.at.wall + int(days * DAY_MS))


# --- as offered -------------------------------------------------------------------------------------


def test_the_recipient_takes_the_offer(stored: LockerInHand) -> None:
    before = until(stored)
    assert stored.command(EXTEND) == CommandAnswer("refused", Refusal.NOT_OFFERED.value)
    stored.pass_ms(61 * HOUR_MS)
    offer = stored.last(ev.NotificationRequested)
    assert (offer.kind, offer.extend_s) == (NoticeKind.EXTENSION, 72 * 3600)
    assert stored.command(EXTEND) == EXECUTED
    assert until(stored) - before == 72 * HOUR_MS
    assert stored.last(ev.ParcelExtended).reason == "answered"
    assert told(stored) == (NoticeKind.LONGER, "answered")
    assert stored.command(EXTEND) == CommandAnswer("refused", Refusal.NOT_OFFERED.value)


def test_not_more_than_was_offered_and_not_when_it_is_over(stored: LockerInHand) -> None:
    stored.pass_ms(61 * HOUR_MS)
    too_long = AnswerForRecipient(parcel=P1, answer=Reply.EXTEND, hold_s=73 * 3600)
    assert stored.command(too_long) == CommandAnswer("refused", Refusal.BAD_HOLD.value)
    stored.pass_ms(12 * HOUR_MS)
    assert stored.command(EXTEND) == CommandAnswer("refused", Refusal.NOT_OFFERED.value)


# --- all of a site ----------------------------------------------------------------------------------


def test_one_command_holds_everything_longer(stored: LockerInHand) -> None:
    stored.deposit(2, carrier=SOUTH)
    before = [until(stored, id) for id in (P1, SOUTHS)]
    assert stored.operate(ExtendAll(hold_s=24 * 3600)) == EXECUTED
    assert [until(stored, id) - end for id, end in zip((P1, SOUTHS), before, strict=True)] == [DAY_MS, DAY_MS]
    assert told(stored) == (NoticeKind.LONGER, "site")


def test_a_carrier_holds_its_own_longer(stored: LockerInHand) -> None:
    stored.deposit(2, carrier=SOUTH)
    before = until(stored)
    stored.command(ExtendAll(hold_s=24 * 3600), carrier=SOUTH)
    assert until(stored) == before
    assert [e.parcel for e in stored.all(ev.ParcelExtended)] == [SOUTHS]


def test_what_has_expired_waits_again_from_now_on(stored: LockerInHand) -> None:
    stored.pass_ms(80 * HOUR_MS)
    assert stored.state.parcels[P1].expired
    stored.operate(ExtendAll(hold_s=24 * 3600))
    assert not stored.state.parcels[P1].expired
    assert abs(until(stored) - in_days(stored, 1)) < 1000


# --- while something is the matter ------------------------------------------------------------------


def test_a_storm_lets_everything_wait_longer_and_passes(stored: LockerInHand) -> None:
    before = until(stored)
    assert stored.operate(DeclareSite(condition=Condition.WEATHER, until=in_days(stored, 2))) == EXECUTED
    assert until(stored) - before == 72 * HOUR_MS
    assert told(stored) == (NoticeKind.LONGER, "weather")
    stored.deposit(2)
    assert stored.last(ev.PlanMade).ladder == "disrupted"
    stored.pass_ms(2 * DAY_MS)
    assert stored.last(ev.SiteLapsed).condition is Condition.WEATHER
    assert stored.state.declared == {}
    assert until(stored) - before == 72 * HOUR_MS
    stored.expect(3)
    stored.plan(3)
    assert stored.last(ev.PlanMade).ladder == "ordinary"


def test_a_holiday_begins_when_it_begins(stored: LockerInHand) -> None:
    before = until(stored)
    stored.operate(DeclareSite(condition=Condition.HOLIDAY, starts=in_days(stored, 1), until=in_days(stored, 2)))
    stored.pass_ms(DAY_MS - HOUR_MS)
    assert until(stored) == before
    stored.restart()
    stored.pass_ms(HOUR_MS)
    assert until(stored) > before
    assert stored.all(ev.SiteDisrupted) != []


def test_said_again_it_stretches_nothing_twice(stored: LockerInHand) -> None:
    stored.operate(DeclareSite(condition=Condition.WEATHER, until=in_days(stored, 2)))
    after = until(stored)
    stored.operate(DeclareSite(condition=Condition.WEATHER, until=in_days(stored, 3)))
    assert until(stored) == after


def test_perishables_keep_no_longer_for_a_storm() -> None:
    locker = LockerInHand(a_laddered_policy())
    locker.deposit(1, classes=("perishable",))
    before = until(locker)
    locker.operate(DeclareSite(condition=Condition.WEATHER, until=in_days(locker, 2)))
    assert until(locker) == before


def test_it_ends_at_once_when_its_end_has_passed(stored: LockerInHand) -> None:
    over = DeclareSite(condition=Condition.OUTAGE, until=in_days(stored, -1))
    assert stored.operate(over) == CommandAnswer("refused", Refusal.BAD_PERIOD.value)
    stored.operate(DeclareSite(condition=Condition.OUTAGE, until=in_days(stored, 2)))
    assert stored.operate(over) == EXECUTED
    assert stored.state.declared == {}


@pytest.mark.parametrize(("starts", "ends"), [(2, 1), (1, 1), (0, 61)])
def test_a_time_that_cannot_be(stored: LockerInHand, starts: int, ends: int) -> None:
    wrong = DeclareSite(condition=Condition.HOLIDAY, starts=in_days(stored, starts), until=in_days(stored, ends))
    assert stored.operate(wrong) == CommandAnswer("refused", Refusal.BAD_PERIOD.value)
