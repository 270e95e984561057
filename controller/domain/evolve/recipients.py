"""What lets a recipient in, and what their visit remembers until they leave."""

from dataclasses import replace

from controller.domain import events as ev
from controller.domain.evolve.evidence import signed
from controller.domain.evolve.notifications import answered
from controller.domain.ids import ParcelId, Purpose
from controller.domain.recipient_visit import RecipientVisit, Taken
from controller.domain.stamp import Stamp
from controller.domain.state import State


def evolve_recipients(state: State, event: ev.Event, stamp: Stamp) -> State:
    """The state after an event of the recipient at the screen."""
    match event:
        case ev.RecipientLeft():
            return replace(state, recipient=None)
        case ev.RecipientSigned():
            return signed(state, event)
        case ev.RecipientAnswered():
            return answered(state, event)
        case _:
            return state


def let_in(state: State, accepted: ev.CodeAccepted | ev.PassAccepted, means: str) -> State:
    """The state with this recipient at the screen; who is let in again goes on where they were."""
    visit, pickup = state.recipient, state.pickups[accepted.pickup]
    if visit is not None and (visit.session, visit.pickup) == (accepted.session, accepted.pickup):
        return replace(state, recipient=replace(visit, means=means))
    begun = RecipientVisit(accepted.session, pickup.id, pickup.carrier, means, pickup.parcels)
    return replace(state, recipient=begun)


def unlocked(state: State, event: ev.UnlockAuthorised) -> State:
    """The state that remembers which of the visit's doors was unlocked last."""
    visit = state.recipient
    if visit is None or event.purpose is not Purpose.PICKUP or event.parcel not in visit.parcels:
        return state
    others = tuple(parcel for parcel in visit.tried if parcel != event.parcel)
    return replace(state, recipient=replace(visit, tried=(*others, ParcelId(event.parcel))))


def collected(state: State, event: ev.CustodyCollected) -> State:
    """The state that remembers what the visit has taken."""
    visit = state.recipient
    if visit is None or event.parcel not in visit.parcels:
        return state
    records = (*state.parcels[event.parcel].records, state.sequence)
    taken = Taken(event.parcel, event.compartment, event.carrier, records)
    return replace(state, recipient=replace(visit, taken=(*visit.taken, taken)))
