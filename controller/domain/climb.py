"""Where one parcel stands on its ladder."""

from dataclasses import dataclass

from controller.domain.ids import SessionId, WallMs
from controller.domain.notices import NoticeKind


@dataclass(frozen=True, slots=True)
class Climb:
    """The ladder of a parcel that is stored, or was not taken in, and what has been done of it."""

    ladder: str
    since: WallMs
    """When it was stored, or not taken in."""
    begun_sequence: int
    """The record that says so: before the carrier has it, it cannot be asked for anything."""
    session: SessionId | None = None
    """The driver's visit in which it was not taken in; None for one that is stored."""
    hold_runs: bool = False
    """The carrier knows of it, or has been waited for long enough."""
    done: tuple[int, ...] = ()
    """Steps by their places on the ladder, from 0."""
    done_of_hold: tuple[int, ...] = ()
    """The same of those whose time moves with the end of the hold: they come again when it is moved."""
    offered: bool = False
    """An extension was offered and can still be had."""
    untold: tuple[NoticeKind, ...] = ()
    """What was done and could not be told yet."""
