"""Parcels that are to be handed in between two moments."""

from support.locker_heart import HOUR_MS
from support.locker_in_hand import LockerInHand, is_refused, s10_label

from controller.domain import events as ev
from controller.domain.answers import PlanShown
from controller.domain.ids import ClockQuality, WallMs
from controller.domain.refusals import Refusal


def expected(locker: LockerInHand) -> None:
    """A parcel that may be handed in from one hour from now to three hours from now; its driver is there."""
    now = locker.at.wall
    locker.expect(1, not_before=WallMs(now + HOUR_MS), not_after=WallMs(now + 3 * HOUR_MS))
    locker.sign_in()


def test_it_is_taken_in_between_them_only(locker: LockerInHand) -> None:
    expected(locker)
    assert is_refused(locker.scan(s10_label(1)), Refusal.TOO_EARLY)
    locker.pass_ms(HOUR_MS)
    assert isinstance(locker.scan(s10_label(1)), PlanShown)
    locker.pass_ms(2 * HOUR_MS + 1)
    locker.sign_in()
    assert is_refused(locker.scan(s10_label(1)), Refusal.TOO_LATE)
    assert [each.reason for each in locker.all(ev.PlanRefused)] == ["too_early", "too_late"]


def test_too_late_asks_for_another_attempt(locker: LockerInHand) -> None:
    expected(locker)
    locker.pass_ms(4 * HOUR_MS)
    locker.sign_in()
    locker.scan(s10_label(1))
    assert locker.last(ev.PlanRefused).ladder == "redeliver"


def test_by_a_clock_that_may_lag_nothing_is_too_early(locker: LockerInHand) -> None:
    expected(locker)
    locker.set_clock(ClockQuality.UNKNOWN)
    assert isinstance(locker.scan(s10_label(1)), PlanShown)
