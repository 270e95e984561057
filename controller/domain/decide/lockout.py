"""The service lock-out: a technician's hands are in the cabinet, and no lock moves but at their word."""

from controller.domain import events as ev
from controller.domain.cycles import is_waiting
from controller.domain.decide.draft import Decision, Draft
from controller.domain.decide.technician import technician_of
from controller.domain.ids import MonoMs, Role, SessionId
from controller.domain.inputs import LockOutAsked, LockoutEndAsked
from controller.domain.refusals import Refusal


def lock_out(draft: Draft, asked: LockOutAsked) -> Decision:
    """Switch it on, or have it hold for its whole time again. Not while a lock is about to move."""
    role = _role(draft, asked.session)
    if role is None:
        return draft.refuse(Refusal.NOT_SIGNED_IN)
    cycles = (compartment.cycle for compartment in draft.state.compartments.values())
    if any(cycle is not None and is_waiting(cycle) for cycle in cycles):
        return draft.refuse(Refusal.BUSY)
    until = MonoMs(draft.at.mono + draft.policy.lockout_ms)
    draft.record(ev.LockedOut(role=role, until=until, note=asked.note or None))
    return draft.answer()


def end_lockout(draft: Draft, asked: LockoutEndAsked) -> Decision:
    """Switch it off. From the terminal only while nobody is signed in before the cabinet."""
    role = _role(draft, asked.session)
    if role is None:
        return draft.refuse(Refusal.NOT_SIGNED_IN)
    if asked.session is None and draft.state.technician is not None:
        return draft.refuse(Refusal.BUSY)
    if draft.state.lockout is None:
        return draft.refuse(Refusal.NOT_LOCKED_OUT)
    draft.record(ev.LockoutEnded(role=role, note=asked.note or None))
    return draft.answer()


def pass_lockout_deadline(draft: Draft) -> None:
    """Nobody has switched it off in time: it ends, and not silently."""
    lockout = draft.state.lockout
    if lockout is not None and lockout.until <= draft.at.mono:
        draft.record(ev.LockoutLapsed())


def _role(draft: Draft, session: SessionId | None) -> Role | None:
    if session is None:
        return Role.OPERATOR
    return Role.TECHNICIAN if technician_of(draft.state, session) is not None else None
