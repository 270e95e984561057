"""What the recipient at the screen wants from now on: confirmed, changed, or where else they can be reached."""

from dataclasses import replace

from controller.domain.certain import certain
from controller.domain.decide.draft import Decision, Draft
from controller.domain.decide.extending import wait_for_return
from controller.domain.decide.preferring import change_at_the_screen
from controller.domain.ids import WallMs
from controller.domain.inputs import ContactGiven, WishesConfirmed
from controller.domain.preferences import DAY_MS, Preferences
from controller.domain.recipient_visit import KnownWishes
from controller.domain.refusals import Refusal
from controller.domain.wishes import wishes_at_the_screen


def confirm(draft: Draft, said: WishesConfirmed) -> Decision:
    """All of it is right as it now stands, from this moment on; the carrier is told."""
    known = wishes_at_the_screen(draft.state, said.session)
    if known is None:
        return draft.refuse(Refusal.NOTHING_WAITING)
    wanted = replace(said.wanted, confirmed_at=draft.at.wall)
    return _tell(draft, known, _away(wanted, said.away_days), said.seed)


def give_contact(draft: Draft, given: ContactGiven) -> Decision:
    """Another way to reach them; it says nothing of the wishes, which stay as old as they are."""
    known = wishes_at_the_screen(draft.state, given.session)
    if known is None:
        return draft.refuse(Refusal.NOTHING_WAITING)
    wanted = known.preferences if known.preferences is not None else Preferences(confirmed_at=draft.at.wall)
    return _tell(draft, known, wanted, given.seed, given.jwe)


def _tell(draft: Draft, known: KnownWishes, wanted: Preferences, seed: str, contact_jwe: str | None = None) -> Decision:
    """What waits here already stays to be collected, whatever is wanted of parcels to come; for longer, if they go."""
    visit = certain(draft.state.recipient, "the visit of a recipient whose wishes are known")
    change_at_the_screen(draft, visit.carrier, known, wanted, seed, contact_jwe)
    for parcel in list(draft.state.parcels.values()):
        if known.recipient is not None and (parcel.carrier, parcel.recipient) == (visit.carrier, known.recipient):
            wait_for_return(draft, parcel)
    return draft.answer()


def _away(wanted: Preferences, days: int | None) -> Preferences:
    """From now on for so many days; 0 for not at all."""
    if days is None:
        return wanted
    if days == 0:
        return replace(wanted, away_from=None, away_until=None)
    until = WallMs(wanted.confirmed_at + days * DAY_MS)
    return replace(wanted, away_from=wanted.confirmed_at, away_until=until)
