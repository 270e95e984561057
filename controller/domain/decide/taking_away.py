"""The driver takes away what nobody is to collect any more: door after door, each parcel scanned or missing."""

from controller.domain import events as ev
from controller.domain.answers import ItemSettled, ItemTaken
from controller.domain.cycles import any_door_moving, why_not_unlocked
from controller.domain.decide.draft import Decision, Draft
from controller.domain.decide.driving import in_deposit, open_for_driver
from controller.domain.decide.settling import settle_missing, settle_taken
from controller.domain.decide.signing_in import admitted
from controller.domain.ids import Door, ParcelId, Purpose, SessionId
from controller.domain.inputs import TakeAwayAsked
from controller.domain.labels import Label, LabelKind
from controller.domain.naming import meant
from controller.domain.refusals import Refusal
from controller.domain.removal import Removal
from controller.domain.staff import Scope
from controller.domain.state import DriverVisit, Parcel, State
from controller.domain.take_away_list import may_take_away, reason_to_go, to_take_away


def take_away(draft: Draft, asked: TakeAwayAsked) -> Decision:
    """Open the door of this parcel, or of the next one on the list."""
    visit = admitted(draft, asked.session)
    if isinstance(visit, Refusal):
        return draft.refuse(visit)
    refusal = _why_not(draft.state, visit)
    if refusal is not None:
        return draft.refuse(refusal)
    parcel = _next(draft.state, visit, asked.parcel)
    if parcel is None or parcel.compartment is None:
        return draft.refuse(Refusal.NOTHING_TO_TAKE)
    compartment = draft.state.compartments[parcel.compartment]
    refusal = why_not_unlocked(draft.state, compartment)
    if refusal is not None:
        return draft.refuse(refusal)
    draft.record(
        ev.CustodyRemoving(
            parcel=parcel.id,
            compartment=compartment.id,
            carrier=parcel.carrier,
            driver=visit.driver,
            session=visit.session,
            reason=reason_to_go(parcel) or "",
        )
    )
    return open_for_driver(draft, visit, compartment, Purpose.TAKE_AWAY, parcel)


def scan_item(draft: Draft, removal: Removal, label: Label) -> Decision:
    """The driver scans what they took out."""
    parcel, compartment = draft.state.parcels[removal.parcel], draft.state.compartments[removal.compartment]
    if not _may_be_out(draft.state, removal):
        return draft.refuse(Refusal.NOTHING_TO_CONFIRM)
    if not _is_label_of(parcel, label):
        return draft.refuse(Refusal.OTHER_PARCEL)
    if compartment.door is Door.OPEN:
        if not removal.scanned:
            draft.record(ev.CustodyTakenOut(parcel=parcel.id, compartment=compartment.id))
        return draft.answer(ItemTaken(parcel.id, compartment.id))
    settle_taken(draft, removal)
    return draft.answer(ItemSettled(parcel.id, compartment.id, missing=False))


def declare_missing(draft: Draft, session: SessionId) -> Decision:
    """The driver says that it is not behind its door, which was seen to open and is shut again."""
    removal = removal_of(draft.state, session)
    if removal is None or not _may_be_out(draft.state, removal):
        return draft.refuse(Refusal.NOTHING_TO_CONFIRM)
    if draft.state.compartments[removal.compartment].door is Door.OPEN:
        return draft.refuse(Refusal.DOOR_OPEN)
    settle_missing(draft, removal)
    return draft.answer(ItemSettled(removal.parcel, removal.compartment, missing=True))


def open_item_again(draft: Draft, removal: Removal) -> Decision:
    """The driver wants the door of this parcel once more."""
    visit, compartment = draft.state.visit, draft.state.compartments[removal.compartment]
    if visit is None:
        return draft.refuse(Refusal.NOT_SIGNED_IN)
    if any_door_moving(draft.state):
        return draft.refuse(Refusal.DOOR_OPEN)
    refusal = why_not_unlocked(draft.state, compartment)
    if refusal is not None:
        return draft.refuse(refusal)
    return open_for_driver(draft, visit, compartment, Purpose.TAKE_AWAY, draft.state.parcels[removal.parcel])


def removal_of(state: State, session: SessionId) -> Removal | None:
    """What this session's driver is taking away right now."""
    return state.removal if state.removal is not None and state.removal.session == session else None


def _why_not(state: State, visit: DriverVisit) -> Refusal | None:
    if Scope.TAKE_AWAY not in visit.scope:
        return Refusal.NOT_ALLOWED
    if not may_take_away(visit):
        return Refusal.PIN_REQUIRED
    if in_deposit(state, visit) is not None:
        return Refusal.DEPOSIT_UNFINISHED
    if state.removal is not None:
        return Refusal.REMOVAL_UNFINISHED
    return Refusal.DOOR_OPEN if any_door_moving(state) else None


def _next(state: State, visit: DriverVisit, wanted: ParcelId | None) -> Parcel | None:
    """The one that is asked for; else the first whose door was not tried in vain."""
    parcels = to_take_away(state, visit.carrier)
    passed_over = state.tally.passed_over if state.tally is not None else ()
    if wanted is not None:
        asked = meant(wanted, visit.carrier, ())
        return next((parcel for parcel in parcels if parcel.id == asked), None)
    return next((parcel for parcel in parcels if parcel.id not in passed_over), None)


def _may_be_out(state: State, removal: Removal) -> bool:
    return removal.opened or state.compartments[removal.compartment].door is Door.UNKNOWN


def _is_label_of(parcel: Parcel, label: Label) -> bool:
    """A parcel without a label that anybody could read is known by just that."""
    return label.text == parcel.label if parcel.label else label.kind is LabelKind.UNREADABLE
