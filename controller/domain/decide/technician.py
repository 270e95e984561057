"""The technician at the cabinet: badge and PIN, then doors one by one, all in turn, and what is to be said of them."""

from controller.domain import events as ev
from controller.domain.answers import DoorUnlocked, SignedIn
from controller.domain.cycles import any_door_moving, is_depositing, why_not_unlocked
from controller.domain.decide.draft import Decision, Draft
from controller.domain.decide.pins import judge
from controller.domain.decide.series import open_in_turn
from controller.domain.decide.service import may_open
from controller.domain.ids import CompartmentId, Purpose, Role, SessionId
from controller.domain.inputs import (
    BadgeRejected,
    QuarantineAsked,
    RestoreAsked,
    TechnicianProven,
    TechnicianUnlockAsked,
)
from controller.domain.periods import is_within
from controller.domain.refusals import Refusal
from controller.domain.service import TechnicianVisit
from controller.domain.staff import Scope, is_of_before, key_of, why_not_let_in
from controller.domain.state import Compartment, State


def sign_in(draft: Draft, shown: TechnicianProven) -> Decision:
    """A badge with a good signature, and the PIN that goes with it."""
    if draft.state.visit is not None:
        return draft.refuse(Refusal.BUSY)
    badge = shown.badge
    invalid = draft.refuse(Refusal.BADGE_INVALID).answer
    if not is_within(draft.at, badge.not_before, badge.expires_at, draft.policy.clock_skew_ms):
        return draft.count(BadgeRejected("expired"), invalid)
    why = why_not_let_in(draft.state.staff, None, badge.technician, badge.jti, draft.at.wall)
    if is_of_before(draft.state.staff, None, badge.technician, badge.not_before):
        why = "revoked"
    if why is not None:
        return draft.count(BadgeRejected(why), invalid)
    member = judge(draft, shown.pin)
    if isinstance(member, Decision):
        return member
    if member.key != key_of(None, badge.technician) or Scope.TECHNICIAN not in member.scope:
        return draft.count(BadgeRejected("scope"), invalid)
    before = draft.state.technician
    if before is not None and before.session != badge.session:
        _sign_out(draft, before, "another")
    draft.record(ev.TechnicianSignedIn(session=badge.session, technician=badge.technician, jti=badge.jti))
    return draft.answer(SignedIn())


def sign_out(draft: Draft, session: SessionId, reason: str) -> None:
    """They have left the screen."""
    visit = technician_of(draft.state, session)
    if visit is not None:
        _sign_out(draft, visit, reason)


def unlock(draft: Draft, asked: TechnicianUnlockAsked) -> Decision:
    """One door, which counts like any that is opened by others than its recipient; a lock-out does not hold it."""
    if technician_of(draft.state, asked.session) is None:
        return draft.refuse(Refusal.NOT_SIGNED_IN)
    compartment = draft.state.compartments.get(asked.compartment)
    if compartment is None:
        return draft.refuse(Refusal.COMPARTMENT_UNKNOWN)
    refusal = why_not_for_technician(draft.state, compartment)
    if refusal is None and not may_open(draft, compartment):
        refusal = Refusal.UNLOCK_LIMIT
    if refusal is not None:
        return draft.refuse(refusal)
    return authorise(draft, compartment, Purpose.SERVICE, asked.session, asked.reason)


def open_all(draft: Draft, session: SessionId) -> Decision:
    """Every door in turn; whoever stands at the cabinet needs no second signature."""
    if technician_of(draft.state, session) is None:
        return draft.refuse(Refusal.NOT_SIGNED_IN)
    if draft.state.lockout is not None:
        return draft.refuse(Refusal.LOCKED_OUT)
    if any_door_moving(draft.state) or draft.state.series is not None:
        return draft.refuse(Refusal.BUSY)
    open_in_turn(draft, Purpose.ALL, Role.TECHNICIAN, tuple(draft.state.compartments))
    return draft.answer()


def quarantine(draft: Draft, asked: QuarantineAsked) -> Decision:
    """Given to nobody until somebody has looked again."""
    compartment = _at_cabinet(draft, asked.session, asked.compartment)
    if isinstance(compartment, Refusal):
        return draft.refuse(compartment)
    if is_depositing(draft.state, compartment):
        return draft.refuse(Refusal.BUSY)
    draft.record(ev.CompartmentQuarantined(compartment=compartment.id, reason=asked.reason))
    return draft.answer()


def restore(draft: Draft, asked: RestoreAsked) -> Decision:
    """Back into service, after a look inside."""
    compartment = _at_cabinet(draft, asked.session, asked.compartment)
    if isinstance(compartment, Refusal):
        return draft.refuse(compartment)
    draft.record(ev.CompartmentRestored(compartment=compartment.id, note=asked.reason or None))
    return draft.answer()


def technician_of(state: State, session: SessionId) -> TechnicianVisit | None:
    """The technician's visit of this session."""
    return state.technician if state.technician is not None and state.technician.session == session else None


def why_not_for_technician(state: State, compartment: Compartment) -> Refusal | None:
    """Why this door is not unlocked for the technician before it."""
    if any_door_moving(state) or is_depositing(state, compartment):
        return Refusal.BUSY
    refusal = why_not_unlocked(state, compartment)
    return None if refusal is Refusal.LOCKED_OUT else refusal


def authorise(draft: Draft, compartment: Compartment, purpose: Purpose, session: SessionId, note: str) -> Decision:
    """The unlock, for the person who stands there."""
    draft.record(
        ev.UnlockAuthorised(
            compartment=compartment.id,
            purpose=purpose,
            role=Role.TECHNICIAN,
            parcel=compartment.parcel,
            session=session,
            note=note or None,
        )
    )
    return draft.answer(DoorUnlocked((compartment.id,)))


def _at_cabinet(draft: Draft, session: SessionId, id: CompartmentId) -> Compartment | Refusal:
    if technician_of(draft.state, session) is None:
        return Refusal.NOT_SIGNED_IN
    return draft.state.compartments.get(id) or Refusal.COMPARTMENT_UNKNOWN


def _sign_out(draft: Draft, visit: TechnicianVisit, reason: str) -> None:
    draft.record(ev.TechnicianSignedOut(session=visit.session, technician=visit.technician, reason=reason))
