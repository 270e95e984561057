"""What doors do, and what it means: opened as allowed, late, by force; closed, and what that completes."""

from controller.domain import events as ev
from controller.domain.certain import certain
from controller.domain.cycles import is_depositing, is_open, is_waiting, may_open_late, stood_open, stood_shut
from controller.domain.decide import visiting
from controller.domain.decide.draft import Draft
from controller.domain.decide.leaving import end_visit
from controller.domain.decide.pickup import complete
from controller.domain.decide.removing import remove
from controller.domain.decide.settling import put_back, settle_taken
from controller.domain.decide.storing import abandon
from controller.domain.decide.third_party import tell_of_opening
from controller.domain.decide.wiring import meant_instead, stop_supply
from controller.domain.ids import CompartmentId, Door, MonoMs, Purpose, SessionId
from controller.domain.outcomes import NOTHING_MOVED
from controller.domain.state import Compartment, Custody, Parcel, State
from controller.domain.take_away_list import RETURN, reason_to_go


def read_doors(draft: Draft, doors: tuple[tuple[CompartmentId, Door], ...]) -> None:
    """Readings as they changed, or as a survey found them; the same reading again is nothing new.

    Doors that were told to open come first, so that one which opened beside them is not taken for theirs.
    """
    for id, door in sorted(doors, key=lambda reading: not _was_told_to(draft.state, *reading)):
        compartment = draft.state.compartments.get(id)
        if compartment is not None and compartment.door is not door:
            _read_door(draft, compartment, door)


def read_parcels(draft: Draft, parcels: tuple[tuple[CompartmentId, bool], ...]) -> None:
    """What parcel sensors say. While a door is not known to be shut, hands come and go: that is nobody's news."""
    for id, present in parcels:
        compartment = draft.state.compartments.get(id)
        if compartment is not None and compartment.door is Door.CLOSED and compartment.sensed is not present:
            draft.record(ev.CompartmentSensed(compartment=id, present=present))


def unlock_ended(draft: Draft, id: CompartmentId, sent: str) -> None:
    """The board said what became of an unlock; of a door that stood open already it need not say that it moved."""
    cycle = draft.state.compartments[id].cycle
    if cycle is None or cycle.sent is not None:
        return
    moved = sent not in NOTHING_MOVED
    draft.end_unlock(ev.UnlockReported(compartment=id, sent="already_open" if moved and stood_open(cycle) else sent))
    if not moved and is_waiting(cycle):
        give_up(draft, draft.state.compartments[id])


def give_up(draft: Draft, compartment: Compartment) -> None:
    """The door did not open in the time it had, or the order to open it never left."""
    cycle = certain(compartment.cycle, "the cycle of a door that did not open")
    if compartment.door is Door.UNKNOWN:
        draft.end_unlock(ev.UnlockReported(compartment=compartment.id, sent="no_feedback"))
        tell_of_opening(draft, compartment)
    else:
        draft.end_unlock(ev.DoorDidNotOpen(compartment=compartment.id))
    if cycle.purpose is Purpose.TAKE_AWAY and stood_shut(compartment, cycle, draft.at.boot):
        put_back(draft, compartment, "did_not_open")
    parcel = _deposited_in(draft, compartment)
    if parcel is None:
        return
    if not stood_shut(compartment, cycle, draft.at.boot):
        abandon(draft, compartment)
    elif cycle.first_closed is None:
        _release(draft, compartment, parcel)


def leave_open(draft: Draft, compartment: Compartment) -> None:
    """The alarm's time is over: the visit ends, the compartment carries the fault, others are served."""
    draft.record(ev.DoorLeftOpen(compartment=compartment.id))
    if compartment.cycle is not None and compartment.cycle.session is not None:
        visiting.leave(draft, compartment.cycle.session, "left_open")
    session = _drivers_session(draft, compartment)
    if is_depositing(draft.state, compartment):
        abandon(draft, compartment)
    visit = draft.state.visit
    if visit is not None and visit.session == session:
        end_visit(draft, visit, "left_open")


def _drivers_session(draft: Draft, compartment: Compartment) -> SessionId | None:
    """Whose deposit, or whose removal, this door was opened for."""
    removal = draft.state.removal
    if removal is not None and removal.compartment == compartment.id:
        return removal.session
    parcel = _deposited_in(draft, compartment)
    return parcel.session if parcel is not None else None


def _release(draft: Draft, compartment: Compartment, parcel: Parcel) -> None:
    """Back into the driver's hands. A door that was told to open and did not is jammed, or its sensor lies."""
    draft.record(ev.CustodyReleased(parcel=parcel.id, compartment=compartment.id, reason="did_not_open"))
    cycle = certain(compartment.cycle, "the cycle of a door that did not open")
    if cycle.sent not in NOTHING_MOVED:
        draft.record(ev.CompartmentQuarantined(compartment=compartment.id, reason="did_not_open"))


def _read_door(draft: Draft, compartment: Compartment, door: Door) -> None:
    match compartment.door, door:
        case _, Door.UNKNOWN:
            draft.record(ev.DoorSensorUnknown(compartment=compartment.id))
        case Door.UNKNOWN, _:
            _seen_again(draft, compartment, door)
        case _, Door.OPEN:
            _opened(draft, compartment)
        case _, _:
            _closed(draft, compartment)


