"""The running count of a driver's visit."""

from dataclasses import replace

from controller.domain import events as ev
from controller.domain.ids import ParcelId
from controller.domain.state import State
from controller.domain.take_away_list import MISSING


def deposit_counted(state: State, event: ev.CustodyStored) -> State:
    """The state after a signed record of a deposit; one of an earlier visit counts for nobody who is here."""
    tally = state.tally
    if tally is None or tally.driver != event.driver:
        return state
    return replace(state, tally=replace(tally, deposited=(*tally.deposited, state.sequence)))


def removal_counted(state: State, event: ev.CustodyRemoved) -> State:
    """The state after a signed record of a removal by the driver who is here."""
    tally = state.tally
    if tally is None or tally.driver != event.driver:
        return state
    if event.reason == MISSING:
        return replace(state, tally=replace(tally, missing=(*tally.missing, state.sequence)))
    return replace(state, tally=replace(tally, taken_away=(*tally.taken_away, state.sequence)))


def refusal_counted(state: State, event: ev.PlanRefused) -> State:
    """The state after a scan that led to no door."""
    tally = state.tally
    if tally is None or tally.session != event.session:
        return state
    return replace(state, tally=replace(tally, refused=tally.refused + event.count))


def passed_over(state: State, parcel: ParcelId) -> State:
    """The state after a door that was to be emptied did not open."""
    tally = state.tally
    if tally is None or parcel in tally.passed_over:
        return state
    return replace(state, tally=replace(tally, passed_over=(*tally.passed_over, parcel)))
