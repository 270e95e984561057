"""How many wrong ones may be typed: a burst, then one more per interval of powered time.

Kept as one moment, `due`: when the allowance will be full again (the generic cell rate algorithm of ITU-T I.371).
Powered time stands still without power, so neither a reboot nor a clock step buys tries.
"""

from dataclasses import dataclass

from controller.domain.ids import MonoMs
from controller.domain.policy import Policy


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` tries at once, then one more per `interval_ms`."""

    burst: int
    interval_ms: int

    def left(self, due: MonoMs, now: MonoMs) -> int:
        """Whole tries left, 0 to `burst`."""
        owed = max(0, due - now)
        return max(0, (self.burst * self.interval_ms - owed) // self.interval_ms)

    def after_wrong(self, due: MonoMs, now: MonoMs) -> MonoMs:
        """The new `due` once one try is gone."""
        return MonoMs(max(due, now) + self.interval_ms)

    def next_s(self, due: MonoMs, now: MonoMs) -> int:
        """Seconds until one try is allowed again, rounded up; 0 when one is allowed now."""
        free_at = due - (self.burst - 1) * self.interval_ms
        return max(0, -(-(free_at - now) // 1000))


def tries_left(due: MonoMs, now: MonoMs, policy: Policy) -> int:
    """Codes that may still be typed wrong, 0 to `policy.code_burst`."""
    return _codes(policy).left(due, now)


def after_wrong_code(due: MonoMs, now: MonoMs, policy: Policy) -> MonoMs:
    """The new `due` once a code was wrong."""
    return _codes(policy).after_wrong(due, now)


def next_try_s(due: MonoMs, now: MonoMs, policy: Policy) -> int:
    """Seconds until a code is looked at again, rounded up; 0 when one is now."""
    return _codes(policy).next_s(due, now)


def _codes(policy: Policy) -> Rate:
    return Rate(policy.code_burst, policy.code_interval_ms)
