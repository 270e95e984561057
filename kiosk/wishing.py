"""A recipient's wishes at the screen: asked after the parcel is theirs, changed, confirmed. Pure."""

from collections.abc import Mapping
from dataclasses import replace

from controller.domain.answers import Answer, Noted
from controller.domain.ids import MonoMs, WallMs
from controller.domain.preferences import Channel, Preferences
from controller.domain.recipient_visit import KnownWishes
from controller.domain.refusals import Refusal
from controller.domain.wishes import is_to_be_asked
from kiosk.screens import Thanks
from kiosk.session import Visit, not_taken_in, show, touch
from kiosk.wishing_screens import EditWishes, StillRight, TypeContact

_TYPED = (Channel.SMS, Channel.EMAIL)
"""What can be typed at a screen; a telephone's own app has to be opened on the telephone."""


def goodbye(visit: Visit, known: KnownWishes | None, now: MonoMs) -> Visit | None:
    """The question in place of the last page, once a visit; None where there is nothing to ask."""
    if visit.asked_wishes or known is None or not is_to_be_asked(known):
        return None
    return show(replace(touch(visit, now), asked_wishes=True), StillRight(), now)


def wanted(visit: Visit, known: KnownWishes | None, now: MonoMs) -> Visit | None:
    """*My wishes*, on the last page."""
    if known is None or not isinstance(visit.screen, Thanks):
        return None
    return show(replace(touch(visit, now), asked_wishes=True), StillRight(asked=False), now)


def go(visit: Visit, to: str, known: KnownWishes | None, now: MonoMs) -> Visit | None:
    """Whose wishes they are, which way is meant, or that nothing is to be changed."""
    visit = touch(visit, now)
    match visit.screen:
        case StillRight(asked=asked) if to == "mine" and known is not None:
            bounced_alone = asked and not known.stale and bool(known.bounced)
            return _contact(visit, known, now) if bounced_alone else _edit(visit, known, now)
        case TypeContact() if to in _TYPED:
            return show(visit, replace(visit.screen, by=Channel(to), refused=None), now)
        case StillRight() | EditWishes() | TypeContact() if to == "nothing":
            return show(visit, Thanks(), now)
        case _:
            return None


def changed(visit: Visit, wishes: Mapping[str, object], now: MonoMs) -> Visit | None:
    """One wish or several, by name."""
    if not isinstance(visit.screen, EditWishes):
        return None
    given = {name: value for name, value in wishes.items() if name != "away_days"}
    told = replace(visit.screen.wanted, **given)  # type: ignore[arg-type]  # the body has seen to their types
    days = wishes.get("away_days", visit.screen.away_days)
    return show(touch(visit, now), EditWishes(told, days if isinstance(days, int) else None), now)


def confirmed(visit: Visit, answer: Answer | None, known: KnownWishes | None, now: MonoMs) -> Visit:
    """The locker's word on wishes that were confirmed, or on a contact that was given."""
    if answer is None:
        return not_taken_in(visit, now)
    if isinstance(answer, Noted) and isinstance(visit.screen, EditWishes) and known is not None and known.bounced:
        return _contact(visit, known, now)
    return show(visit, Thanks(), now)


def unclear(visit: Visit, now: MonoMs) -> Visit:
    """What was typed can be neither a number nor an address."""
    if not isinstance(visit.screen, TypeContact):
        return visit
    return show(visit, replace(visit.screen, refused=Refusal.CONTACT_UNCLEAR.value), now)


def back(visit: Visit, now: MonoMs) -> Visit:
    """From wishes to whose they are, and from there to the last page."""
    return show(visit, Thanks() if isinstance(visit.screen, StillRight) else StillRight(), now)


def _edit(visit: Visit, known: KnownWishes, now: MonoMs) -> Visit:
    return show(visit, EditWishes(known.preferences or Preferences(confirmed_at=WallMs(0))), now)


def _contact(visit: Visit, known: KnownWishes, now: MonoMs) -> Visit:
    bounced = known.bounced[-1]
    return show(visit, TypeContact(bounced, bounced if bounced in _TYPED else Channel.SMS), now)
