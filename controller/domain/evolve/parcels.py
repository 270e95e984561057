"""What the carrier's word and the ladder change about parcels."""

from dataclasses import replace

from controller.domain import events as ev
from controller.domain.changes import change_parcel, with_item, without
from controller.domain.evolve.climbing import climb_over, hold_moved, stepped
from controller.domain.evolve.codes import second_forgotten
from controller.domain.evolve.notifications import notices_forgotten
from controller.domain.evolve.preferences import parcel_forgotten
from controller.domain.evolve.unannounced import evolve_unannounced
from controller.domain.stamp import Stamp
from controller.domain.state import Parcel, State


def evolve_parcels(state: State, event: ev.Event, stamp: Stamp) -> State:
    """The state after an event about a parcel, custody apart."""
    match event:
        case ev.ParcelExpected():
            told = replace(expected(event, stamp), told_sequence=state.sequence)
            return replace(state, parcels=with_item(state.parcels, event.parcel, told))
        case ev.ParcelCancelled(stored=False):
            state = second_forgotten(state, state.parcels[event.parcel])
            state = replace(_out_of_hand(state, event), parcels=without(state.parcels, event.parcel))
            return climb_over(notices_forgotten(parcel_forgotten(state, event.parcel), event.parcel), event.parcel)
        case ev.ParcelCancelled():
            state = change_parcel(state, event.parcel, lambda parcel: replace(parcel, cancelled=True))
            return climb_over(state, event.parcel)
        case ev.ParcelRedirected():
            return change_parcel(state, event.parcel, lambda parcel: replace(parcel, redirected=True))
        case ev.ParcelExtended():
            return hold_moved(state, event.parcel, event.hold_until, begins=False)
        case ev.ParcelHoldStarted():
            return hold_moved(state, event.parcel, event.hold_until, begins=True)
        case ev.LadderStep():
            return stepped(state, event)
        case _:
            return evolve_unannounced(state, event, stamp)


def expected(event: ev.ParcelExpected, stamp: Stamp) -> Parcel:
    """The parcel that was announced."""
    return Parcel(
        id=event.parcel,
        label=event.label,
        carrier=event.carrier,
        expected_at=stamp.wall,
        recipient=event.recipient,
        size=event.size,
        mm=event.mm,
        weight_g=event.weight_g,
        classes=event.classes,
        value=event.value,
        signature=event.signature,
        authority_to_leave=event.authority_to_leave,
        hold_s=event.hold_s,
        not_before=event.not_before,
        not_after=event.not_after,
        second=event.second_hmac,
    )


def _out_of_hand(state: State, event: ev.ParcelCancelled) -> State:
    if state.visit is None or state.visit.parcel != event.parcel:
        return state
    return replace(state, visit=replace(state.visit, parcel=None))
