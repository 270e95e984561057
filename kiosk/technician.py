"""The technician: what the locker's answers, and what happens, do to the screen. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from controller.domain import events as ev
from controller.domain.answers import Answer, DoorUnlocked, Noted, Refused, SignedIn
from controller.domain.ids import CompartmentId, MonoMs
from controller.domain.inputs import TechnicianShown
from controller.domain.refusals import Refusal
from controller.domain.stamp import Stamp
from controller.domain.state import State
from kiosk.screens import SignIn
from kiosk.session import Step, Visit, not_taken_in, show
from kiosk.technician_screens import (
    AtCabinet,
    AuditDoor,
    Audited,
    AuditLabel,
    CabinetDoors,
    Diagnosis,
    OneDoor,
    TypePin,
)

Then = Callable[[Visit, MonoMs], Visit]
"""What follows when the locker has done it."""


def badge_shown(visit: Visit, badge: TechnicianShown, now: MonoMs) -> Visit:
    """A good badge: its PIN is asked for."""
    return show(replace(visit, badge=badge), TypePin(), now)


def answered(visit: Visit, answer: Answer | None, now: MonoMs, then: Then) -> Visit:
    """The locker's word on whatever the technician asked."""
    match answer:
        case None:
            return not_taken_in(visit, now)
        case SignedIn():
            return show(replace(visit, technician=True, badge=None), CabinetDoors(), now)
        case DoorUnlocked() | Noted():
            return then(visit, now)
        case Refused():
            return refused(visit, answer.reason, now)
        case _:
            raise TypeError(f"no technician is ever answered {type(answer).__name__}")


def refused(visit: Visit, reason: Refusal, now: MonoMs) -> Visit:
    """A lawful no, on the screen on which it was asked for."""
    if reason in (Refusal.NOT_SIGNED_IN, Refusal.BADGE_INVALID) or not visit.technician:
        return show(replace(visit, technician=False, badge=None), SignIn(reason.value), now)
    screen = visit.screen
    return show(visit, replace(screen, refused=reason.value), now) if isinstance(screen, AtCabinet) else visit


def stay(visit: Visit, now: MonoMs) -> Visit:
    """The same screen, without what it complained of; what it shows comes from the state."""
    screen = visit.screen
    return show(visit, replace(screen, refused=None), now) if isinstance(screen, AtCabinet) else visit


def next_to_look_into(state: State) -> CompartmentId | None:
    """The next compartment of the audit; None once all were looked into."""
    return state.audit.left[0] if state.audit is not None and state.audit.left else None


def to_doors(visit: Visit, now: MonoMs) -> Visit | None:
    """Back to all doors."""
    return show(visit, CabinetDoors(), now) if visit.technician else None


def to_door(visit: Visit, id: CompartmentId, now: MonoMs) -> Visit | None:
    """To one of them."""
    return show(visit, OneDoor(id), now) if visit.technician else None


def to_diagnosis(visit: Visit, facts: Mapping[str, object], now: MonoMs) -> Visit | None:
    """To the machine's facts."""
    return show(visit, Diagnosis(facts), now) if visit.technician else None


def to_label(visit: Visit, now: MonoMs) -> Visit | None:
    """The label of what lies in the compartment is typed by hand."""
    screen = visit.screen
    if not isinstance(screen, AuditDoor) or screen.compartment is None:
        return None
    return show(visit, AuditLabel(screen.compartment), now)


def back(visit: Visit, now: MonoMs) -> Visit | None:
    """To the screen before."""
    if isinstance(visit.screen, AuditLabel):
        return show(visit, AuditDoor(visit.screen.compartment), now)
    return to_doors(visit, now)


def seen(visit: Visit, event: ev.Event, stamp: Stamp) -> Step:
    """A committed event about this technician's work."""
    if visit.technician and isinstance(event, ev.AuditFinished):
        return show(visit, Audited(event), stamp.mono)
    return visit
