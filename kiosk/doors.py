"""The doors of one visit: unlocked, open, shut again, or not. Pure; recipients and drivers alike."""

from dataclasses import replace

from controller.domain import events as ev
from controller.domain.ids import CompartmentId, MonoMs, Purpose
from controller.domain.stamp import Stamp
from kiosk.screens import ConfirmDeposit, DidNotOpen, Doors, NeedsPerson, Outcome, ScanItem
from kiosk.session import Ended, Phase, Step, Visit, door_of, set_door, show
from kiosk.times import Times

_MOVING = (Phase.OPENING, Phase.OPEN, Phase.UNSEEN)
_AT_THE_SCREEN = (Purpose.DEPOSIT, Purpose.TAKE_BACK, Purpose.TAKE_AWAY, Purpose.PICKUP, Purpose.REOPEN)


def unlocked(
    visit: Visit, compartments: tuple[CompartmentId, ...], open_now: frozenset[CompartmentId], now: MonoMs
) -> Visit:
    """The locker answered that these doors are unlocked; its events may have said so, and more, already.

    A visit that resumes another one finds its door in `open_now`, the doors that stand open at this moment.
    """
    for id in compartments:
        if door_of(visit, id) is None:
            visit = set_door(visit, id, Phase.OPEN if id in open_now else Phase.OPENING, now)
    return visit if isinstance(visit.screen, Doors | Outcome | ConfirmDeposit | ScanItem) else show(visit, Doors(), now)


def seen(visit: Visit, event: ev.Event, stamp: Stamp, times: Times) -> Step:
    """A committed event about a lock or a door."""
    now = stamp.mono
    match event:
        case ev.UnlockAuthorised() if event.session == visit.session and event.purpose in _AT_THE_SCREEN:
            return _on_its_way(visit, event.compartment, event.purpose, now)
        case ev.DoorWiringFault(compartment=id) if door_of(visit, id) is not None:
            visit = set_door(visit, id, Phase.STUCK, now)
            return visit if visit.driver else show(visit, NeedsPerson(ev.WIRING_FAULT), now)
        case (
            ev.DoorOpened(compartment=id)
            | ev.DoorClosed(compartment=id)
            | ev.DoorDidNotOpen(compartment=id)
            | ev.DoorLeftOpen(compartment=id)
            | ev.UnlockReported(compartment=id, sent="no_feedback" | "already_open")
        ) if door_of(visit, id) is not None:
            return _moved(visit, event, id, now, times)
        case _:
            return visit


def shut(visit: Visit, now: MonoMs, times: Times) -> Visit:
    """The page that follows a closed door."""
    match visit.purpose:
        case Purpose.DEPOSIT | Purpose.TAKE_BACK:
            return show(replace(visit, confirming=True), ConfirmDeposit(), now)
        case Purpose.TAKE_AWAY:
            return show(replace(visit, confirming=True), ScanItem(), now)
        case _:
            return show(visit, Outcome(MonoMs(now + times.reopen_s * 1000)), now)


def _on_its_way(visit: Visit, id: CompartmentId, purpose: Purpose, now: MonoMs) -> Visit:
    moving = tuple(door for door in visit.doors if purpose is Purpose.PICKUP and door.phase in _MOVING)
    visit = replace(visit, purpose=purpose, doors=moving)
    return show(set_door(visit, id, Phase.OPENING, now), Doors(), now)


def _moved(visit: Visit, event: ev.Event, id: CompartmentId, now: MonoMs, times: Times) -> Step:
    match event:
        case ev.DoorOpened() | ev.UnlockReported(sent="already_open"):
            return show(set_door(visit, id, Phase.OPEN, now), Doors(), now)
        case ev.DoorClosed():
            visit = set_door(visit, id, Phase.CLOSED, now)
            return visit if _any_moving(visit) else shut(visit, now, times)
        case ev.DoorLeftOpen():
            return Ended("told")
        case ev.DoorDidNotOpen():
            visit = set_door(visit, id, Phase.STUCK, now)
            return visit if _any_moving(visit) else _stuck(visit, now)
        case _:
            return show(set_door(visit, id, Phase.UNSEEN, now), Doors(), now)


def _stuck(visit: Visit, now: MonoMs) -> Visit:
    if visit.confirming:
        again = ScanItem(stuck=True) if visit.purpose is Purpose.TAKE_AWAY else ConfirmDeposit(stuck=True)
        return show(visit, again, now)
    return show(visit, DidNotOpen(), now)


def _any_moving(visit: Visit) -> bool:
    return any(door.phase in _MOVING for door in visit.doors)
