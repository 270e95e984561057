"""How long a pickup code must be: the chance of a hit by a tireless attacker at the screen stays within the budget."""

from controller.domain.ids import HOUR_MS
from controller.domain.policy import Policy

DAY_MS = 24 * HOUR_MS
HITS_PER_DAY = 10_000
"""One day in this many may bring a tireless attacker a hit."""
LONGEST_TYPED = 64
"""Digits the kiosk takes; more cannot be a code."""


def tries_a_day(policy: Policy) -> int:
    """The most wrong codes that can be tried within any 24 hours: the burst, and what is earned meanwhile."""
    return policy.code_burst + DAY_MS // policy.code_interval_ms


def digits_needed(live_codes: int, policy: Policy) -> int:
    """The smallest number of digits, at least 8, at which a day of tries at `live_codes` codes stays in the budget."""
    return _enough(live_codes, policy, 8)


def pin_digits(policy: Policy) -> int:
    """The same for the one PIN that whoever has the code still has to guess; at least 6."""
    return _enough(1, policy, 6)


def _enough(live: int, policy: Policy, least: int) -> int:
    digits = least
    while live * tries_a_day(policy) * HITS_PER_DAY > 10**digits:
        digits += 1
    return digits