def _seen_again(draft: Draft, compartment: Compartment, door: Door) -> None:
    """The first reading after a start or a silent sensor, against what was known before."""
    cycle = compartment.cycle
    if door is Door.OPEN and cycle is not None and may_open_late(cycle, draft.at.mono, draft.policy):
        _opened_as_allowed(draft, compartment, "late")
    elif compartment.door_before is door or compartment.door_before is Door.UNKNOWN:
        draft.record(ev.DoorSeen(compartment=compartment.id, door=door))
    elif door is Door.CLOSED:
        draft.record(ev.DoorClosed(compartment=compartment.id, open_ms=None, watched=False))
        _break_off(draft, compartment)
    else:
        draft.record(ev.DoorOpened(compartment=compartment.id, cause="unwatched"))
        _opened_unasked(draft, compartment)


def _opened(draft: Draft, compartment: Compartment) -> None:
    cycle, now = compartment.cycle, draft.at.mono
    if cycle is not None and may_open_late(cycle, now, draft.policy):
        _opened_as_allowed(draft, compartment, "late" if cycle.given_up else "unlock")
    elif _just_closed(compartment, draft):
        draft.record(ev.DoorOpened(compartment=compartment.id, cause="unlatched"))
        _distrust_if_left(draft, compartment)
    elif (meant := meant_instead(draft, compartment)) is not None:
        stop_supply(draft, meant, compartment)
    else:
        draft.record(ev.DoorForced(compartment=compartment.id))
        _opened_unasked(draft, compartment)


def _was_told_to(state: State, id: CompartmentId, door: Door) -> bool:
    compartment = state.compartments.get(id)
    cycle = compartment.cycle if compartment is not None else None
    return door is Door.OPEN and cycle is not None and cycle.opened is None


def _opened_as_allowed(draft: Draft, compartment: Compartment, cause: str) -> None:
    draft.end_unlock(ev.DoorOpened(compartment=compartment.id, cause=cause))
    tell_of_opening(draft, compartment)
    _distrust_if_left(draft, compartment)


def _distrust_if_left(draft: Draft, compartment: Compartment) -> None:
    """The driver was sent on to another door; who knows what they put in here, or took out."""
    purpose = compartment.cycle.purpose if compartment.cycle is not None else None
    removal = draft.state.removal
    gone_on = purpose is Purpose.DEPOSIT and compartment.parcel is None
    gone_away = purpose is Purpose.TAKE_AWAY and (removal is None or removal.compartment != compartment.id)
    if gone_on or gone_away:
        _distrust(draft, compartment, "opened_late")


def _opened_unasked(draft: Draft, compartment: Compartment) -> None:
    """Something may have been taken out, or put in: what a deposit left here is no longer sure, nor is emptiness."""
    if compartment.parcel is None:
        _distrust(draft, compartment, "opened_unasked")
    _break_off(draft, compartment)


def _break_off(draft: Draft, compartment: Compartment) -> None:
    """The door of a deposit under way moved unseen, or otherwise than the driver was allowed to."""
    if is_depositing(draft.state, compartment):
        abandon(draft, compartment)


def _distrust(draft: Draft, compartment: Compartment, reason: str) -> None:
    if compartment.quarantine is None:
        draft.record(ev.CompartmentQuarantined(compartment=compartment.id, reason=reason))


def _just_closed(compartment: Compartment, draft: Draft) -> bool:
    """Closed a moment ago at the end of somebody's cycle, maybe with a parcel collected: the latch did not catch."""
    cycle = compartment.cycle
    ended = cycle.closed if cycle is not None else compartment.rests_until - draft.policy.reopen_ms
    return ended is not None and draft.at.mono - ended <= draft.policy.relatch_ms


def _closed(draft: Draft, compartment: Compartment) -> None:
    cycle = compartment.cycle
    seen_opening = cycle is None or cycle.boot == draft.at.boot
    open_ms = MonoMs(draft.at.mono - compartment.door_since) if seen_opening else None
    draft.record(ev.DoorClosed(compartment=compartment.id, open_ms=open_ms))
    if cycle is not None and is_open(cycle):
        _settle(draft, draft.state.compartments[compartment.id], cycle.purpose)


def _settle(draft: Draft, compartment: Compartment, purpose: Purpose) -> None:
    """What the end of this door's cycle completes."""
    parcel = _parcel(draft, compartment)
    if parcel is None:
        return
    match purpose:
        case Purpose.PICKUP if parcel.custody is Custody.COLLECTING:
            complete(draft, compartment, parcel)
        case Purpose.TAKE_BACK:
            draft.record(ev.CustodyReleased(parcel=parcel.id, compartment=compartment.id, reason="taken_back"))
        case Purpose.SERVICE if (reason := reason_to_go(parcel)) not in (None, RETURN):
            remove(draft, compartment, parcel, reason)
        case Purpose.TAKE_AWAY:
            _item_door_closed(draft, compartment)
        case _:
            return


def _item_door_closed(draft: Draft, compartment: Compartment) -> None:
    """What was scanned while the door stood open is settled; the rest waits for the driver's scan or word."""
    removal = draft.state.removal
    if removal is not None and removal.compartment == compartment.id and removal.scanned:
        settle_taken(draft, removal)


def _deposited_in(draft: Draft, compartment: Compartment) -> Parcel | None:
    """The parcel that a driver is putting into this compartment."""
    return _parcel(draft, compartment) if is_depositing(draft.state, compartment) else None


def _parcel(draft: Draft, compartment: Compartment) -> Parcel | None:
    return draft.state.parcels[compartment.parcel] if compartment.parcel is not None else None
