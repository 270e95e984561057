"""People at a locker, as generators: each `yield` is a moment at which the world may interfere or the person leave.

They are honest and do what the open door in front of them suggests: a driver puts the parcel in, a recipient takes it
out. What is physically inside is kept in the cabinet, whatever the locker believes.
"""

from collections.abc import Iterator
from enum import StrEnum

from support.locker_heart import SECOND_MS
from support.locker_in_hand import TECHNICIAN, LockerInHand, s10_label

from controller.domain import events as ev
from controller.domain import inputs
from controller.domain.answers import DoorUnlocked
from controller.domain.audit import Found
from controller.domain.commands import UnblockCompartment, UnlockCompartment
from controller.domain.ids import CarrierId, CompartmentId, Door, ParcelId, Purpose, SessionId
from controller.domain.labels import parse_label
from controller.domain.misfits import Misfit
from controller.domain.naming import name_of, parcel_id
from controller.domain.state import Pickup

Visit = Iterator[None]
_PATIENCE = 3


class Ending(StrEnum):
    """What a driver does once the door has closed."""

    DONE = "done"
    SILENT = "silent"
    REOPEN = "reopen"
    TAKE_BACK = "take_back"
    TOO_SMALL = "too_small"
    STRAY = "stray"
    UNFIT = "dirty_or_damaged"


def driver(locker: LockerInHand, session: SessionId, carrier: CarrierId, serial: int, ending: Ending) -> Visit:
    """Brings one parcel."""
    locker.sign_in(carrier, session)
    yield
    locker.scan(s10_label(serial), session)
    yield
    shut_before = _shut(locker)
    if not isinstance(locker.acknowledge(session), DoorUnlocked):
        return
    for _ in range(_PATIENCE):
        yield
        opened = [id for id in locker.cabinet.standing_open() if id in shut_before and not _is_operators(locker, id)]
        if opened:
            yield from _puts_in(locker, opened[0], parcel_id(carrier, f"P{serial}"))
            break
        locker.pass_ms(11 * SECOND_MS)
        locker.acknowledge(session)
    else:
        return
    yield from _ends(locker, session, opened[0], parcel_id(carrier, f"P{serial}"), ending)
    locker.leave(session)


def _puts_in(locker: LockerInHand, id: CompartmentId, parcel: ParcelId) -> Visit:
    locker.cabinet.doors[id].inside.add(parcel)
    yield
    locker.closes(id)
    yield


def _ends(locker: LockerInHand, session: SessionId, id: CompartmentId, parcel: ParcelId, ending: Ending) -> Visit:
    match ending:
        case Ending.SILENT:
            locker.pass_ms(46 * SECOND_MS)
        case Ending.REOPEN:
            locker.reopen(id, session)
            yield
            locker.closes(id)
            yield
        case Ending.TAKE_BACK:
            locker.take_back(session)
            yield
            if locker.cabinet.doors[id].open:
                locker.cabinet.doors[id].inside.discard(parcel)
                yield
                locker.closes(id)
                return
        case Ending.TOO_SMALL | Ending.STRAY | Ending.UNFIT:
            yield from _goes_on_to_another(locker, session, id, parcel, Misfit(ending.value))
        case Ending.DONE:
            pass
    locker.done(session)
    yield


def _goes_on_to_another(
    locker: LockerInHand, session: SessionId, id: CompartmentId, parcel: ParcelId, why: Misfit
) -> Visit:
    """Never puts it in; a stray thing stays where it is."""
    locker.cabinet.doors[id].inside.discard(parcel)
    if why is Misfit.STRAY:
        locker.cabinet.doors[id].inside.add(parcel_id(CarrierId("north"), "P99"))
    shut_before = _shut(locker)
    locker.other_door(why, session)
    yield
    opened = [each for each in locker.cabinet.standing_open() if each in shut_before and each != id]
    if opened and not _is_operators(locker, opened[0]):
        yield from _puts_in(locker, opened[0], parcel)


def recipient(locker: LockerInHand, session: SessionId, carrier: CarrierId, serial: int, means: str) -> Visit:
    """Comes for one parcel, and comes back to the screen while the door stays shut."""
    parcel = parcel_id(carrier, f"P{serial}")
    for _ in range(_PATIENCE + 1):
        match means:
            case "pass":
                locker.show_pass(parcel, carrier, f"pass-{serial}", session)
            case "app":
                locker.use_app(parcel, carrier, session)
            case _:
                locker.type_code(locker.code_of(serial), session)
        yield
        known = locker.state.parcels.get(parcel)
        pickup = locker.state.pickups.get(known.pickup) if known is not None and known.pickup is not None else None
        if pickup is None:
            return
        for _ in pickup.parcels:
            yield from _takes(locker, session, pickup)
            locker.next_door(session=session)
            yield
        locker.pass_ms(11 * SECOND_MS)


