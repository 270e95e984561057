"""Whose wishes the person at the screen may see and change: those of whoever the parcel was for, once it was theirs."""

from controller.domain.ids import SessionId
from controller.domain.recipient_visit import KnownWishes
from controller.domain.state import State


def wishes_at_the_screen(state: State, session: SessionId) -> KnownWishes | None:
    """None before anything was collected in this session, for a delegate, and for what was said to be another's."""
    visit = state.recipient
    if visit is None or visit.session != session or visit.delegate is not None:
        return None
    return None if any(taken.parcel in state.disputes for taken in visit.taken) else visit.wishes


def is_to_be_asked(known: KnownWishes) -> bool:
    """Whether their carrier needs to hear from the recipient: of wishes that are old, or of a way that bounced."""
    return known.stale or bool(known.bounced)
