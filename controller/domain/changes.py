"""Copies of frozen state with one thing changed."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from controller.domain.ids import CompartmentId, ParcelId
from controller.domain.state import Compartment, Parcel, State

K = TypeVar("K")
V = TypeVar("V")


def with_item(items: dict[K, V], key: K, value: V) -> dict[K, V]:
    """The same dict with `key` set."""
    return {**items, key: value}


def without(items: dict[K, V], key: K) -> dict[K, V]:
    """The same dict without `key`, which need not be there."""
    return {k: v for k, v in items.items() if k != key}


def change_compartment(state: State, id: CompartmentId, change: Callable[[Compartment], Compartment]) -> State:
    """The state with one compartment changed. Raises KeyError for one that the configuration does not have."""
    changed = change(state.compartments[id])
    return replace(state, compartments=with_item(state.compartments, id, changed))


def change_parcel(state: State, id: ParcelId, change: Callable[[Parcel], Parcel]) -> State:
    """The state with one live parcel changed. Raises KeyError for one that is not live."""
    return replace(state, parcels=with_item(state.parcels, id, change(state.parcels[id])))
