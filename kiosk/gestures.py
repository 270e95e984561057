"""What a visitor may do without asking the locker: go somewhere on the screen, back, help, language. Pure.

Each gives the next visit, or None where that cannot be done from the screen that is up: two fingers, or a late one.
"""

from dataclasses import replace

from controller.domain.ids import MonoMs
from kiosk import technician, wishing
from kiosk.doors import shut
from kiosk.driver import next_parcel
from kiosk.proving_screens import ProvingScreen
from kiosk.recipient import got_it
from kiosk.screens import (
    Claiming,
    DidNotOpen,
    Doors,
    DriverIdle,
    EnterCode,
    Home,
    Lobby,
    NeedsPerson,
    Outcome,
    ScanItem,
    ScanPass,
    Screen,
    SignIn,
    Summary,
    TypeLabel,
    TypeNumber,
    Unavailable,
    UseApp,
)
from kiosk.session import Ended, Overlay, Phase, Step, Theme, Visit, cover, show, touch
from kiosk.take_away import is_typing, list_them
from kiosk.technician_screens import TypePin
from kiosk.times import Times
from kiosk.wishing_screens import WishingScreen

_FROM_THE_LOBBY: dict[str, Screen] = {
    "code": EnterCode(),
    "scan": ScanPass(),
    "app": UseApp(),
    "driver": SignIn(),
    "number": TypeNumber(),
}
_NOT_RIGHT = "not_right"
_FOR_DRIVERS = ("label", "next", "take_away")
PLACES = (*_FROM_THE_LOBBY, _NOT_RIGHT, *_FOR_DRIVERS)
"""Where `go` leads."""


def go(visit: Visit, to: str, now: MonoMs) -> Visit | None:
    """To one of `PLACES`."""
    if to == _NOT_RIGHT and isinstance(visit.screen, Outcome) and visit.screen.reopen_until > now:
        return show(touch(visit, now), Claiming(visit.screen), now)
    if _before_a_door(visit) and to in _FROM_THE_LOBBY:
        return show(touch(visit, now), _FROM_THE_LOBBY[to], now)
    if isinstance(visit.screen, ScanItem) and to == "label":
        return show(touch(visit, now), TypeLabel(), now)
    if _with_a_parcel(visit) and to in _FOR_DRIVERS and not is_typing(visit):
        return _for_drivers(touch(visit, now), to, now)
    return None


def _for_drivers(visit: Visit, to: str, now: MonoMs) -> Visit:
    match to:
        case "label":
            return show(visit, TypeLabel(), now)
        case "take_away":
            return list_them(visit, now)
        case _:
            return next_parcel(visit, now)


def back(visit: Visit, now: MonoMs) -> Visit | None:
    """Off what lies over the screen, else to the screen before."""
    visit = touch(visit, now)
    if visit.overlay is not None:
        return replace(visit, overlay=None)
    if isinstance(visit.screen, Claiming):
        return show(visit, visit.screen.before, now)
    if isinstance(visit.screen, WishingScreen):
        return wishing.back(visit, now)
    if visit.technician:
        return technician.back(visit, now)
    if _before_a_door(visit) or isinstance(visit.screen, TypePin):
        return show(replace(visit, badge=None), Home(), now)
    if is_typing(visit):
        return show(visit, ScanItem(), now)
    if _with_a_parcel(visit):
        return next_parcel(visit, now)
    return show(visit, visit.screen.before, now) if isinstance(visit.screen, Unavailable) else None


def start_again(visit: Visit, now: MonoMs) -> Step | None:
    """Home for a recipient, the next parcel for a driver; never while a door is this visit's."""
    if isinstance(visit.screen, Unavailable):
        before = show(visit, visit.screen.before, now)
        return start_again(before, now) or touch(before, now)
    if visit.technician:
        return technician.to_doors(touch(visit, now), now)
    if _before_a_door(visit) or isinstance(visit.screen, Claiming | Summary | TypePin | WishingScreen):
        return Ended("asked")
    return next_parcel(touch(visit, now), now) if _with_a_parcel(visit) and not is_typing(visit) else None


def _before_a_door(visit: Visit) -> bool:
    """Nothing of this visitor's is in motion; a door that did not open may still do so, and brings its screen back."""
    stuck = isinstance(visit.screen, DidNotOpen) and not visit.driver
    return stuck or isinstance(visit.screen, Lobby | NeedsPerson | ProvingScreen)


def _with_a_parcel(visit: Visit) -> bool:
    stuck = isinstance(visit.screen, DidNotOpen) and visit.driver
    return stuck or isinstance(visit.screen, DriverIdle)


def done(visit: Visit, now: MonoMs, times: Times) -> Step | None:
    """*Got it*, or *I have closed it* at a door without a working sensor."""
    match visit.screen:
        case Doors() if all(door.phase in (Phase.UNSEEN, Phase.CLOSED) for door in visit.doors):
            return shut(touch(visit, now), now, times)
        case Summary():
            return Ended("asked")
        case _:
            return got_it(touch(visit, now), now)


def ask_help(visit: Visit, now: MonoMs) -> Visit:
    """The telephone number and the locker's id, over any screen."""
    return cover(touch(visit, now), Overlay.HELP, now)


def ask_inside(visit: Visit, now: MonoMs) -> Visit:
    """Somebody says that a person is shut in: asked once more, over any screen."""
    return cover(touch(visit, now), Overlay.SOMEONE_INSIDE, now)


def still_here(visit: Visit, now: MonoMs) -> Visit:
    """The answer to "Still there?", any number of times; also told by the page when it is touched."""
    return touch(visit, now)


def speak(visit: Visit, language: str, now: MonoMs) -> Visit:
    """Until the visit ends."""
    return replace(touch(visit, now), language=language)


def colour(visit: Visit, theme: Theme, now: MonoMs) -> Visit:
    """Until the visit ends."""
    return replace(touch(visit, now), theme=theme)
