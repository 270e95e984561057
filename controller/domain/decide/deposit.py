"""The driver at the screen: scan, acknowledge the plan, door, done."""

from controller.domain.allocation import Wanted
from controller.domain.answers import Stored
from controller.domain.certain import certain
from controller.domain.contacts import ContactKind
from controller.domain.cycles import any_door_moving, why_not_unlocked
from controller.domain.decide import signing_in
from controller.domain.decide.checklist_due import is_due
from controller.domain.decide.draft import Decision, Draft
from controller.domain.decide.driving import closed_deposit, in_deposit, open_for_driver, reserve, visit_of
from controller.domain.decide.planning import no_plan, offer
from controller.domain.decide.storing import store
from controller.domain.decide.taking_away import removal_of, scan_item
from controller.domain.decide.unannounced import take_in
from controller.domain.ids import Purpose, SessionId
from controller.domain.inputs import LabelScanned, PlanAcknowledged, ScanRejected
from controller.domain.labels import Label, LabelKind
from controller.domain.refusals import Refusal
from controller.domain.rules import NO_NEEDS, REACHABLE
from controller.domain.staff import Scope
from controller.domain.state import Custody, DriverVisit, Parcel, State


def scan(draft: Draft, scanned: LabelScanned) -> Decision:
    """A label was scanned or typed: the plan for it, before any door moves."""
    removal = removal_of(draft.state, scanned.session)
    if removal is not None:
        return scan_item(draft, removal, scanned.label)
    visit = _may_deposit(draft, scanned.session)
    if isinstance(visit, Refusal):
        return draft.refuse(visit)
    if is_due(draft, visit):
        return draft.refuse(Refusal.CHECKLIST_DUE)
    if scanned.label.kind is LabelKind.UNREADABLE:
        counted = ScanRejected(scanned.label.kind.value, scanned.label.length)
        return draft.count(counted, draft.refuse(Refusal.LABEL_UNREADABLE).answer)
    if ContactKind.FIRE in draft.state.contacts.values():
        return no_plan(draft, visit, Refusal.FIRE_ALARM)
    if draft.state.disk_low:
        return no_plan(draft, visit, Refusal.STORAGE_FULL)
    parcel = _parcel_of(draft.state, visit, scanned.label)
    if parcel is Refusal.PARCEL_UNKNOWN:
        parcel = take_in(draft, visit, scanned.label)
    if isinstance(parcel, Refusal):
        return no_plan(draft, visit, parcel)
    return offer(draft, visit, parcel, scanned.label.elements, scanned.size)


def acknowledge(draft: Draft, said: PlanAcknowledged) -> Decision:
    """Plan, reasons and preferences were read: reserve a compartment and open it.

    Where any of them has changed meanwhile, it is shown again instead.
    """
    visit, state = _may_deposit(draft, said.session), draft.state
    if isinstance(visit, Refusal):
        return draft.refuse(visit)
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


def _may_deposit(draft: Draft, session: SessionId) -> DriverVisit | Refusal:
    """The driver, if the next parcel may be begun with."""
    visit = visit_of(draft.state, session)
    if visit is not None and in_deposit(draft.state, visit) is not None:
        return Refusal.DEPOSIT_UNFINISHED
    admitted = signing_in.admitted(draft, session)
    if isinstance(admitted, DriverVisit) and Scope.DEPOSIT not in admitted.scope:
        return Refusal.NOT_ALLOWED
    return admitted


def _parcel_of(state: State, visit: DriverVisit, label: Label) -> Parcel | Refusal:
    """The expected parcel with this label; another carrier's parcels are as unknown as any."""
    named = [p for p in state.parcels.values() if p.label == label.text and p.carrier == visit.carrier]
    expected = next((p for p in named if p.custody is Custody.EXPECTED), None)
    if expected is not None:
        return expected
    return Refusal.ALREADY_STORED if named else Refusal.PARCEL_UNKNOWN
