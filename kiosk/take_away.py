"""The driver who takes parcels away: what the locker's answers and events do to the screen. Pure."""

from dataclasses import replace

from controller.domain import events as ev
from controller.domain.answers import Answer, DoorUnlocked, ItemSettled, ItemTaken, Refused
from controller.domain.ids import CompartmentId, MonoMs, Purpose
from controller.domain.refusals import Refusal
from controller.domain.stamp import Stamp
from kiosk.doors import unlocked
from kiosk.screens import Doors, ItemDone, ScanItem, TakeAway, TypeLabel
from kiosk.session import Visit, not_taken_in, show

_ABOUT_THE_ITEM = (Refusal.OTHER_PARCEL, Refusal.NOTHING_TO_CONFIRM, Refusal.LABEL_UNREADABLE)


def is_taking(visit: Visit) -> bool:
    """Whether a label is that of a parcel that was taken out."""
    if not visit.driver or visit.purpose is not Purpose.TAKE_AWAY:
        return False
    return isinstance(visit.screen, Doors | ScanItem) or is_typing(visit)


def is_typing(visit: Visit) -> bool:
    """Whether the label that is being typed is that of a parcel that was taken out."""
    return visit.confirming and visit.purpose is Purpose.TAKE_AWAY and isinstance(visit.screen, TypeLabel)


def list_them(visit: Visit, now: MonoMs, refused: str | None = None) -> Visit:
    """What is to be taken away, with empty hands."""
    return show(replace(visit, label=None, doors=(), confirming=False), TakeAway(refused), now)


def answered(visit: Visit, answer: Answer | None, open_now: frozenset[CompartmentId], now: MonoMs) -> Visit:
    """The locker's word on the next door, a scan, or a parcel that is missing."""
    match answer:
        case None:
            return not_taken_in(visit, now)
        case DoorUnlocked(compartments):
            return unlocked(visit, compartments, open_now, now)
        case ItemTaken():
            return replace(visit, screen=Doors(scanned=True)) if isinstance(visit.screen, Doors) else visit
        case ItemSettled(_, compartment, missing):
            return _done(visit, compartment, missing, now)
        case Refused():
            return _refused(visit, answer, now)
        case _:
            raise TypeError(f"nobody who takes away is ever answered {type(answer).__name__}")


def seen(visit: Visit, event: ev.Event, stamp: Stamp) -> Visit:
    """What was scanned before its door closed is settled at the close."""
    match event:
        case ev.CustodyRemoved(compartment=id, reason=reason) if visit.driver and _is_ours(visit, id):
            return _done(visit, id, reason == "missing", stamp.mono)
        case _:
            return visit


def _done(visit: Visit, id: CompartmentId, missing: bool, now: MonoMs) -> Visit:
    return show(replace(visit, doors=(), confirming=False), ItemDone(id, missing), now)


def _is_ours(visit: Visit, id: CompartmentId) -> bool:
    return visit.purpose is Purpose.TAKE_AWAY and any(door.id == id for door in visit.doors)


def _refused(visit: Visit, no: Refused, now: MonoMs) -> Visit:
    match visit.screen:
        case ScanItem() if no.reason in _ABOUT_THE_ITEM:
            return show(visit, ScanItem(no.reason.value), now)
        case Doors() if no.reason in _ABOUT_THE_ITEM:
            return replace(visit, screen=replace(visit.screen, refused=no.reason.value))
        case TypeLabel() if no.reason in _ABOUT_THE_ITEM:
            return show(visit, TypeLabel(no.reason.value), now)
        case ScanItem() | Doors() if no.reason is Refusal.DOOR_OPEN:
            return visit
        case _:
            return list_them(visit, now, no.reason.value)
