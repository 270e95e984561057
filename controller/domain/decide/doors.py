"""What doors do, and what it means: opened as allowed, late, by force; closed, and what that completes."""

from controller.domain import events as ev
from controller.domain.certain import certain
from controller.domain.cycles import may_open_late
from controller.domain.decide.draft import Draft
from controller.domain.decide.pickup import complete
from controller.domain.decide.storing import abandon
from controller.domain.ids import CompartmentId, Door, MonoMs, Purpose
from controller.domain.state import Compartment, Custody, Parcel

_NOTHING_MOVED = ("not_sent", "rejected")


def read_doors(draft: Draft, doors: tuple[tuple[CompartmentId, Door], ...]) -> None:
    """Readings as they changed, or as a survey found them; the same reading again is nothing new."""
    for id, door in doors:
        compartment = draft.state.compartments.get(id)
        if compartment is not None and compartment.door is not door:
            _read_door(draft, compartment, door)


def unlock_ended(draft: Draft, id: CompartmentId, sent: str) -> None:
    """The board said what became of an unlock."""
    cycle = draft.state.compartments[id].cycle
    if cycle is None or cycle.sent is not None:
        return
    draft.record(ev.UnlockReported(compartment=id, sent=sent))
    if cycle.jti is not None:
        draft.record(
            ev.CommandRefused(jti=cycle.jti, reason=sent)
            if sent in _NOTHING_MOVED
            else ev.CommandExecuted(jti=cycle.jti, outcome=sent)
        )
    if sent in _NOTHING_MOVED and cycle.opened is None:
        give_up(draft, draft.state.compartments[id])


def give_up(draft: Draft, compartment: Compartment) -> None:
    """The door did not open in the time it had, or the order to open it never left."""
    cycle = certain(compartment.cycle, "the cycle of a door that did not open")
    if compartment.door is Door.UNKNOWN:
        draft.record(ev.UnlockReported(compartment=compartment.id, sent="no_feedback"))
    else:
        draft.record(ev.DoorDidNotOpen(compartment=compartment.id))
    if cycle.purpose is not Purpose.DEPOSIT or cycle.first_closed is not None:
        return
    if compartment.door is Door.CLOSED and cycle.boot == draft.at.boot:
        _release(draft, compartment)
        return
    abandon(draft, compartment)


def leave_open(draft: Draft, compartment: Compartment) -> None:
    """The alarm's time is over: the visit ends, the compartment carries the fault, others are served."""
    draft.record(ev.DoorLeftOpen(compartment=compartment.id))
    parcel = _parcel(draft, compartment)
    if parcel is None or parcel.custody is not Custody.DEPOSITING:
        return
    session = parcel.session
    abandon(draft, compartment)
    visit = draft.state.visit
    if visit is not None and visit.session == session:
        draft.record(ev.DriverSignedOut(session=visit.session, driver=visit.driver, reason="left_open"))


def _release(draft: Draft, compartment: Compartment) -> None:
    """Back into the driver's hands. A door that was told to open and did not is jammed, or its sensor lies."""
    parcel = _parcel(draft, compartment)
    if parcel is None:
        return
    draft.record(ev.CustodyReleased(parcel=parcel.id, compartment=compartment.id, reason="did_not_open"))
    cycle = certain(compartment.cycle, "the cycle of a door that did not open")
    if cycle.sent not in _NOTHING_MOVED:
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
    if compartment.door_before is door or compartment.door_before is Door.UNKNOWN:
        draft.record(ev.DoorSeen(compartment=compartment.id, door=door))
    elif door is Door.CLOSED:
        draft.record(ev.DoorClosed(compartment=compartment.id, open_ms=None, watched=False))
        _settle(draft, draft.state.compartments[compartment.id], watched=False)
    else:
        cycle = compartment.cycle
        late = cycle is not None and may_open_late(cycle, draft.at.mono, draft.policy)
        draft.record(ev.DoorOpened(compartment=compartment.id, cause="late" if late else "unwatched"))


def _opened(draft: Draft, compartment: Compartment) -> None:
    cycle, now = compartment.cycle, draft.at.mono
    if cycle is not None and may_open_late(cycle, now, draft.policy):
        cause = "late" if cycle.given_up else "unlock"
        draft.record(ev.DoorOpened(compartment=compartment.id, cause=cause))
    elif _just_closed(compartment, draft):
        draft.record(ev.DoorOpened(compartment=compartment.id, cause="unlatched"))
    else:
        draft.record(ev.DoorForced(compartment=compartment.id))


def _just_closed(compartment: Compartment, draft: Draft) -> bool:
    """Closed a moment ago at the end of somebody's cycle: the latch did not catch."""
    recent = draft.at.mono - compartment.door_since <= draft.policy.relatch_ms
    in_hand = compartment.cycle is not None or compartment.rests_until > draft.at.mono
    return recent and in_hand


def _closed(draft: Draft, compartment: Compartment) -> None:
    cycle = compartment.cycle
    seen_opening = cycle is None or cycle.boot == draft.at.boot
    open_ms = MonoMs(draft.at.mono - compartment.door_since) if seen_opening else None
    draft.record(ev.DoorClosed(compartment=compartment.id, open_ms=open_ms))
    _settle(draft, draft.state.compartments[compartment.id], watched=True)


def _settle(draft: Draft, compartment: Compartment, *, watched: bool) -> None:
    """What the closing of this door completes."""
    cycle, parcel = compartment.cycle, _parcel(draft, compartment)
    if not watched or cycle is None or cycle.closed is None or parcel is None:
        return
    match cycle.purpose:
        case Purpose.PICKUP if parcel.custody is Custody.COLLECTING:
            complete(draft, compartment, parcel)
        case Purpose.TAKE_BACK:
            draft.record(ev.CustodyReleased(parcel=parcel.id, compartment=compartment.id, reason="taken_back"))
        case Purpose.SERVICE if parcel.cancelled or parcel.expired:
            _removed(draft, compartment, parcel)
        case _:
            return


def _removed(draft: Draft, compartment: Compartment, parcel: Parcel) -> None:
    pickup = draft.state.pickups.get(parcel.pickup) if parcel.pickup is not None else None
    draft.record(
        ev.CustodyRemoved(
            parcel=parcel.id,
            compartment=compartment.id,
            carrier=parcel.carrier,
            reason="cancelled" if parcel.cancelled else "expired",
        )
    )
    if pickup is not None and pickup.code is not None:
        draft.record(ev.PrivateErased(sequences=(pickup.issued_sequence,), reason="removed"))


def _parcel(draft: Draft, compartment: Compartment) -> Parcel | None:
    return draft.state.parcels[compartment.parcel] if compartment.parcel is not None else None
