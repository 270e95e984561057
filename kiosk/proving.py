"""A recipient who has to give more than a code: which screen asks for it, and what the answers do. Pure."""

from dataclasses import replace

from controller.domain.answers import Answer, EvidenceWanted, PinSent, Refused
from controller.domain.ids import MonoMs
from controller.domain.refusals import Refusal
from controller.domain.rules import EITHER, Evidence
from kiosk.proving_screens import EnterPin, ProvingScreen, Sign
from kiosk.screens import NeedsPerson, ScanPass, UseApp
from kiosk.session import Visit, show, touch

CANNOT_SIGN = "cannot_sign"
_ON_SCREEN = (
    Refusal.PIN_SENT,
    Refusal.PIN_WRONG,
    Refusal.PIN_EXPIRED,
    Refusal.PIN_VOID,
    Refusal.CARRIER_DEAF,
    Refusal.SIGNATURE_UNCLEAR,
)
_OVER = (Refusal.PIN_EXPIRED, Refusal.PIN_VOID)


def wanted(visit: Visit, answer: EvidenceWanted, now: MonoMs) -> Visit:
    """The screen that asks for the first thing that is missing."""
    first = answer.wanted[0]
    names = first.split(EITHER)
    if Evidence.PIN in names:
        return show(visit, EnterPin(first), now)
    if Evidence.SIGNATURE in names:
        return show(visit, Sign(first), now)
    return show(visit, UseApp() if first == Evidence.APP else ScanPass("pass_wanted"), now)


def pin_asked(visit: Visit, answer: Answer | None, now: MonoMs) -> Visit | None:
    """The locker's word on *send me a PIN*; None for what it says to any recipient."""
    screen = visit.screen
    if isinstance(screen, EnterPin) and isinstance(answer, PinSent):
        return show(visit, replace(screen, good_until=answer.until, refused=None), now)
    return refused(visit, answer, now)


def refused(visit: Visit, answer: Answer | None, now: MonoMs) -> Visit | None:
    """A no that leaves the screen as it is, and says why; None for any other."""
    screen = visit.screen
    if not isinstance(screen, ProvingScreen) or not isinstance(answer, Refused) or answer.reason not in _ON_SCREEN:
        return None
    said = replace(screen, refused=answer.reason.value)
    if isinstance(said, EnterPin) and answer.reason in _OVER:
        said = replace(said, good_until=None)
    return show(visit, said, now)


def instead(visit: Visit, to: str, now: MonoMs) -> Visit | None:
    """The other thing of two that will do, or that it cannot be done."""
    screen = visit.screen
    if not isinstance(screen, ProvingScreen):
        return None
    names, visit = screen.wanted.split(EITHER), touch(visit, now)
    match to:
        case Evidence.PIN if to in names:
            return show(visit, EnterPin(screen.wanted), now)
        case "sign" if Evidence.SIGNATURE in names:
            return show(visit, Sign(screen.wanted), now)
        case _:
            return show(visit, NeedsPerson(CANNOT_SIGN), now) if to == CANNOT_SIGN else None
