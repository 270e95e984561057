"""How long a screen waits, and what comes when nobody does anything. Pure."""

from dataclasses import replace

from controller.domain.ids import MonoMs
from kiosk.doors import shut
from kiosk.driver import next_parcel
from kiosk.screens import (
    Claiming,
    ConfirmDeposit,
    DepositStored,
    DidNotOpen,
    Doors,
    Home,
    ItemDone,
    Outcome,
    ProveNumber,
    ReadPlan,
    Summary,
    Thanks,
    TooManyTries,
    TypeDriverPin,
    Unavailable,
)
from kiosk.session import Ended, Overlay, Phase, Step, Visit, cover, show
from kiosk.take_away import list_them
from kiosk.technician_screens import TypePin
from kiosk.times import Times
from kiosk.wishing_screens import StillRight


def due(visit: Visit, times: Times) -> MonoMs:
    """When `run_out` is to be called for this visit; every screen ends some time."""
    if visit.overlay is Overlay.STILL_THERE:
        return _after(visit.overlay_since, times.still_there_s)
    if visit.overlay is Overlay.LETTING_OUT:
        return _after(max(visit.overlay_since, visit.touched), times.alarm_s)
    match visit.screen:
        case Doors():
            return _doors_due(visit, visit.screen, times)
        case Claiming(before=Outcome(reopen_until=until)) | Outcome(reopen_until=until):
            return MonoMs(max(until, _after(visit.since, times.result_s)))
        case Thanks(receipt=()) | Unavailable() | DepositStored() | ItemDone() | Summary():
            return _after(max(visit.since, visit.touched), times.result_s)
        case Thanks():
            return _after(max(visit.since, visit.touched), times.receipt_s)
        case ConfirmDeposit():
            return _after(visit.since, times.deposit_answer_s + times.result_s)
        case ReadPlan(asked=True, answered=None):
            return _after(max(visit.since, visit.touched), times.technician_s)
        case _:
            idle_s = times.technician_s if visit.technician else times.idle_s
            return _after(max(visit.since, visit.touched), idle_s)


def counts_to(visit: Visit, times: Times) -> MonoMs | None:
    """The moment that the page counts down to, where the visitor should know of one."""
    if visit.overlay is Overlay.STILL_THERE:
        return due(visit, times)
    match visit.screen:
        case Outcome(reopen_until=until) | TooManyTries(retry_at=until):
            return until
        case TypeDriverPin(retry_at=until) | ProveNumber(retry_at=until) | TypePin(retry_at=until):
            return until
        case ConfirmDeposit():
            return _after(visit.since, times.deposit_answer_s)
        case _:
            return None


def run_out(visit: Visit, now: MonoMs, times: Times) -> Step:
    """Nobody did anything until `due`."""
    if visit.overlay is Overlay.STILL_THERE:
        return Ended("idle")
    if visit.overlay is Overlay.LETTING_OUT:
        return cover(visit, Overlay.STILL_THERE, now)
    match visit.screen:
        case Doors():
            return _door_ran_out(visit, visit.screen, now, times)
        case Unavailable(before=before):
            return show(visit, before, now)
        case DepositStored():
            return next_parcel(visit, now)
        case ItemDone():
            return list_them(visit, now)
        case Summary() | Thanks():
            return Ended("asked")
        case Claiming() | Outcome() | Home() | StillRight():
            return Ended("idle")
        case ConfirmDeposit():
            return next_parcel(visit, now)
        case _:
            return cover(visit, Overlay.STILL_THERE, now)


def _doors_due(visit: Visit, screen: Doors, times: Times) -> MonoMs:
    opened = [door.since for door in visit.doors if door.phase is Phase.OPEN]
    if opened:
        return _after(min(opened), times.alarm_s if screen.urgent else times.reminder_s)
    return _after(visit.since, times.opening_s)


def _door_ran_out(visit: Visit, screen: Doors, now: MonoMs, times: Times) -> Step:
    phases = {door.phase for door in visit.doors}
    if Phase.OPEN in phases:
        return Ended("idle") if screen.urgent else replace(visit, screen=replace(screen, urgent=True))
    if Phase.UNSEEN in phases:
        return shut(visit, now, times)
    return show(visit, DidNotOpen(), now)


def _after(moment: int, seconds: int) -> MonoMs:
    return MonoMs(moment + seconds * 1000)
