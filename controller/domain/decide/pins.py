"""Whether a PIN that was typed is to be believed: for drivers and for technicians, who are told the same."""

from controller.domain import events as ev
from controller.domain.answers import Refused
from controller.domain.decide.draft import Decision, Draft
from controller.domain.inputs import PinBackedOff, PinTyped
from controller.domain.pin_tries import after_wrong_pin, overall, wait_s
from controller.domain.refusals import Refusal
from controller.domain.staff import StaffMember, why_not_let_in


def judge(draft: Draft, typed: PinTyped) -> StaffMember | Decision:
    """Who has proved themselves; or the no, which is the same for a wrong PIN, a number of nobody, and one that ended.

    While the number rests, or the locker's allowance is empty, a right PIN is not looked at either.
    """
    wait = wait_s(draft.state.staff, typed.slot, draft.at.mono, draft.policy)
    if wait > 0:
        return draft.count(PinBackedOff(), Refused(Refusal.TOO_MANY_TRIES, wait))
    member = draft.state.staff.members.get(typed.who) if typed.who is not None else None
    if member is None or not typed.right or member.told_sequence != typed.told_sequence:
        return _wrong(draft, typed, "pin")
    why = why_not_let_in(draft.state.staff, member.carrier, member.driver, None, draft.at.wall)
    return member if why is None else _wrong(draft, typed, why)


def _wrong(draft: Draft, typed: PinTyped, reason: str) -> Decision:
    staff, now = draft.state.staff, draft.at.mono
    tries = after_wrong_pin(staff, typed.slot, now, draft.policy)
    draft.record(
        ev.DriverRefused(
            reason=reason,
            slot=typed.slot,
            wrong=tries.wrong,
            locks=tries.locks,
            locked_until=tries.locked_until,
            tries_due=overall(draft.policy).after_wrong(staff.tries_due, now),
        )
    )
    return draft.refuse(Refusal.PIN_WRONG, retry_after_s=wait_s(draft.state.staff, typed.slot, now, draft.policy))
