"""What starts, clocks, configuration and health change."""

from dataclasses import replace

from controller.domain import events as ev
from controller.domain.changes import with_item, without
from controller.domain.desired import Desired
from controller.domain.evolve.contacts import evolve_contacts
from controller.domain.evolve.doors import with_stops
from controller.domain.evolve.drift import drift_told
from controller.domain.evolve.evidence import pins_forgotten
from controller.domain.ids import CompartmentId, Door, MonoMs
from controller.domain.stamp import Stamp
from controller.domain.state import Compartment, State


def evolve_machine(state: State, event: ev.Event, stamp: Stamp) -> State:
    """The state after an event of the machine itself."""
    match event:
        case ev.BootStarted():
            unseen = {id: _unseen(c, stamp.mono) for id, c in state.compartments.items()}
            state = pins_forgotten(replace(state, compartments=unseen, board_faults={}, contacts={}))
            return replace(state, boot=stamp.boot, stopped_cleanly=False)
        case ev.CleanStop():
            return replace(state, stopped_cleanly=True)
        case ev.ConfigApplied():
            refitted = _refitted(state, event.compartments)
            return with_stops(
                replace(state, config_sha256=event.sha256, config_version=event.version, compartments=refitted)
            )
        case ev.ConfigAccepted():
            desired = Desired(event.version, event.sha256, state.sequence, event.settings)
            return replace(state, desired=desired)
        case ev.ConfigRefused():
            return state
        case ev.BoardFaulted():
            return replace(state, board_faults=with_item(state.board_faults, event.board, event.fault))
        case ev.BoardRecovered():
            return replace(state, board_faults=without(state.board_faults, event.board))
        case ev.HealthDrift() | ev.HealthDriftOver():
            return drift_told(state, event)
        case ev.DiskLow():
            return replace(state, disk_low=True)
        case ev.DiskRecovered():
            return replace(state, disk_low=False)
        case _:
            return evolve_contacts(state, event)


def _unseen(compartment: Compartment, now: MonoMs) -> Compartment:
    if compartment.door is Door.UNKNOWN:
        return compartment
    return replace(compartment, door=Door.UNKNOWN, door_since=now, door_before=compartment.door)


def _refitted(state: State, specs: tuple[ev.CompartmentSpec, ...]) -> dict[CompartmentId, Compartment]:
    """The cabinet as configured; what it no longer names stays, out of service, while a parcel is on record in it."""
    fitted = {spec.id: _fitted(state.compartments.get(spec.id), spec) for spec in specs}
    gone = {id: c for id, c in state.compartments.items() if id not in fitted and c.parcel is not None}
    return fitted | {id: replace(c, blocked=True) for id, c in gone.items()}


def _fitted(known: Compartment | None, spec: ev.CompartmentSpec) -> Compartment:
    return Compartment(spec) if known is None else replace(known, spec=spec)
