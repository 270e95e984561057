"""The driver: what the locker's answers to badge, label, plan and outcome do to the screen. Pure."""

from dataclasses import replace

from controller.domain import events as ev
from controller.domain.answers import (
    Answer,
    Asked,
    DoorUnlocked,
    Noted,
    PlanShown,
    Refused,
    SignedIn,
    SignedOut,
    Stored,
)
from controller.domain.ids import CompartmentId, MonoMs, Size
from controller.domain.labels import Label
from controller.domain.misfits import Misfit
from controller.domain.refusals import Refusal
from controller.domain.stamp import Stamp
from kiosk.doors import unlocked
from kiosk.pins import not_believed
from kiosk.screens import (
    Checklist,
    ConfirmDeposit,
    DepositStored,
    Keeps,
    ProveNumber,
    ReadPlan,
    ScanLabel,
    SignIn,
    Summary,
    TypeDriverPin,
    TypeLabel,
)
from kiosk.session import Ended, Step, Visit, not_taken_in, show

_LEFT_IN_HAND = ("taken_back", "unfinished", ev.WIRING_FAULT)
"""How a deposit ends that leaves the driver with the parcel."""


def scanned(visit: Visit, label: Label, size: Size | None = None) -> Visit:
    """The parcel that is now in the driver's hands; `size` where they ask for another than is planned."""
    return replace(visit, label=label, size=size)


def next_parcel(visit: Visit, now: MonoMs, refused: str | None = None) -> Visit:
    """Empty hands: scan the next one."""
    return show(replace(visit, label=None, size=None, doors=(), confirming=False), ScanLabel(refused), now)


def answered(visit: Visit, answer: Answer | None, open_now: frozenset[CompartmentId], now: MonoMs) -> Visit:
    """The locker's word on whatever a driver asked."""
    match answer:
        case None:
            return not_taken_in(visit, now)
        case SignedIn(checklist=True):
            return show(replace(visit, driver=True), Checklist(), now)
        case SignedIn():
            return next_parcel(replace(visit, driver=True), now)
        case Noted() if isinstance(visit.screen, Checklist):
            return next_parcel(visit, now)
        case PlanShown():
            plan = ReadPlan(answer.parcel, answer.size, answer.hold_s, answer.evidence, answer.rules, answer.wishes)
            return show(visit, plan, now)
        case Asked() if isinstance(visit.screen, ReadPlan):
            return show(visit, replace(visit.screen, asked=True, refused=None), now)
        case Asked():
            return visit
        case DoorUnlocked(compartments):
            return unlocked(visit, compartments, open_now, now)
        case Stored(_, compartment):
            return _stored(visit, compartment, now)
        case SignedOut():
            return show(replace(visit, driver=False, label=None), Summary(answer), now)
        case Refused():
            return refused(visit, answer, now)
        case _:
            raise TypeError(f"no driver is ever answered {type(answer).__name__}")


def refused(visit: Visit, no: Refused, now: MonoMs) -> Visit:
    """A lawful no, with what the driver can do next."""
    match no.reason:
        case Refusal.BADGE_INVALID | Refusal.BADGE_REQUIRED | Refusal.BUSY | Refusal.NOT_SIGNED_IN:
            return show(replace(visit, driver=False), SignIn(no.reason.value), now)
        case Refusal.CHECKLIST_DUE:
            return show(visit, Checklist(), now)
        case _ if isinstance(visit.screen, TypeDriverPin | ProveNumber):
            return not_believed(visit, visit.screen, no, now)
        case Refusal.CARRIER_DEAF | Refusal.ALREADY_ASKED if isinstance(visit.screen, ReadPlan):
            return show(visit, replace(visit.screen, refused=no.reason.value), now)
        case Refusal.LABEL_UNREADABLE if isinstance(visit.screen, TypeLabel):
            return show(visit, TypeLabel(no.reason.value), now)
        case Refusal.LABEL_UNREADABLE | Refusal.NOTHING_TO_CONFIRM:
            return next_parcel(visit, now, no.reason.value)
        case Refusal.DEPOSIT_UNFINISHED:
            return visit
        case Refusal.DOOR_OPEN:
            return visit if visit.confirming else show(visit, Keeps(no.reason.value), now)
        case reason:
            return show(visit, Keeps(reason.value, no.rules, no.neighbours), now)


def seen(visit: Visit, event: ev.Event, stamp: Stamp) -> Step:
    """A committed event about this driver's custody or visit."""
    match event:
        case ev.CustodyStored(compartment=id) if visit.confirming and _in_hand(visit, id):
            return _stored(visit, id, stamp.mono)
        case ev.CustodyReleased(compartment=id, reason=why) if why in _LEFT_IN_HAND and _in_hand(visit, id):
            return show(replace(visit, doors=(), confirming=False), Keeps(why), stamp.mono)
        case ev.CustodyReleased(compartment=id, reason=why) if why in tuple(Misfit) and _in_hand(visit, id):
            return replace(visit, doors=(), confirming=False)
        case ev.RecipientAnswered() if isinstance(visit.screen, ReadPlan):
            return _heard_of(visit, visit.screen, event, stamp.mono)
        case ev.DriverSignedOut() if event.session == visit.session and event.reason != "asked":
            return Ended("told")
        case _:
            return visit


def is_confirming(visit: Visit) -> bool:
    """Whether *Done*, *Reopen* and *Take it back* stand on the screen."""
    return isinstance(visit.screen, ConfirmDeposit)


def _heard_of(visit: Visit, plan: ReadPlan, event: ev.RecipientAnswered, now: MonoMs) -> Visit:
    """What the recipient of the parcel in hand has answered."""
    return show(visit, replace(plan, answered=event.answer), now) if event.parcel == plan.parcel else visit


def _in_hand(visit: Visit, id: CompartmentId) -> bool:
    return visit.driver and any(door.id == id for door in visit.doors)


def _stored(visit: Visit, id: CompartmentId, now: MonoMs) -> Visit:
    """The answer and the event both say so; it is counted once."""
    if not visit.confirming:
        return visit
    visit = replace(visit, stored=(*visit.stored, id), label=None, doors=(), confirming=False)
    return show(visit, DepositStored(id), now)
