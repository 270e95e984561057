"""Doors that are opened for others than those whose parcel is behind them: by operators, technicians, in need."""

from controller.domain import events as ev
from controller.domain.cycles import any_door_moving, is_depositing, is_moving, why_not_unlocked
from controller.domain.decide.draft import Draft
from controller.domain.decide.series import open_in_turn
from controller.domain.decide.storing import abandon
from controller.domain.ids import CompartmentId, Jti, KeyId, MonoMs, Purpose, Role
from controller.domain.refusals import Refusal
from controller.domain.state import Compartment, State


def unlock(draft: Draft, id: CompartmentId, role: Role, jti: Jti | None, note: str | None) -> Refusal | None:
    """One door from afar or from the terminal."""
    compartment = draft.state.compartments.get(id)
    if compartment is None:
        return Refusal.COMPARTMENT_UNKNOWN
    if is_somebody_there(draft.state) or any_door_moving(draft.state) or is_depositing(draft.state, compartment):
        return Refusal.BUSY
    refusal = why_not_unlocked(draft.state, compartment)
    if refusal is not None:
        return refusal
    if not may_open(draft, compartment):
        return Refusal.UNLOCK_LIMIT
    _authorise(draft, compartment, Purpose.SERVICE, role, jti, note)
    return None


def unlock_in_need(draft: Draft, id: CompartmentId, role: Role, jti: Jti | None, note: str | None) -> Refusal | None:
    """A person is in there: outside of every limit, whoever is at the screen. A lock-out holds all the same: somebody
    stands at the cabinet then, with their hands in it.
    """
    compartment = draft.state.compartments.get(id)
    if compartment is None:
        return Refusal.COMPARTMENT_UNKNOWN
    if is_moving(compartment):
        return Refusal.BUSY
    refusal = why_not_unlocked(draft.state, compartment)
    if refusal is not None:
        return refusal
    if is_depositing(draft.state, compartment):
        abandon(draft, compartment)
    _authorise(draft, draft.state.compartments[id], Purpose.EMERGENCY, role, jti, note)
    return None


def unlock_all(draft: Draft, role: Role, kid: KeyId | None, jti: Jti | None) -> Refusal | None:
    """Every door, in turn, once two different keys have said so."""
    if kid is None or jti is None:
        return Refusal.SECOND_SIGNATURE
    if is_somebody_there(draft.state) or any_door_moving(draft.state) or draft.state.series is not None:
        return Refusal.BUSY
    if draft.state.lockout is not None:
        return Refusal.LOCKED_OUT
    first = draft.state.first_signature
    if first is None or first.until <= draft.at.mono:
        until = MonoMs(draft.at.mono + draft.policy.second_signature_ms)
        draft.record(ev.UnlockAllAsked(kid=kid, jti=jti, until=until))
        return None
    if first.kid == kid:
        return Refusal.SECOND_SIGNATURE
    open_in_turn(draft, Purpose.ALL, role, tuple(draft.state.compartments), jti)
    return None


def is_somebody_there(state: State) -> bool:
    """Whether a driver or a technician is signed in at the screen."""
    return state.visit is not None or state.technician is not None


def may_open(draft: Draft, compartment: Compartment) -> bool:
    """Of occupied compartments, only so many an hour, whoever opens them."""
    since = draft.at.mono - draft.policy.remote_window_ms
    recent = sum(when > since for when in draft.state.remote_unlocks)
    return compartment.parcel is None or recent < draft.policy.remote_unlocks


def _authorise(
    draft: Draft, compartment: Compartment, purpose: Purpose, role: Role, jti: Jti | None, note: str | None
) -> None:
    draft.record(
        ev.UnlockAuthorised(
            compartment=compartment.id, purpose=purpose, role=role, parcel=compartment.parcel, jti=jti, note=note
        )
    )
