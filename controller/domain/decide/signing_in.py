"""A driver signs in: with a badge, with number and PIN, or with both."""

from controller.domain import events as ev
from controller.domain.answers import SignedIn
from controller.domain.decide.checklist_due import is_due
from controller.domain.decide.draft import Decision, Draft
from controller.domain.decide.driving import visit_of
from controller.domain.decide.leaving import end_visit
from controller.domain.decide.pins import judge
from controller.domain.ids import CarrierId, DriverId, Jti, SessionId
from controller.domain.inputs import BadgeRejected, BadgeShown, PinTyped
from controller.domain.periods import is_within
from controller.domain.refusals import Refusal
from controller.domain.staff import Scope, is_of_before, key_of, scope_of, why_not_let_in
from controller.domain.state import DriverVisit

Proof = tuple[str, ...]
"""What a driver has shown."""
BADGE: Proof = ("badge",)
PIN: Proof = ("pin",)
BOTH: Proof = ("badge", "pin")


def sign_in(draft: Draft, badge: BadgeShown) -> Decision:
    """A badge with a good signature was shown."""
    visit = draft.state.visit
    if _is_busy(draft, badge.session):
        return draft.refuse(Refusal.BUSY)
    invalid = draft.refuse(Refusal.BADGE_INVALID).answer
    if not is_within(draft.at, badge.not_before, badge.expires_at, draft.policy.clock_skew_ms):
        return draft.count(BadgeRejected("expired"), invalid)
    why = why_not_let_in(draft.state.staff, badge.carrier, badge.driver, badge.jti, draft.at.wall)
    if is_of_before(draft.state.staff, badge.carrier, badge.driver, badge.not_before):
        why = "revoked"
    scope = scope_of(draft.state.staff, badge.carrier, badge.driver, badge.scope)
    if why is not None or not scope:
        return draft.count(BadgeRejected(why or "scope"), invalid)
    if not _is_same(visit, badge.carrier, badge.driver):
        return _let_in(draft, badge.session, badge.carrier, badge.driver, BADGE, scope, badge.jti)
    if visit is not None and visit.proof == PIN:
        return _let_in(draft, badge.session, badge.carrier, badge.driver, BOTH, scope, badge.jti)
    return _answer(draft)


def sign_in_by_pin(draft: Draft, typed: PinTyped) -> Decision:
    """A PIN was typed: with a number, or for the badge that was shown."""
    visit = draft.state.visit
    if _is_busy(draft, typed.session):
        return draft.refuse(Refusal.BUSY)
    member = judge(draft, typed)
    if isinstance(member, Decision):
        return member
    if member.carrier is None:
        return draft.refuse(Refusal.BADGE_REQUIRED)
    jti, proof, scope = None, PIN, member.scope
    if visit is not None and _is_same(visit, member.carrier, member.driver) and visit.jti is not None:
        jti, proof, scope = visit.jti, BOTH, visit.scope
    return _let_in(draft, typed.session, member.carrier, member.driver, proof, scope, jti)


def admitted(draft: Draft, session: SessionId) -> DriverVisit | Refusal:
    """The driver of this session, asked for at each step that begins something: a revocation holds at once."""
    visit = visit_of(draft.state, session)
    if visit is None:
        return Refusal.NOT_SIGNED_IN
    why = why_not_let_in(draft.state.staff, visit.carrier, visit.driver, visit.jti, draft.at.wall)
    if why is None:
        return visit
    draft.record(ev.DriverRefused(reason=why))
    end_visit(draft, visit, why)
    return Refusal.NOT_SIGNED_IN


def _is_busy(draft: Draft, session: SessionId) -> bool:
    visit = draft.state.visit
    return draft.state.technician is not None or (visit is not None and visit.session != session)


def _let_in(
    draft: Draft,
    session: SessionId,
    carrier: CarrierId,
    driver: DriverId,
    proof: Proof,
    scope: tuple[Scope, ...],
    jti: Jti | None,
) -> Decision:
    visit = draft.state.visit
    if visit is not None and not _is_same(visit, carrier, driver):
        end_visit(draft, visit, "asked")
    signed_in = ev.DriverSignedIn(session=session, driver=driver, carrier=carrier, jti=jti, proof=proof, scope=scope)
    draft.record(signed_in)
    return _answer(draft)


def _answer(draft: Draft) -> Decision:
    visit = draft.state.visit
    member = draft.state.staff.members.get(key_of(visit.carrier, visit.driver)) if visit is not None else None
    due = visit is not None and is_due(draft, visit)
    return draft.answer(SignedIn(member.language if member is not None else None, due))


def _is_same(visit: DriverVisit | None, carrier: CarrierId, driver: DriverId) -> bool:
    return visit is not None and (visit.driver, visit.carrier) == (driver, carrier)
