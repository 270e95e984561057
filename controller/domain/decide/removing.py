"""A parcel that is no longer in the locker, and not because its recipient has it."""

from controller.domain import events as ev
from controller.domain.decide.draft import Draft
from controller.domain.decide.spending import spend
from controller.domain.state import Compartment, Parcel


def remove(draft: Draft, compartment: Compartment, parcel: Parcel, reason: str) -> None:
    """By somebody who looks after the locker."""
    settle(
        draft, ev.CustodyRemoved(parcel=parcel.id, compartment=compartment.id, carrier=parcel.carrier, reason=reason)
    )


def settle(draft: Draft, removed: ev.CustodyRemoved) -> None:
    """It leaves the state, and its code is worth nothing any more."""
    parcel = draft.state.parcels[removed.parcel]
    pickup = draft.state.pickups.get(parcel.pickup) if parcel.pickup is not None else None
    draft.record(removed)
    spend(draft, pickup, "removed")
