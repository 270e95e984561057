"""PINs in the clear, for as long as it takes to compare them. Nothing here is ever logged."""

import asyncio
import hashlib
import hmac

from controller.contract.pin_verifier import SCHEME, verifies
from controller.domain.ids import DriverNumber, PinVerifier, SessionId
from controller.domain.inputs import PinTyped
from controller.domain.staff import Staff, StaffKey, StaffMember, most_with_one_number, with_number

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
        if "/" in who:
            known = staff.members.get(StaffKey(who))
            holders: tuple[StaffMember, ...] = () if known is None else (known,)
            compared = 1
        else:
            holders, compared = with_number(staff, DriverNumber(who)), most_with_one_number(staff)
        async with self._one_at_a_time:
            right = await asyncio.to_thread(_whose, holders, pin, compared)
        member = right or (holders[0] if len(holders) == 1 else None)
        slot = holders[0].key if len(holders) == 1 else who if "/" in who else self._slot_of(who)
        if member is None:
            return PinTyped(session, slot, None, right=False)
        return PinTyped(session, slot, member.key, right is not None, member.told_sequence)

    def _slot_of(self, number: str) -> str:
        """Where wrong tries for a number of nobody, or of several, are counted. It tells nothing of what was typed,
        which may be more than a number: a PIN in the wrong place, a telephone number.
        """
        hidden = hmac.new(self._key, b"number" + number.encode("utf-8", "replace"), hashlib.sha256).digest()
        return f"number-{int.from_bytes(hidden[:8]) % _SLOTS}"


def _whose(holders: tuple[StaffMember, ...], pin: str, compared: int) -> StaffMember | None:
    """Whose PIN it is, of those who have the number; None where that is not one of them alone.

    So many PINs are `compared` whatever the number, so that the time it takes does not tell who has it.
    """
    known = [(member, member.pin) for member in holders if member.pin is not None]
    right = [member for member, theirs in known if verifies(pin[:LONGEST_TYPED], theirs)]
    for _ in range(compared - len(known)):
        verifies(pin[:LONGEST_TYPED], _NOBODYS)
    return right[0] if len(right) == 1 else None
