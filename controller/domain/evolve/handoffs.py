"""Which records tell of a parcel's handoff, and which of them are kept because it is disputed."""

from dataclasses import replace

from controller.domain import events as ev
from controller.domain.changes import change_compartment, change_parcel, with_item, without
from controller.domain.claims import MOST_RECORDS, Dispute
from controller.domain.evolve.evidence import frozen
from controller.domain.ids import CompartmentId, ParcelId
from controller.domain.stamp import Stamp
from controller.domain.state import State


def noted(state: State, parcel: ParcelId | None) -> State:
    """The state that counts the record at hand among those of this parcel's handoff."""
    if parcel is None or parcel not in state.parcels:
        return state
    return change_parcel(state, parcel, lambda p: replace(p, records=(*p.records, state.sequence)[-MOST_RECORDS:]))


def noted_at(state: State, compartment: CompartmentId) -> State:
    """The same for what happened at a door: of the parcel behind it."""
    return noted(state, state.compartments[compartment].parcel)


def evolve_claims(state: State, event: ev.Event, stamp: Stamp) -> State:
    """The state after a recipient's word on what they were handed."""
    match event:
        case ev.CustodyDisputed():
            dispute = Dispute(
                event.parcel,
                event.carrier,
                event.compartment,
                event.claim,
                stamp.wall,
                (*event.records, state.sequence),
            )
            disputed = replace(state, disputes=with_item(state.disputes, event.parcel, dispute))
            return frozen(disputed, event.parcel, stamp)
        case ev.DisputeSettled():
            return replace(state, disputes=without(state.disputes, event.parcel))
        case ev.LeftBehind():
            return change_compartment(state, event.compartment, lambda c: replace(c, left_behind=True))
        case _:
            return state
