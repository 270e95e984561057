"""A tireless attacker for a day: what the allowance lets through, and what it costs honest people."""

import pytest
from support.guessing import attack, attack_with_second, days, days_with_second, expected_rate, known_codes
from support.policies import a_policy

from controller.domain.codes import HITS_PER_DAY, digits_needed, short_digits_needed, tries_a_day
from controller.domain.policy import Policy

POLICY = a_policy()


def test_no_more_tries_in_a_day_than_the_budget_counts_with() -> None:
    day = attack(60, 8, POLICY, seed=1)
    assert (day.hit, day.tries) == (False, tries_a_day(POLICY))


def test_with_codes_so_short_that_some_are_hit_the_rate_is_the_formula_s() -> None:
    rate = days(250, 60, 5, POLICY)
    least, most = rate.bounds
    assert least < expected_rate(60, 5, tries_a_day(POLICY)) < most
    assert most < 0.25, "the interval says something"


def test_the_digits_that_are_given_out_keep_the_formula_in_the_budget() -> None:
    for live in (1, 60, 61, 600, 6000):
        digits = digits_needed(live, POLICY)
        assert expected_rate(live, digits, tries_a_day(POLICY)) <= 1 / HITS_PER_DAY
        assert digits == 8 or expected_rate(live, digits - 1, tries_a_day(POLICY)) > 0.99 / HITS_PER_DAY


def test_an_honest_visitor_waits_no_longer_than_one_try_takes_to_be_earned() -> None:
    waits = attack(60, 8, POLICY, seed=2, visitors=200).waits_s
    assert len(waits) == 200
    assert max(waits) <= POLICY.code_interval_ms // 1000
    assert sum(waits) / len(waits) < 0.6 * POLICY.code_interval_ms / 1000


@pytest.mark.parametrize("looser", [{"code_burst": 400}, {"code_interval_ms": 60_000}])
def test_an_allowance_that_gives_more_away_is_seen_in_the_simulation(looser: dict[str, int]) -> None:
    loose = Policy(**looser)  # type: ignore[arg-type]  # whole numbers, all of them
    assert attack(60, 8, loose, seed=1).tries > 2 * tries_a_day(POLICY)


# --- with a second identifier ---------------------------------------------------------------------------


def test_the_two_together_are_worth_their_digits_together() -> None:
    two = a_policy(second_digits=2)
    rate = days_with_second(400, 60, 3, two)
    least, most = rate.bounds
    assert least < expected_rate(60, 5, tries_a_day(two)) < most
    assert most < 0.2, "the interval says something"


@pytest.mark.parametrize(("second", "live", "digits"), [(4, 60, 6), (4, 600, 6), (4, 6100, 7), (8, 60, 6)])
def test_a_shorter_code_with_it_keeps_the_budget(second: int, live: int, digits: int) -> None:
    policy = a_policy(second_digits=second)
    assert short_digits_needed(live, policy) == digits
    assert live * tries_a_day(policy) * HITS_PER_DAY <= 10 ** (digits + second)


def test_a_day_of_tries_is_no_longer_with_it() -> None:
    day = attack_with_second(60, 6, a_policy(second_digits=4), seed=1)
    assert (day.hit, day.tries) == (False, tries_a_day(POLICY))


def test_a_code_that_somebody_knows_gives_five_tries_and_no_more() -> None:
    two = a_policy(second_digits=2)
    rate = known_codes(600, two)
    least, most = rate.bounds
    assert least < two.wrong_seconds / 10**two.second_digits < most
    assert most < 0.12, "twenty tries would have found a fifth"
