"""How many wrong PINs may be typed: five for one number, then it rests, each time twice as long; and so many in all.

Powered time alone counts, so that neither a reboot nor a clock step gives anybody another try.
"""

from controller.domain.allowance import Rate
from controller.domain.ids import HOUR_MS, NEVER, MonoMs
from controller.domain.policy import Policy
from controller.domain.staff import PinTries, Staff

_FORGOTTEN_MS = 24 * HOUR_MS
"""A number at which nobody guessed for so long starts afresh."""
_FRESH = PinTries(0, 0, NEVER, NEVER)


def overall(policy: Policy) -> Rate:
    """The allowance of the whole locker."""
    return Rate(policy.pin_burst, policy.pin_interval_ms)


def wait_s(staff: Staff, slot: str, now: MonoMs, policy: Policy) -> int:
    """Seconds until a PIN for this number is looked at again, rounded up; 0 when one is now."""
    tries = staff.tries.get(slot, _FRESH)
    return max(-(-(tries.locked_until - now) // 1000), overall(policy).next_s(staff.tries_due, now), 0)


def after_wrong_pin(staff: Staff, slot: str, now: MonoMs, policy: Policy) -> PinTries:
    """What is remembered of this number once another wrong PIN was typed for it."""
    tries = _live(staff, now).get(slot, _FRESH)
    if tries.wrong + 1 < policy.pin_tries:
        return PinTries(tries.wrong + 1, tries.locks, tries.locked_until, now)
    rests_ms = min(policy.pin_lock_ms * 2**tries.locks, policy.longest_pin_lock_ms)
    return PinTries(0, tries.locks + 1, MonoMs(now + rests_ms), now)


def with_tries(staff: Staff, slot: str, tries: PinTries) -> dict[str, PinTries]:
    """Every number at which somebody guessed of late, this one among them."""
    return _live(staff, tries.last) | {slot: tries}


def _live(staff: Staff, now: MonoMs) -> dict[str, PinTries]:
    return {
        slot: tries for slot, tries in staff.tries.items() if max(tries.last, tries.locked_until) + _FORGOTTEN_MS > now
    }
