"""What a driver's visit changes before any door moves."""

from dataclasses import replace

from controller.domain import events as ev
from controller.domain.evolve.tally import refusal_counted
from controller.domain.removal import Tally
from controller.domain.stamp import Stamp
from controller.domain.state import DriverVisit, State


def evolve_people(state: State, event: ev.Event, stamp: Stamp) -> State:
    """The state after an event of the driver at the screen."""
    match event:
        case ev.DriverSignedIn():
            visit = DriverVisit(event.session, event.driver, event.carrier, proof=event.proof)
            return replace(state, visit=visit, tally=Tally(event.session, event.driver, event.carrier))
        case ev.DriverSignedOut():
            return replace(state, visit=None, tally=None, removal=None)
        case ev.PlanMade():
            return _planned(state, event)
        case ev.PlanRefused(session=session) if state.visit is not None and state.visit.session == session:
            empty_handed = replace(state.visit, parcel=None, acknowledged=False)
            return replace(refusal_counted(state, event), visit=empty_handed)
        case _:
            return state


def _planned(state: State, event: ev.PlanMade) -> State:
    if state.visit is None:
        return state
    planned = replace(
        state.visit,
        parcel=event.parcel,
        acknowledged=False,
        size=event.size,
        evidence=event.evidence,
        rules=event.rules,
        hold_s=event.hold_s,
        label=event.label,
        preference=event.preference,
    )
    return replace(state, visit=planned)
