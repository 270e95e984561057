"""What recipients' preferences change, and which of their notes are to be erased."""

from dataclasses import replace

from controller.domain import events as ev
from controller.domain.changes import with_item, without
from controller.domain.evolve.notifications import contacts_renewed
from controller.domain.evolve.recipients import wishes_told
from controller.domain.ids import Handle, ParcelId, Role
from controller.domain.stamp import Stamp
from controller.domain.state import KeptPreferences, State


def evolve_preferences(state: State, event: ev.Event, stamp: Stamp) -> State:
    """The state after an event about preferences."""
    match event:
        case ev.PreferenceChanged():
            return _changed(state, event)
        case ev.PreferenceShown() if state.visit is not None:
            return replace(state, visit=replace(state.visit, acknowledged=True))
        case ev.PreferenceStale():
            kept = replace(state.preferences[event.handle], stale=True)
            return replace(state, preferences=with_item(state.preferences, event.handle, kept))
        case ev.PreferencePurged():
            return _forget(state, event.handle)
        case _:
            return state


def parcel_forgotten(state: State, parcel: ParcelId) -> State:
    """The state without what was wanted for a parcel that has left it."""
    for handle in [kept.handle for kept in state.preferences.values() if kept.parcel == parcel]:
        state = _forget(state, handle)
    return state


def notes_erased(state: State, sequences: tuple[int, ...]) -> State:
    """The state after the private parts of these records are gone."""
    if not state.to_erase and not state.preferences:
        return state
    left = tuple(sequence for sequence in state.to_erase if sequence not in sequences)
    kept = {
        handle: replace(kept, note=None) if kept.changed_sequence in sequences else kept
        for handle, kept in state.preferences.items()
    }
    return replace(state, to_erase=left, preferences=kept)


def _changed(state: State, event: ev.PreferenceChanged) -> State:
    if event.by is Role.RECIPIENT:
        state = wishes_told(state, event)
    if event.recipient is None and event.parcel not in state.parcels:
        return state  # of a parcel that has left, and of nobody its carrier has named: there is nothing to keep it for
    for kept in list(state.preferences.values()):
        if (kept.parcel, kept.recipient, kept.carrier) == (event.parcel, event.recipient, event.carrier):
            state = _forget(state, kept.handle)
    kept = KeptPreferences(
        handle=event.handle,
        carrier=event.carrier,
        preferences=event.preferences,
        parcel=event.parcel,
        recipient=event.recipient,
        note=event.note,
        changed_sequence=state.sequence,
    )
    state = replace(state, preferences=with_item(state.preferences, event.handle, kept))
    return state if event.parcel is None else contacts_renewed(state, event.parcel)


def _forget(state: State, handle: Handle) -> State:
    kept = state.preferences.get(handle)
    if kept is None:
        return state
    to_erase = state.to_erase if kept.note is None else (*state.to_erase, kept.changed_sequence)
    return replace(state, preferences=without(state.preferences, handle), to_erase=to_erase)
