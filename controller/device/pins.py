"""PINs in the clear, for as long as it takes to compare them. Nothing here is ever logged."""

import asyncio
import hashlib
import hmac

from controller.contract.pin_verifier import SCHEME, verifies
from controller.domain.ids import DriverNumber, PinVerifier, SessionId
from controller.domain.inputs import PinTyped
from controller.domain.staff import Staff, StaffKey, StaffMember, with_number

_NOBODYS = PinVerifier(f"{SCHEME}.{'A' * 22}.{'A' * 43}")
"""Compared with where there is nothing to compare with, so that it takes as long."""
_SLOTS = 1000
LONGEST_TYPED = 64


class Pins:
    """Compares one PIN at a time, off the loop: on a small computer a queue is better than memory for several."""

    def __init__(self, key: bytes) -> None:
        """`key` hides which numbers of nobody were typed."""
        self._key = key
        self._one_at_a_time = asyncio.Lock()

    async def typed(self, staff: Staff, session: SessionId, who: StaffKey | DriverNumber, pin: str) -> PinTyped:
        """What a typed PIN comes to; `who` is whose badge was shown, or the number that was typed with it."""
        member = staff.members.get(StaffKey(who)) if "/" in who else with_number(staff, DriverNumber(who))
        async with self._one_at_a_time:
            right = await asyncio.to_thread(_is_right, member, pin)
        if member is None:
            return PinTyped(session, who if "/" in who else self._slot_of(who), None, right=False)
        return PinTyped(session, member.key, member.key, right, member.told_sequence)

    def _slot_of(self, number: str) -> str:
        """Where wrong tries for a number of nobody are counted. It tells nothing of what was typed, which may be more
        than a number: a PIN in the wrong place, a telephone number.
        """
        hidden = hmac.new(self._key, b"number" + number.encode("utf-8", "replace"), hashlib.sha256).digest()
        return f"nobody-{int.from_bytes(hidden[:8]) % _SLOTS}"


def _is_right(member: StaffMember | None, pin: str) -> bool:
    known = member.pin if member is not None else None
    return verifies(pin[:LONGEST_TYPED], known or _NOBODYS) and known is not None
