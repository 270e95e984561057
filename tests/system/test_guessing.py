"""The attack of `tests/domain/test_guessing.py`, thousands of days long. `-k guessing` prints its figures."""

import pytest
from support.figures import spread
from support.guessing import attack, days, days_with_second, expected_rate, known_codes
from support.policies import a_policy

from controller.domain.codes import HITS_PER_DAY, tries_a_day

POLICY = a_policy()
LIVE = 60


@pytest.mark.parametrize(("digits", "count"), [(5, 5000), (6, 5000), (8, 10_000)])
def test_hits_in_thousands_of_days(digits: int, count: int) -> None:
    rate, expected = days(count, LIVE, digits, POLICY), expected_rate(LIVE, digits, tries_a_day(POLICY))
    least, most = rate.bounds
    print(f"{LIVE} codes of {digits} digits: {rate.hits} hits in {count} days;", end=" ")
    print(f"{least:.2e} to {most:.2e} a day (99.9 %), by the formula {expected:.2e}, budget {1 / HITS_PER_DAY:.0e}")
    assert least <= expected <= most
    assert digits < 8 or expected <= 1 / HITS_PER_DAY


def test_what_honest_visitors_wait_meanwhile() -> None:
    waits = [wait for seed in range(500) for wait in attack(LIVE, 8, POLICY, seed).waits_s]
    print("an honest visitor in the middle of it waits:", spread(waits, "s"))
    assert max(waits) <= POLICY.code_interval_ms // 1000


@pytest.mark.parametrize(("digits", "second", "count"), [(3, 2, 1000), (6, 4, 1000)])
def test_hits_where_a_second_identifier_goes_with_the_code(digits: int, second: int, count: int) -> None:
    policy = a_policy(second_digits=second)
    rate, expected = (
        days_with_second(count, LIVE, digits, policy),
        expected_rate(LIVE, digits + second, tries_a_day(policy)),
    )
    least, most = rate.bounds
    print(f"{LIVE} codes of {digits} digits and {second}: {rate.hits} hits in {count} days;", end=" ")
    print(f"{least:.2e} to {most:.2e} a day (99.9 %), by the formula {expected:.2e}")
    assert least <= expected <= most
    assert digits < 6 or expected <= 1 / HITS_PER_DAY


@pytest.mark.parametrize(("second", "count"), [(2, 2000), (4, 10_000)])
def test_hits_where_somebody_knows_the_code_alone(second: int, count: int) -> None:
    policy = a_policy(second_digits=second)
    rate, expected = known_codes(count, policy), policy.wrong_seconds / 10**second
    least, most = rate.bounds
    print(f"a known code, {second} digits to guess: {rate.hits} hits in {count};", end=" ")
    print(f"{least:.2e} to {most:.2e} a code (99.9 %), by the formula {expected:.2e}")
    assert least <= expected <= most
