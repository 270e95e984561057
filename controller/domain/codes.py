"""How long a pickup code must be: the chance of a hit by a tireless attacker at the screen stays within the budget."""

from controller.domain.ids import HOUR_MS
from controller.domain.policy import Policy
from controller.domain.state import Parcel

DAY_MS = 24 * HOUR_MS
HITS_PER_DAY = 10_000
"""One day in this many may bring a tireless attacker a hit."""
LONGEST_TYPED = 64
"""Digits the kiosk takes; more cannot be a code."""


def tries_a_day(policy: Policy) -> int:
    """The most wrong codes that can be tried within any 24 hours: the burst, and what is earned meanwhile."""
    return policy.code_burst + DAY_MS // policy.code_interval_ms


def live_codes(compartments: int, delegates: int) -> int:
    """How many may be good at a time: one for every compartment, and one for every delegate of what is in it."""
    return compartments * (1 + delegates)


def digits_needed(live_codes: int, policy: Policy) -> int:
    """The smallest number of digits, at least 8, at which a day of tries at `live_codes` codes stays in the budget."""
    return _enough(live_codes, policy, 8)


def short_digits_needed(live_codes: int, policy: Policy) -> int:
    """The same for codes that a second identifier of `second_digits` goes with, typed at once: at least 6."""
    return _enough(live_codes, policy, 6, known=policy.second_digits)


def digits_of(parcel: Parcel, policy: Policy) -> int:
    """How long the code of this parcel is: shorter where its carrier told a second identifier."""
    return policy.short_digits if parcel.second is not None else policy.code_digits


def pin_digits(policy: Policy) -> int:
    """The same for the one PIN that whoever has the code still has to guess; at least 6."""
    return _enough(1, policy, 6)


def _enough(live: int, policy: Policy, least: int, known: int = 0) -> int:
    digits = least
    while live * tries_a_day(policy) * HITS_PER_DAY > 10 ** (digits + known):
        digits += 1
    return digits
