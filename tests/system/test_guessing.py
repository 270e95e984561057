"""The attack of `tests/domain/test_guessing.py`, thousands of days long. `-k guessing` prints its figures."""

import pytest
from support.figures import spread
from support.guessing import attack, days, expected_rate
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
