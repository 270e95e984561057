"""What parcels that came before their carrier's word change."""

from dataclasses import replace

from controller.domain import events as ev
from controller.domain.changes import change_compartment, with_item, without
from controller.domain.evolve.climbing import begun_late, climb_over
from controller.domain.evolve.notifications import notices_forgotten
from controller.domain.evolve.preferences import parcel_forgotten
from controller.domain.ids import ParcelId
from controller.domain.stamp import Stamp
from controller.domain.state import Custody, Parcel, State


def evolve_unannounced(state: State, event: ev.Event, stamp: Stamp) -> State:
    """The state after an event of such a parcel."""
    match event:
        case ev.ParcelUnannounced():
            parcel = Parcel(
                id=event.parcel,
                label=event.label,
                carrier=event.carrier,
                expected_at=stamp.wall,
                unannounced=True,
                walked_up=True,
            )
            return replace(state, parcels=with_item(state.parcels, event.parcel, parcel))
        case ev.ParcelClaimed():
            return begun_late(_claimed(state, event), event, stamp)
        case _:
            return state


def without_unannounced(state: State) -> State:
    """The state without those that went back into their driver's van: they are scanned anew, if at all."""
    in_hand = state.visit.parcel if state.visit is not None else None
    for parcel in [p for p in state.parcels.values() if p.unannounced and p.custody is Custody.EXPECTED]:
        if parcel.id != in_hand:
            state = _forgotten(state, parcel.id)
    return state


def _forgotten(state: State, parcel: ParcelId) -> State:
    state = replace(state, parcels=without(state.parcels, parcel))
    return climb_over(notices_forgotten(parcel_forgotten(state, parcel), parcel), parcel)


def _claimed(state: State, event: ev.ParcelClaimed) -> State:
    found = state.parcels[event.found]
    claimed = replace(
        state.parcels[event.parcel],
        walked_up=True,
        custody=found.custody,
        compartment=found.compartment,
        driver=found.driver,
        stored_at=found.stored_at,
        hold_until=event.hold_until,
        evidence=event.evidence,
        rules=event.rules,
        ladder=event.ladder,
    )
    visit = state.visit
    if visit is not None and visit.parcel == event.parcel:
        visit = replace(visit, parcel=None, acknowledged=False)
    parcels = with_item(state.parcels, event.parcel, claimed)
    state = _forgotten(replace(state, parcels=parcels, visit=visit), event.found)
    return change_compartment(state, event.compartment, lambda c: replace(c, parcel=event.parcel))