def _takes(locker: LockerInHand, session: SessionId, pickup: Pickup) -> Visit:
    """Whatever of theirs lies behind an open door; then that door is shut, opened once more, and shut."""
    for id, door in locker.cabinet.doors.items():
        if door.open and door.inside.intersection(pickup.parcels):
            door.inside.difference_update(pickup.parcels)
            yield
            locker.closes(id)
            yield
            locker.reopen(id, session)
            yield
            locker.closes(id)
            return


def operator(locker: LockerInHand, id: CompartmentId) -> Visit:
    """Looks into one compartment, takes out what does not belong there, and puts it back into service."""
    if locker.operate(UnlockCompartment(compartment=id)).status != "started":
        return
    yield
    door = locker.cabinet.doors[id]
    if not door.open:
        return
    parcel = locker[id].parcel
    known = locker.state.parcels.get(parcel) if parcel is not None else None
    handed_out = known is not None and not known.cancelled and not known.expired
    door.inside.intersection_update({parcel} if handed_out and parcel is not None else ())
    yield
    locker.closes(id)
    yield
    if locker[id].door is Door.CLOSED:
        locker.operate(UnblockCompartment(compartment=id))


def taker(locker: LockerInHand, session: SessionId, carrier: CarrierId, scans_first: bool) -> Visit:
    """A driver takes away whatever is on the list, door after door, and says what is not there."""
    locker.sign_in_proven(carrier, session)
    for _ in range(_PATIENCE + 1):
        yield
        if not isinstance(locker.take_away(session=session), DoorUnlocked):
            break
        yield
        removal = locker.state.removal
        if removal is None or not locker.cabinet.doors[removal.compartment].open:
            locker.pass_ms(11 * SECOND_MS)
            continue
        inside = locker.cabinet.doors[removal.compartment].inside
        found = removal.parcel in inside
        inside.discard(removal.parcel)
        label = s10_label(int(name_of(removal.parcel)[1:]))
        if found and scans_first:
            locker.scan(label, session)
            yield
        locker.closes(removal.compartment)
        yield
        if locker.state.removal is not None:
            locker.scan(label, session) if found else locker.miss(session)
    locker.leave(session)


def technician(locker: LockerInHand, *, takes_stock: bool) -> Visit:
    """Signs in at the cabinet and looks into one compartment after the other, honestly."""
    locker.service()
    yield
    if takes_stock:
        locker.put(inputs.AuditStartAsked(TECHNICIAN))
        yield
        for id in locker.cabinet.doors:
            yield from _looks_into(locker, id)
        locker.put(inputs.AuditEndAsked(TECHNICIAN))
    else:
        locker.put(inputs.OpenAllAsked(TECHNICIAN))
    yield
    locker.leave(TECHNICIAN)


def _looks_into(locker: LockerInHand, id: CompartmentId) -> Visit:
    locker.put(inputs.AuditDoorAsked(TECHNICIAN, id))
    yield
    door = locker.cabinet.doors[id]
    if not door.open:
        locker.put(inputs.AuditSeen(TECHNICIAN, id, Found.SKIPPED))
        return
    inside = sorted(door.inside)
    locker.closes(id)
    labelled = len(inside) == 1 and name_of(inside[0])[1:].isdecimal()
    found = Found.EMPTY if not inside else Found.LABEL if labelled else Found.UNKNOWN
    label = parse_label(s10_label(int(name_of(inside[0])[1:]))) if found is Found.LABEL else None
    locker.put(inputs.AuditSeen(TECHNICIAN, id, found, label))
    yield


def passer_by(locker: LockerInHand) -> Visit:
    """Pushes every open door shut."""
    for id in locker.cabinet.standing_open():
        locker.closes(id)
        yield


def account_for(locker: LockerInHand, since: int) -> None:
    """What people left behind in a compartment that was theirs is nobody's fault but theirs: somebody cleans up."""
    for _, event in locker.history[since:]:
        match event:
            case ev.CustodyCollected() | ev.CustodyRemoved() | ev.CustodyReleased(reason="taken_back"):
                locker.cabinet.doors[event.compartment].inside.discard(event.parcel)
            case _:
                pass


def lies_nowhere(locker: LockerInHand, parcel: ParcelId) -> bool:
    """Whether a driver may hold this parcel in hand."""
    return not any(parcel in door.inside for door in locker.cabinet.doors.values())


def _is_operators(locker: LockerInHand, id: CompartmentId) -> bool:
    """Opened by an operator, who answers for what goes in, or in need; no screen shows a driver that door."""
    cycle = locker[id].cycle
    return cycle is not None and cycle.purpose not in (Purpose.DEPOSIT, Purpose.TAKE_BACK)


def _shut(locker: LockerInHand) -> set[CompartmentId]:
    return {id for id, door in locker.cabinet.doors.items() if not door.open}
