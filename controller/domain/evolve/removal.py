"""What a driver who takes parcels away changes."""

from dataclasses import replace

from controller.domain import events as ev
from controller.domain.changes import change_parcel
from controller.domain.evolve.tally import passed_over
from controller.domain.ids import CompartmentId, Door, ParcelId
from controller.domain.removal import Removal
from controller.domain.state import Custody, State


def evolve_removal(state: State, event: ev.Event) -> State:
    """The state after an event of a removal."""
    match event:
        case ev.CustodyRemoving():
            return _begun(state, event)
        case ev.CustodyTakenOut() if state.removal is not None:
            return replace(state, removal=replace(state.removal, scanned=True))
        case ev.CustodyKept():
            return passed_over(put_back(removal_over(state, event.parcel), event.parcel), event.parcel)
        case _:
            return state


def removal_over(state: State, parcel: ParcelId) -> State:
    """The state in which nobody is taking this parcel away any more."""
    ours = state.removal is not None and state.removal.parcel == parcel
    return replace(state, removal=None) if ours else state


def removal_opened(state: State, id: CompartmentId) -> State:
    """The state after this door was seen open."""
    ours = state.removal is not None and state.removal.compartment == id
    return replace(state, removal=replace(state.removal, opened=True)) if ours and state.removal else state


def put_back(state: State, parcel: ParcelId) -> State:
    """The state in which a parcel that was being removed waits for its recipient again."""
    if state.parcels[parcel].custody is not Custody.REMOVING:
        return state
    return change_parcel(state, parcel, lambda p: replace(p, custody=Custody.STORED))


def _begun(state: State, event: ev.CustodyRemoving) -> State:
    opened = state.compartments[event.compartment].door is Door.OPEN
    removal = Removal(event.parcel, event.compartment, event.session, event.driver, event.reason, opened)
    state = change_parcel(state, event.parcel, lambda p: replace(p, custody=Custody.REMOVING, session=None))
    return replace(state, removal=removal)
