"""Parcels that are to be handed in between two moments."""

from datetime import UTC, datetime

import pytest
from support.locker_heart import HOUR_MS, SECOND_MS
from support.locker_in_hand import LockerInHand, is_refused, norths, s10_label
from support.policies import a_policy

from controller.domain import events as ev
from controller.domain.answers import DoorUnlocked, PlanShown
from controller.domain.ids import ClockQuality, WallMs
from controller.domain.refusals import Refusal
from controller.domain.site_time import first_moment, last_moment


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


def test_what_never_came_is_over_a_while_after_its_last_moment_and_asked_for_again(locker: LockerInHand) -> None:
    expected(locker)
    locker.leave()
    locker.expect(2)
    locker.pass_ms(27 * HOUR_MS - SECOND_MS)
    assert norths("P1") in locker.state.parcels
    locker.pass_ms(SECOND_MS)
    assert [*locker.state.parcels] == [norths("P2")]
    assert locker.last(ev.LadderStep).action == "second_attempt"
    assert locker.last(ev.ParcelCancelled) == ev.ParcelCancelled(
        parcel=norths("P1"), stored=False, reason="undelivered"
    )


def test_what_a_driver_holds_at_that_moment_is_not_taken_out_of_their_hands() -> None:
    locker = LockerInHand(a_policy(undelivered_s=0))
    locker.expect(1, not_after=WallMs(locker.at.wall + HOUR_MS))
    locker.plan(1)
    locker.pass_ms(HOUR_MS + 1)
    assert isinstance(locker.acknowledge(), DoorUnlocked)


def test_what_is_inside_has_come(locker: LockerInHand) -> None:
    locker.deposit(1, not_after=WallMs(locker.at.wall + HOUR_MS))
    locker.pass_ms(26 * HOUR_MS)
    assert not locker.all(ev.ParcelCancelled)


SSCC = "340123450000000017"
AHEAD_S = 2 * 3600
"""How far the site's clock on the wall is ahead of UTC."""


def shown(wall: int) -> str:
    """What a label says of this moment: the site's own time, to the minute."""
    return f"{datetime.fromtimestamp(wall / 1000 + AHEAD_S, UTC):%y%m%d%H%M}"


def labelled(form: str, after: str, before: str) -> str:
    return {
        "scanned": f"]C100{SSCC}4324{after}\x1d4325{before}",
        "printed": f"(00){SSCC}(4324){after}(4325){before}",
        "link": f"https://id.gs1.org/00/{SSCC}?4324={after}&4325={before}",
    }[form]


@pytest.fixture
def abroad() -> LockerInHand:
    """A locker whose clock on the wall is not in UTC, and a driver before it."""
    locker = LockerInHand(a_policy(offsets=((WallMs(0), AHEAD_S),)))
    locker.expect(1, label=f"(00){SSCC}")
    locker.sign_in()
    return locker


@pytest.mark.parametrize("form", ["scanned", "printed", "link"])
def test_the_label_says_between_what_times_too(abroad: LockerInHand, form: str) -> None:
    now = abroad.at.wall
    assert is_refused(abroad.scan(labelled(form, shown(now + HOUR_MS), "4912319999")), Refusal.TOO_EARLY)
    assert is_refused(abroad.scan(labelled(form, "2601019999", shown(now - HOUR_MS))), Refusal.TOO_LATE)
    assert isinstance(abroad.scan(labelled(form, shown(now - HOUR_MS), shown(now + HOUR_MS))), PlanShown)


@pytest.mark.parametrize(("announced_h", "labelled_h"), [(1, 3), (3, 1)])
def test_of_label_and_announcement_the_stricter_counts(announced_h: int, labelled_h: int) -> None:
    locker = LockerInHand(a_policy(offsets=((WallMs(0), AHEAD_S),)))
    now = locker.at.wall
    label = f"(00){SSCC}(4324){shown(now + labelled_h * HOUR_MS)}"
    locker.expect(1, label=f"(00){SSCC}", not_before=WallMs(now + announced_h * HOUR_MS))
    locker.pass_ms(2 * HOUR_MS)
    locker.sign_in()
    assert is_refused(locker.scan(label), Refusal.TOO_EARLY)
    locker.pass_ms(HOUR_MS + 60_000)
    locker.sign_in()
    assert isinstance(locker.scan(label), PlanShown)


def test_what_the_announced_label_says_is_announced(locker: LockerInHand) -> None:
    locker.expect(1, label=f"(00){SSCC}(4324)2611271000(4325)2611279999")
    told = locker.last(ev.ParcelExpected)
    assert told.label == SSCC
    assert (told.not_before, told.not_after) == (1_795_773_600_000, 1_795_823_999_999)


def test_a_day_alone_is_all_of_it_in_the_sites_own_time() -> None:
    summer = ((WallMs(0), 3600), (first_moment("2603290100", ()), 7200), (first_moment("2610250100", ()), 3600))
    hours = (last_moment("2610259999", summer) - first_moment("2610259999", summer) + 1) / HOUR_MS
    assert hours == 25
    assert first_moment("2607010000", summer) == first_moment("2606302200", ())
