"""Recipients who are away: their parcels wait for them, or are brought when they are back, as a rule says."""

import pytest
from support.locker_in_hand import LockerInHand, is_refused, norths, s10_label
from support.policies import a_laddered_policy

from controller.domain import events as ev
from controller.domain.answers import CommandAnswer, PlanShown
from controller.domain.commands import UpsertPreferences
from controller.domain.ids import HOUR_MS, WallMs
from controller.domain.policy import Policy
from controller.domain.preferences import DAY_MS, Instructions, Preferences, away_s
from controller.domain.refusals import Refusal
from controller.domain.rulebook import flaws
from controller.domain.rules import Pattern, Rule, When

P1 = norths("P1")
DAY_S, HOUR_S = DAY_MS // 1000, 3600


@pytest.fixture
def locker() -> LockerInHand:
    return LockerInHand(a_laddered_policy())


def away(here: LockerInHand, days: float, since: float = 1) -> Instructions:
    """Gone since so many days, back in so many more."""
    now = here.at.wall
    return Instructions(
        confirmed_at=now, away_from=WallMs(int(now - since * DAY_MS)), away_until=WallMs(int(now + days * DAY_MS))
    )


def scanned(here: LockerInHand, serial: int = 1) -> object:
    here.sign_in()
    return here.scan(s10_label(serial))


def test_for_a_few_days_the_time_runs_from_their_return(locker: LockerInHand) -> None:
    locker.expect(1, preferences=away(locker, 2))
    shown = scanned(locker)
    assert isinstance(shown, PlanShown)
    assert (shown.hold_s, shown.ladder) == (5 * DAY_S, "away")
    assert "away" in shown.rules


def test_it_expires_no_sooner_than_they_had_their_time(locker: LockerInHand) -> None:
    locker.deposit(1, preferences=away(locker, 2))
    locker.pass_ms(5 * DAY_MS - HOUR_MS)
    assert not locker.state.parcels[P1].expired
    reminded = [event.action for event in locker.all(ev.LadderStep)]
    assert reminded == ["notify", "remind", "offer_extension"]
    locker.pass_ms(3 * HOUR_MS)
    assert locker.state.parcels[P1].expired


def test_away_for_long_is_brought_when_they_are_back(locker: LockerInHand) -> None:
    wanted = away(locker, 10)
    locker.expect(1, preferences=wanted)
    assert is_refused(scanned(locker), Refusal.RECIPIENT_AWAY)  # type: ignore[arg-type]
    refused = locker.last(ev.PlanRefused)
    assert (refused.rules, refused.ladder, refused.bring_after) == (("away-for-long",), "redeliver", wanted.away_until)
    assert not locker.all(ev.UnlockAuthorised)
    locker.pass_ms(10 * DAY_MS)
    assert isinstance(scanned(locker), PlanShown)


def test_food_does_not_wait_for_anybody_who_is_away(locker: LockerInHand) -> None:
    locker.expect(1, classes=("perishable",), preferences=away(locker, 1))
    assert is_refused(scanned(locker), Refusal.RECIPIENT_AWAY)  # type: ignore[arg-type]
    assert locker.last(ev.PlanRefused).rules == ("away",)
    locker.expect(2, classes=("perishable",), preferences=away(locker, 2 / 24))
    assert isinstance(scanned(locker, 2), PlanShown)


def test_who_goes_tomorrow_or_is_back_is_not_away(locker: LockerInHand) -> None:
    locker.expect(1, preferences=away(locker, 9, since=-1))
    shown = scanned(locker)
    assert isinstance(shown, PlanShown)
    assert (shown.hold_s, shown.ladder) == (3 * DAY_S, "ordinary")
    locker.expect(2, preferences=away(locker, -1, since=5))
    assert isinstance(scanned(locker, 2), PlanShown)


def test_what_is_stored_already_waits_for_them_too(locker: LockerInHand) -> None:
    locker.deposit(1, recipient="r-1")
    before = locker.state.parcels[P1].hold_until
    told = UpsertPreferences(preferences=away(locker, 2), recipient="r-1")
    assert locker.command(told) == CommandAnswer("executed")
    extended = locker.last(ev.ParcelExtended)
    assert extended.reason == "recipient_away"
    assert before is not None
    assert extended.hold_until >= before + 2 * DAY_MS - HOUR_MS
    locker.check_replay()


def test_what_is_stored_is_not_thrown_out_for_a_long_absence(locker: LockerInHand) -> None:
    locker.deposit(1, recipient="r-1")
    locker.command(UpsertPreferences(preferences=away(locker, 30), recipient="r-1"))
    assert not locker.state.parcels[P1].cancelled
    assert not locker.all(ev.ParcelExtended)


def test_a_site_may_rule_otherwise() -> None:
    anyway = [Rule("away-for-long"), Rule("away")]
    rules = [*anyway, *(rule for rule in a_laddered_policy().rules if rule.id not in ("away-for-long", "away"))]
    locker = LockerInHand(Policy(rules=tuple(rules)))
    locker.expect(1, preferences=away(locker, 10))
    shown = scanned(locker)
    assert isinstance(shown, PlanShown)
    assert shown.hold_s == 3 * DAY_S


@pytest.mark.parametrize(
    ("days", "since", "hours"), [(2.0, 1.0, 48), (1 / 48, 1.0, 1), (0.0, 1.0, 0), (-1.0, 3.0, 0), (2.0, -1.0, 0)]
)
def test_how_long_is_in_whole_hours(locker: LockerInHand, days: float, since: float, hours: int) -> None:
    assert away_s(away(locker, days, since), locker.at.wall) == hours * HOUR_S
    assert away_s(None, locker.at.wall) == 0
    assert away_s(Preferences(confirmed_at=locker.at.wall), locker.at.wall) == 0


def test_rules_that_contradict_each_other_about_it_are_found() -> None:
    policy = a_laddered_policy()
    wide = Rule("a", When(away_longer_than_s=0), hold_from_return=True)
    narrow = Rule("b", When(away_longer_than_s=HOUR_S), hold_from_return=False)
    assert [flaw.rule for flaw in flaws([wide, narrow], {}, policy)] == ["b"]
    assert not list(flaws([Rule("b", When(away_longer_than_s=HOUR_S), hold_from_return=False), wide], {}, policy))
    out = Rule("c", pattern=Pattern.REFUSE, reason=Refusal.RECIPIENT_AWAY, ladder="x", hold_from_return=True)
    found = [(flaw.rule, flaw.field) for flaw in flaws([out], {}, policy)]
    assert ("c", "hold_from_return") in found
