"""What every step of a driver's visit asks and does: whose visit, which deposit, which door."""

from controller.domain import events as ev
from controller.domain.allocation import Wanted, allocate, wanted_for
from controller.domain.answers import DoorUnlocked
from controller.domain.contacts import ContactKind
from controller.domain.cycles import awaits_answer_since
from controller.domain.decide.draft import Decision, Draft
from controller.domain.decide.planning import is_as_shown, no_plan, no_room, offer, plan_now
from controller.domain.decide.preferring import preferences_of
from controller.domain.ids import Purpose, Role, SessionId
from controller.domain.refusals import Refusal
from controller.domain.rules import together
from controller.domain.state import Compartment, Custody, DriverVisit, Parcel, State


def visit_of(state: State, session: SessionId) -> DriverVisit | None:
    """The driver's visit of this session."""
    return state.visit if state.visit is not None and state.visit.session == session else None


def in_deposit(state: State, visit: DriverVisit) -> Compartment | None:
    """The compartment into which the parcel in the driver's hands is being put."""
    parcel = state.parcels.get(visit.parcel) if visit.parcel is not None else None
    if parcel is None or parcel.custody is not Custody.DEPOSITING or parcel.compartment is None:
        return None
    return state.compartments[parcel.compartment]


def deposit_of(state: State, session: SessionId) -> Compartment | None:
    """The compartment this driver's visit is putting a parcel into."""
    visit = visit_of(state, session)
    return None if visit is None else in_deposit(state, visit)


def closed_deposit(draft: Draft, session: SessionId) -> tuple[DriverVisit, Compartment, Parcel] | Refusal:
    """The deposit whose door has gone through its cycle and waits for the driver's word."""
    visit = visit_of(draft.state, session)
    if visit is None:
        return Refusal.NOT_SIGNED_IN
    compartment = in_deposit(draft.state, visit)
    if compartment is None or compartment.parcel is None:
        return Refusal.NOTHING_TO_CONFIRM
    if awaits_answer_since(compartment, draft.policy) is None:
        return Refusal.DOOR_OPEN
    return visit, compartment, draft.state.parcels[compartment.parcel]


def reserve(draft: Draft, visit: DriverVisit, parcel: Parcel, wanted: Wanted) -> Decision:
    """Reserve a compartment and open it; `wanted.needs` are the driver's, beside those of the plan.

    Where plan or preferences have changed since the driver read them, they are shown again instead.
    """
    if ContactKind.FIRE in draft.state.contacts.values():
        return no_plan(draft, visit, Refusal.FIRE_ALARM, parcel)
    if draft.state.disk_low:
        return no_plan(draft, visit, Refusal.STORAGE_FULL, parcel)
    made, kept = plan_now(draft, parcel, visit.label), preferences_of(draft.state, parcel.id)
    if not is_as_shown(made, kept, visit):
        return offer(draft, visit, parcel, visit.label)
    wanted = wanted_for(parcel, wanted.size, wanted.mm, together((made.needs, wanted.needs)))
    compartment = allocate(draft.state, wanted, draft.at.mono, draft.policy)
    if compartment is None:
        return no_room(draft, visit, parcel, made, wanted)
    draft.record(
        ev.PreferenceShown(
            parcel=parcel.id,
            session=visit.session,
            driver=visit.driver,
            handle=visit.preference,
            stale=kept is not None and kept.stale,
        ),
        ev.CustodyDepositing(
            parcel=parcel.id,
            compartment=compartment.id,
            driver=visit.driver,
            session=visit.session,
            proof=visit.proof,
        ),
    )
    return open_for_driver(draft, visit, compartment, Purpose.DEPOSIT, parcel)


def open_for_driver(
    draft: Draft, visit: DriverVisit, compartment: Compartment, purpose: Purpose, parcel: Parcel
) -> Decision:
    """Authorise the unlock of this door, for this parcel."""
    draft.record(
        ev.UnlockAuthorised(
            compartment=compartment.id,
            purpose=purpose,
            role=Role.DRIVER,
            parcel=parcel.id,
            session=visit.session,
        )
    )
    return draft.answer(DoorUnlocked((compartment.id,)))
