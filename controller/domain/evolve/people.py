"""What a driver's visit changes before any door moves."""

from dataclasses import replace

from controller.domain import events as ev
from controller.domain.evolve import staff
from controller.domain.evolve.climbing import climb_over, not_taken_in
from controller.domain.evolve.tally import refusal_counted
from controller.domain.evolve.unannounced import without_unannounced
from controller.domain.removal import Tally
from controller.domain.staff import key_of
from controller.domain.stamp import Stamp
from controller.domain.state import DriverVisit, State


def evolve_people(state: State, event: ev.Event, stamp: Stamp) -> State:
    """The state after an event of the driver at the screen."""
    match event:
        case ev.DriverSignedIn():
            return _signed_in(state, event)
        case ev.DriverUpserted():
            return staff.upserted(state, event, stamp)
        case ev.DriverRevoked():
            return staff.revoked(state, event, stamp)
        case ev.DriverChecklistDone():
            return staff.checked(state, event, stamp)
        case ev.DriverRefused():
            return staff.pin_refused(state, event, stamp)
        case ev.DriverSignedOut():
            return without_unannounced(replace(state, visit=None, tally=None, removal=None))
        case ev.PlanMade():
            return without_unannounced(_planned(state, event))
        case ev.PlanRefused():
            return without_unannounced(_refused(not_taken_in(state, event, stamp), event))
        case _:
            return state


def _signed_in(state: State, event: ev.DriverSignedIn) -> State:
    """Whoever proves more of who they are goes on with what they were doing."""
    visit, tally = state.visit, state.tally
    if visit is None or (visit.session, visit.carrier, visit.driver) != (event.session, event.carrier, event.driver):
        visit = DriverVisit(event.session, event.driver, event.carrier)
        tally = Tally(event.session, event.driver, event.carrier)
    visit = replace(visit, jti=event.jti, proof=event.proof, scope=event.scope)
    state = replace(state, visit=visit, tally=tally)
    return staff.pin_accepted(state, key_of(event.carrier, event.driver)) if "pin" in event.proof else state


def _refused(state: State, event: ev.PlanRefused) -> State:
    if state.visit is None or state.visit.session != event.session:
        return state
    empty_handed = replace(state.visit, parcel=None, acknowledged=False)
    return replace(refusal_counted(state, event), visit=empty_handed)


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
        ladder=event.ladder,
        label=event.label,
        preference=event.preference,
    )
    return replace(climb_over(state, event.parcel), visit=planned)
