"""How many wrong codes may be typed: a burst, then one more per interval of powered time.

Kept as one moment, `due`: when the allowance will be full again (the generic cell rate algorithm of ITU-T I.371).
Powered time stands still without power, so neither a reboot nor a clock step buys tries.
"""

from controller.domain.ids import MonoMs
from controller.domain.policy import Policy


def tries_left(due: MonoMs, now: MonoMs, policy: Policy) -> int:
    """Whole tries left, 0 to `policy.code_burst`."""
    owed = max(0, due - now)
    return max(0, (policy.code_burst * policy.code_interval_ms - owed) // policy.code_interval_ms)


def after_wrong_code(due: MonoMs, now: MonoMs, policy: Policy) -> MonoMs:
    """The new `due` once one try is gone."""
    return MonoMs(max(due, now) + policy.code_interval_ms)


def next_try_s(due: MonoMs, now: MonoMs, policy: Policy) -> int:
    """Seconds until one try is allowed again, rounded up; 0 when one is allowed now."""
    free_at = due - (policy.code_burst - 1) * policy.code_interval_ms
    return max(0, -(-(free_at - now) // 1000))
