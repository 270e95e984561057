"""Whom carriers let collect a parcel, from their word until it has left."""

from dataclasses import replace

from controller.domain import events as ev
from controller.domain.delegates import Delegation
from controller.domain.ids import ParcelId, Word
from controller.domain.state import State


def delegated(state: State, event: ev.CodeDelegated) -> State:
    """The state with one more, in place of the same delegate's earlier code."""
    state = _without(state, event.parcel, event.delegate)
    if event.code_hmac is None:
        return state
    told = Delegation(event.parcel, event.delegate, event.code_hmac, state.sequence)
    return replace(state, delegations=(*state.delegations, told))


def revoked(state: State, event: ev.CodeRevoked) -> State:
    """The state without the delegate whose code was revoked."""
    if event.parcel is None or event.delegate is None:
        return state
    return _without(state, event.parcel, event.delegate)


def delegates_erased(state: State, sequences: tuple[int, ...]) -> State:
    """The state after the private parts of these records are gone."""
    return replace(state, delegations=tuple(each for each in state.delegations if each.sequence not in sequences))


def delegates_forgotten(state: State, parcel: ParcelId) -> State:
    """The state without those of a parcel that leaves; their codes are to be erased."""
    theirs = tuple(each.sequence for each in state.delegations if each.parcel == parcel)
    left = tuple(each for each in state.delegations if each.parcel != parcel)
    return replace(state, delegations=left, to_erase=(*state.to_erase, *theirs)) if theirs else state


def _without(state: State, parcel: ParcelId, delegate: Word) -> State:
    left = (each for each in state.delegations if (each.parcel, each.delegate) != (parcel, delegate))
    return replace(state, delegations=tuple(left))
