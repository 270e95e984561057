"""What unlocks, doors and the operator's word change about compartments."""

from dataclasses import replace

from controller.domain import events as ev
from controller.domain.changes import change_compartment
from controller.domain.cycles import DRIVERS
from controller.domain.evolve.audits import look_forgotten
from controller.domain.evolve.handoffs import noted, noted_at
from controller.domain.evolve.recipients import unlocked
from controller.domain.evolve.removal import put_back, removal_opened
from controller.domain.evolve.service import evolve_service, series_went_on
from controller.domain.ids import CompartmentId, Door, MonoMs, Purpose, Role
from controller.domain.stamp import Stamp
from controller.domain.state import Compartment, Cycle, State

_REMEMBERED = 16
"""Past unlocks kept per compartment and per locker; more than any limit counts."""


def evolve_doors(state: State, event: ev.Event, stamp: Stamp) -> State:
    """The state after an event of a lock, a door or a compartment."""
    if isinstance(event, ev.UnlockAuthorised | ev.DoorOpened | ev.DoorForced):
        state = look_forgotten(state, event.compartment)
    match event:
        case ev.UnlockAuthorised():
            return _unlock_authorised(state, event, stamp)
        case ev.UnlockAllAsked() | ev.UnlockSeriesStarted() | ev.UnlockSeriesEnded():
            return evolve_service(state, event, stamp)
        case ev.UnlockReported():
            return change_compartment(state, event.compartment, lambda c: _reported(c, event.sent))
        case ev.DoorOpened():
            state = removal_opened(state, event.compartment)
            state = change_compartment(state, event.compartment, lambda c: _opened(c, event.cause, stamp.mono))
            return noted_at(state, event.compartment)
        case ev.DoorClosed():
            state = change_compartment(state, event.compartment, lambda c: _closed(c, event.watched, stamp.mono))
            return noted_at(state, event.compartment)
        case ev.DoorForced():
            return change_compartment(state, event.compartment, lambda c: _door(c, Door.OPEN, stamp.mono))
        case ev.DoorSeen():
            return change_compartment(state, event.compartment, lambda c: _door(c, event.door, stamp.mono))
        case ev.DoorSensorUnknown():
            return change_compartment(state, event.compartment, lambda c: _unknown(c, stamp.mono))
        case ev.DoorLeftOpen():
            return change_compartment(state, event.compartment, lambda c: replace(c, left_open=True))
        case ev.DoorDidNotOpen():
            return change_compartment(state, event.compartment, _did_not_open)
        case ev.DoorWiringFault():
            return change_compartment(state, event.compartment, _did_not_open)
        case ev.CompartmentQuarantined():
            return with_stops(change_compartment(state, event.compartment, lambda c: _quarantined(c, event.reason)))
        case ev.CompartmentSensed():
            return change_compartment(state, event.compartment, lambda c: replace(c, sensed=event.present))
        case ev.CompartmentOutOfService():
            return change_compartment(state, event.compartment, lambda c: replace(c, blocked=True))
        case ev.CompartmentRestored():
            state = _found_in_place(state, event.compartment)
            return with_stops(
                change_compartment(
                    state,
                    event.compartment,
                    lambda c: replace(c, blocked=False, quarantine=None, left_behind=False),
                )
            )
        case _:
            return state


def _found_in_place(state: State, id: CompartmentId) -> State:
    """Somebody has looked: a parcel that a driver left without a word is there and can be collected."""
    parcel = state.compartments[id].parcel
    left = parcel is not None and (state.removal is None or state.removal.parcel != parcel)
    return put_back(state, parcel) if parcel is not None and left else state


def with_stops(state: State) -> State:
    """The state with the supplies standing still on which a door is quarantined for a wiring fault, and no others."""
    stopped: dict[str, tuple[CompartmentId, ...]] = {}
    for compartment in state.compartments.values():
        if compartment.quarantine == ev.WIRING_FAULT:
            supply = compartment.spec.supply
            stopped[supply] = (*stopped.get(supply, ()), compartment.id)
    return replace(state, stopped=stopped)


def _quarantined(compartment: Compartment, reason: str) -> Compartment:
    """A wiring fault is not forgotten over another reason."""
    kept = compartment.quarantine == ev.WIRING_FAULT
    return compartment if kept else replace(compartment, quarantine=reason)


def _unlock_authorised(state: State, event: ev.UnlockAuthorised, stamp: Stamp) -> State:
    before, state = state.compartments[event.compartment], noted(unlocked(state, event), event.parcel)
    if event.purpose is Purpose.SERVICE and before.parcel is not None:
        state = replace(state, remote_unlocks=(*state.remote_unlocks, stamp.mono)[-_REMEMBERED:])
    state = series_went_on(state, event)
    cycle = _cycle_begun(before, event, stamp)
    unlocks = before.unlocks
    if event.role is Role.RECIPIENT:
        unlocks = (*unlocks, stamp.mono)[-_REMEMBERED:]
    return change_compartment(state, event.compartment, lambda c: replace(c, cycle=cycle, unlocks=unlocks))


def _cycle_begun(before: Compartment, event: ev.UnlockAuthorised, stamp: Stamp) -> Cycle:
    first_opened = first_closed = None
    old = before.cycle
    if old is not None and old.purpose in DRIVERS and event.purpose in DRIVERS and old.parcel == event.parcel:
        first_opened = old.first_opened if old.first_opened is not None else old.opened
        first_closed = old.first_closed if old.first_closed is not None else old.closed
    return Cycle(
        purpose=event.purpose,
        role=event.role,
        authorised=stamp.mono,
        boot=stamp.boot,
        parcel=event.parcel,
        session=event.session,
        jti=event.jti,
        opened=stamp.mono if before.door is Door.OPEN else None,
        first_opened=first_opened,
        first_closed=first_closed,
    )


def _reported(compartment: Compartment, sent: str) -> Compartment:
    if compartment.cycle is None:
        return compartment
    if sent == "no_feedback":
        return replace(compartment, cycle=replace(compartment.cycle, given_up=True))
    return replace(compartment, cycle=replace(compartment.cycle, sent=sent))


def _door(compartment: Compartment, door: Door, now: MonoMs) -> Compartment:
    left_open = compartment.left_open and door is Door.OPEN
    return replace(compartment, door=door, door_since=now, left_open=left_open)


def _unknown(compartment: Compartment, now: MonoMs) -> Compartment:
    return replace(compartment, door=Door.UNKNOWN, door_since=now, door_before=compartment.door)


def _opened(compartment: Compartment, cause: str, now: MonoMs) -> Compartment:
    compartment = _door(compartment, Door.OPEN, now)
    cycle = compartment.cycle
    if cycle is None or cause in ("unwatched", ev.WIRING_FAULT):
        return compartment
    if cause == "unlatched":
        return replace(compartment, cycle=replace(cycle, closed=None))
    return replace(compartment, cycle=replace(cycle, opened=now, given_up=False))


def _closed(compartment: Compartment, watched: bool, now: MonoMs) -> Compartment:
    compartment = _door(compartment, Door.CLOSED, now)
    cycle = compartment.cycle
    if cycle is None or cycle.opened is None or cycle.closed is not None:
        return compartment
    if cycle.purpose is Purpose.REOPEN:
        compartment = replace(compartment, left_behind=False)
    return replace(compartment, cycle=replace(cycle, closed=now) if watched else None)


def _did_not_open(compartment: Compartment) -> Compartment:
    if compartment.cycle is None:
        return compartment
    return replace(compartment, cycle=replace(compartment.cycle, given_up=True))
