"""One visit at the screen. Everything here is pure: a visit and something that happened give the next visit."""

from dataclasses import dataclass, replace
from enum import StrEnum

from controller.domain.ids import CompartmentId, MonoMs, Purpose, SessionId, Size
from controller.domain.inputs import TechnicianShown
from controller.domain.labels import Label
from kiosk.screens import Home, Screen, Unavailable


class Phase(StrEnum):
    """How far a door of this visit has come."""

    OPENING = "opening"
    OPEN = "open"
    CLOSED = "closed"
    STUCK = "stuck"
    """It was unlocked and stayed shut."""
    UNSEEN = "unseen"
    """It was unlocked and its sensor says nothing."""


class Overlay(StrEnum):
    """What may lie over any screen without ending it."""

    HELP = "help"
    STILL_THERE = "still_there"
    SOMEONE_INSIDE = "someone_inside"
    """Whether somebody is shut in, asked once more before doors move."""
    LETTING_OUT = "letting_out"
    """Vacant compartments are being opened, or why they are not; and whom to call."""


class Theme(StrEnum):
    """How the page is coloured."""

    DAY = "day"
    NIGHT = "night"
    CONTRAST = "contrast"


@dataclass(frozen=True, slots=True)
class VisitDoor:
    """A door that this visit had unlocked; `since` is when it came into this phase."""

    id: CompartmentId
    phase: Phase
    since: MonoMs


@dataclass(frozen=True, slots=True)
class Visit:
    """Who stands before the screen, as far as the locker knows."""

    session: SessionId
    since: MonoMs
    """When this screen came up."""
    touched: MonoMs
    """When the visitor last did anything."""
    screen: Screen
    overlay_since: MonoMs
    """When `overlay` came up; says nothing without one."""
    overlay: Overlay | None = None
    not_let_out: str | None = None
    """Why no compartment is opened for somebody shut in; a refusal."""
    language: str | None = None
    theme: Theme | None = None
    doors: tuple[VisitDoor, ...] = ()
    purpose: Purpose = Purpose.PICKUP
    """Of the last unlock."""
    badge: TechnicianShown | None = None
    """What a technician came with; worth nothing before its PIN was typed. Gone once it was."""
    technician: bool = False
    asked_wishes: bool = False
    """Whether this recipient was asked about their wishes."""
    driver: bool = False
    label: Label | None = None
    """The parcel in the driver's hands."""
    size: Size | None = None
    """What the driver asked for instead of its planned size."""
    confirming: bool = False
    """The driver's door has opened and closed: whatever it does next, their word or their scan is waited for."""
    stored: tuple[CompartmentId, ...] = ()
    """Where this driver's parcels went, in order."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The visit is over; `reason` is `asked`, `idle` or, when the locker ended it, `told`."""

    reason: str


Step = Visit | Ended


def begin(session: SessionId, now: MonoMs) -> Visit:
    """A visitor touched the screen or held something before the scanner."""
    return Visit(session, since=now, touched=now, screen=Home(), overlay_since=now)


def show(visit: Visit, screen: Screen, now: MonoMs) -> Visit:
    """The same visit on another screen; what lay over the old one is gone."""
    return replace(visit, screen=screen, since=now, overlay=None)


def touch(visit: Visit, now: MonoMs) -> Visit:
    """The visitor is there."""
    still = None if visit.overlay is Overlay.STILL_THERE else visit.overlay
    return replace(visit, touched=now, overlay=still)


def cover(visit: Visit, overlay: Overlay, now: MonoMs) -> Visit:
    """Lay something over the screen."""
    return replace(visit, overlay=overlay, overlay_since=now)


def not_taken_in(visit: Visit, now: MonoMs) -> Visit:
    """The locker could not take in what was asked; the screen before comes back in a moment."""
    before = visit.screen.before if isinstance(visit.screen, Unavailable) else visit.screen
    return show(visit, Unavailable(before), now)


def set_door(visit: Visit, id: CompartmentId, phase: Phase, now: MonoMs) -> Visit:
    """One door of the visit comes into this phase."""
    others = tuple(door for door in visit.doors if door.id != id)
    return replace(visit, doors=(*others, VisitDoor(id, phase, now)))


def door_of(visit: Visit, id: CompartmentId) -> VisitDoor | None:
    """This visit's door of that name."""
    return next((door for door in visit.doors if door.id == id), None)
