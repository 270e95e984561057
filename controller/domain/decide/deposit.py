"""The driver at the screen: sign in, scan, acknowledge the plan, door, done."""

from controller.domain import events as ev
from controller.domain.allocation import Wanted
from controller.domain.answers import SignedIn, SignedOut, Stored
from controller.domain.certain import certain
from controller.domain.cycles import any_door_moving, why_not_unlocked
from controller.domain.decide.draft import Decision, Draft
from controller.domain.decide.driving import closed_deposit, in_deposit, open_for_driver, reserve, visit_of
from controller.domain.decide.leaving import end_visit
from controller.domain.decide.planning import no_plan, offer
from controller.domain.decide.storing import store
from controller.domain.decide.taking_away import removal_of, scan_item
from controller.domain.ids import Purpose, SessionId
from controller.domain.inputs import BadgeRejected, BadgeShown, LabelScanned, PlanAcknowledged, ScanRejected
from controller.domain.labels import Label, LabelKind
from controller.domain.refusals import Refusal
from controller.domain.rules import NO_NEEDS, REACHABLE
from controller.domain.state import Custody, DriverVisit, Parcel, State


def sign_in(draft: Draft, badge: BadgeShown) -> Decision:
    """A badge with a good signature was shown."""
    visit = draft.state.visit
    if draft.state.technician is not None or (visit is not None and visit.session != badge.session):
        return draft.refuse(Refusal.BUSY)
    skew = draft.policy.clock_skew_ms
    if not badge.not_before - skew <= draft.at.wall <= badge.expires_at:
        return draft.count(BadgeRejected("expired"), draft.refuse(Refusal.BADGE_INVALID).answer)
    if visit is not None and (visit.driver, visit.carrier) == (badge.driver, badge.carrier):
        return draft.answer(SignedIn())
    if visit is not None:
        end_visit(draft, visit, "asked")
    draft.record(ev.DriverSignedIn(session=badge.session, driver=badge.driver, carrier=badge.carrier, jti=badge.jti))
    return draft.answer(SignedIn())


def sign_out(draft: Draft, session: SessionId, reason: str) -> Decision:
    """The driver left; a deposit whose door is shut is settled by its own deadline."""
    visit = visit_of(draft.state, session)
    if visit is None:
        return draft.answer()
    summary = end_visit(draft, visit, reason)
    return draft.answer(_signed_out(summary, draft.state.sequence - 1) if summary is not None else SignedOut())


def _signed_out(summary: ev.DriverSummary, sequence: int) -> SignedOut:
    return SignedOut(
        deposited=len(summary.deposited),
        taken_away=len(summary.taken_away),
        missing=len(summary.missing),
        refused=summary.refused,
        left=len(summary.left),
        record=sequence,
    )


def scan(draft: Draft, scanned: LabelScanned) -> Decision:
    """A label was scanned or typed: the plan for it, before any door moves."""
    visit = visit_of(draft.state, scanned.session)
    if visit is None:
        return draft.refuse(Refusal.NOT_SIGNED_IN)
    removal = removal_of(draft.state, scanned.session)
    if removal is not None:
        return scan_item(draft, removal, scanned.label)
    if in_deposit(draft.state, visit) is not None:
        return draft.refuse(Refusal.DEPOSIT_UNFINISHED)
    if scanned.label.kind is LabelKind.UNREADABLE:
        counted = ScanRejected(scanned.label.kind.value, scanned.label.length)
        return draft.count(counted, draft.refuse(Refusal.LABEL_UNREADABLE).answer)
    if draft.state.disk_low:
        return no_plan(draft, visit, Refusal.STORAGE_FULL)
    parcel = _parcel_of(draft.state, visit, scanned.label)
    if isinstance(parcel, Refusal):
        return no_plan(draft, visit, parcel)
    return offer(draft, visit, parcel, scanned.label.elements)


def acknowledge(draft: Draft, said: PlanAcknowledged) -> Decision:
    """Plan, reasons and preferences were read: reserve a compartment and open it.

    Where any of them has changed meanwhile, it is shown again instead.
    """
    state = draft.state
    visit = visit_of(state, said.session)
    if visit is None:
        return draft.refuse(Refusal.NOT_SIGNED_IN)
    if in_deposit(state, visit) is not None:
        return draft.refuse(Refusal.DEPOSIT_UNFINISHED)
    if visit.parcel is None:
        return draft.refuse(Refusal.NOTHING_TO_CONFIRM)
    if state.removal is not None:
        return draft.refuse(Refusal.REMOVAL_UNFINISHED)
    if any_door_moving(state):
        return draft.refuse(Refusal.DOOR_OPEN)
    # The driver holds the parcel in hand and knows better than the carrier's figures.
    parcel = state.parcels[visit.parcel]
    size, mm = (said.size, ()) if said.size is not None else (visit.size, parcel.mm)
    return reserve(draft, visit, parcel, Wanted(size, mm, REACHABLE if said.accessible else NO_NEEDS))


def done(draft: Draft, session: SessionId) -> Decision:
    """The driver says the parcel is inside."""
    found = closed_deposit(draft, session)
    if isinstance(found, Refusal):
        return draft.refuse(found)
    _, compartment, parcel = found
    certain(draft.fresh, "a fresh code for a deposit that is done")
    store(draft, compartment, "driver")
    return draft.answer(Stored(parcel.id, compartment.id))


def open_again(draft: Draft, session: SessionId, purpose: Purpose) -> Decision:
    """The driver wants the door once more, to rearrange (`deposit`) or to take the parcel back (`take_back`)."""
    found = closed_deposit(draft, session)
    if isinstance(found, Refusal):
        return draft.refuse(found)
    visit, compartment, parcel = found
    if any_door_moving(draft.state):
        return draft.refuse(Refusal.DOOR_OPEN)
    refusal = why_not_unlocked(draft.state, compartment)
    if refusal is not None:
        return draft.refuse(refusal)
    return open_for_driver(draft, visit, compartment, purpose, parcel)


def _parcel_of(state: State, visit: DriverVisit, label: Label) -> Parcel | Refusal:
    """The expected parcel with this label; another carrier's parcels are as unknown as any."""
    named = [p for p in state.parcels.values() if p.label == label.text and p.carrier == visit.carrier]
    expected = next((p for p in named if p.custody is Custody.EXPECTED), None)
    if expected is not None:
        return expected
    return Refusal.ALREADY_STORED if named else Refusal.PARCEL_UNKNOWN
