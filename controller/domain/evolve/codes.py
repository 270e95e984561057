"""What issuing, spending and erasing codes changes."""

from dataclasses import replace

from controller.domain import events as ev
from controller.domain.changes import change_parcel, with_item, without
from controller.domain.evolve.delegating import delegated, revoked
from controller.domain.evolve.evidence import evolve_pins, files_erased
from controller.domain.evolve.preferences import notes_erased
from controller.domain.evolve.recipients import let_in
from controller.domain.evolve.staff import numbers_erased
from controller.domain.ids import ParcelId, PickupId
from controller.domain.naming import pass_key
from controller.domain.stamp import Stamp
from controller.domain.state import Parcel, Pickup, State


def evolve_codes(state: State, event: ev.Event, stamp: Stamp) -> State:
    """The state after an event about a code or a pass."""
    match event:
        case ev.CodeIssued() | ev.CodeReissued():
            return _issued(state, event, stamp)
        case ev.CodeJoined():
            return _joined(state, event)
        case ev.CodeDelegated():
            return delegated(state, event)
        case ev.CodeRevoked():
            return code_forgotten(state, event.pickup) if event.delegate is None else revoked(state, event)
        case ev.CodeAccepted():
            return let_in(state, event, "code", _only(event))
        case ev.AppAccepted():
            return let_in(state, event, "app", (event.parcel,))
        case ev.CodeRefused():
            return _wrong_second(replace(state, tries_due=event.tries_due), event)
        case ev.PassAccepted():
            live = {key: until for key, until in state.passes.items() if until >= stamp.wall}
            key = pass_key(state.pickups[event.pickup].carrier, event.jti)
            state = replace(state, passes=with_item(live, key, event.expires_at))
            return let_in(_shown_for(state, event), event, "pass", _only(event))
        case ev.PrivateErased():
            erased = [p.id for p in state.pickups.values() if p.issued_sequence in event.sequences]
            for pickup in erased:
                state = code_forgotten(state, pickup)
            state = seconds_erased(
                numbers_erased(notes_erased(state, event.sequences), event.sequences), event.sequences
            )
            return files_erased(state, event)
        case _:
            return evolve_pins(state, event, stamp)


def code_forgotten(state: State, pickup: PickupId) -> State:
    """The state in which no typed code opens this pickup."""
    known = state.pickups.get(pickup)
    if known is None or known.code is None:
        return state
    pickups = with_item(state.pickups, pickup, replace(known, code=None))
    return replace(state, codes=without(state.codes, known.code), pickups=pickups)


def _joined(state: State, event: ev.CodeJoined) -> State:
    known = state.pickups[event.pickup]
    pickup = replace(known, parcels=(*known.parcels, event.parcel), expires_at=event.expires_at)
    state = change_parcel(state, event.parcel, lambda parcel: replace(parcel, pickup=event.pickup))
    return replace(state, pickups=with_item(state.pickups, event.pickup, pickup))


def _shown_for(state: State, event: ev.PassAccepted) -> State:
    known = state.pickups[event.pickup]
    shown = replace(known, passes=tuple(dict.fromkeys((*known.passes, event.jti))))
    return replace(state, pickups=with_item(state.pickups, event.pickup, shown))


def seconds_erased(state: State, sequences: tuple[int, ...]) -> State:
    """The state after the private parts of these records are gone, and second identifiers with them."""
    for parcel in [p for p in state.parcels.values() if p.second is not None and p.told_sequence in sequences]:
        state = change_parcel(state, parcel.id, lambda each: replace(each, second=None))
    return state


def second_forgotten(state: State, parcel: Parcel) -> State:
    """The state in which the second identifier of a parcel that leaves is to be erased."""
    if parcel.second is None:
        return state
    return replace(state, to_erase=(*state.to_erase, parcel.told_sequence))


def _only(accepted: ev.CodeAccepted | ev.PassAccepted) -> tuple[ParcelId, ...] | None:
    """The one parcel that a delegate is let to; None for all of the pickup."""
    return None if accepted.parcel is None else (accepted.parcel,)


def _wrong_second(state: State, event: ev.CodeRefused) -> State:
    known = state.pickups.get(event.pickup) if event.pickup is not None else None
    if known is None or event.why != "second":
        return state
    counted = replace(known, wrong_seconds=known.wrong_seconds + 1)
    return replace(state, pickups=with_item(state.pickups, known.id, counted))


def _issued(state: State, event: ev.CodeIssued | ev.CodeReissued, stamp: Stamp) -> State:
    state = code_forgotten(state, event.pickup)
    parcel = state.parcels[event.parcel]
    known = state.pickups.get(event.pickup)
    if known is None:
        known = Pickup(event.pickup, parcel.carrier, (event.parcel,), event.expires_at, None, 0)
    pickup = replace(
        known,
        expires_at=event.expires_at,
        code=event.code_hmac,
        issued_sequence=state.sequence,
        takes_second=event.second,
        wrong_seconds=0,
        reissued=stamp.mono if isinstance(event, ev.CodeReissued) else known.reissued,
    )
    state = change_parcel(state, event.parcel, lambda parcel: replace(parcel, pickup=event.pickup))
    state = replace(state, pickups=with_item(state.pickups, event.pickup, pickup))
    if event.code_hmac is None:
        return state
    return replace(state, codes=with_item(state.codes, event.code_hmac, event.pickup))
