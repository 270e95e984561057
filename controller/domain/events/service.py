"""Events of doors opened in turn, of people shut in, and of the service lock-out."""

from dataclasses import dataclass, field

from controller.domain.events.base import PRIVATE, Event
from controller.domain.ids import CompartmentId, Jti, KeyId, MonoMs, Purpose, Role, SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlockAllAsked(Event):
    """The first of the two signatures that opening every door needs."""

    NAME = "unlock.all_asked"
    kid: KeyId
    jti: Jti
    until: MonoMs
    """The second has to come before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlockSeriesStarted(Event):
    """These doors are opened in turn from now on; each has its own `unlock.authorised`."""

    NAME = "unlock.series_started"
    purpose: Purpose
    role: Role
    compartments: tuple[CompartmentId, ...]
    jti: Jti | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlockSeriesEnded(Event):
    """No further door of it is unlocked."""

    NAME = "unlock.series_ended"
    purpose: Purpose
    reason: str
    """`done`, `restart` or `locked_out`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SomeoneInside(Event):
    """Somebody at the screen says that a person is shut in. An alarm, whatever the locker could do about it."""

    NAME = "security.someone_inside"
    session: SessionId | None = None
    opening: int = 0
    """How many vacant compartments are opened in turn; 0 where none could be."""
    refused: str | None = None
    """Why none is opened."""
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedOut(Event):
    """A technician works at the cabinet: nothing is unlocked but by them, there."""

    NAME = "service.locked_out"
    role: Role
    until: MonoMs
    note: str | None = field(default=None, metadata=PRIVATE)
    """What was given as the reason at the terminal, in their own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LockoutEnded(Event):
    """Doors may be unlocked again."""

    NAME = "service.lockout_ended"
    role: Role
    note: str | None = field(default=None, metadata=PRIVATE)
    """As with `LockedOut`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LockoutLapsed(Event):
    """Nobody switched the lock-out off in time; it has ended, and that is an alarm."""

    NAME = "service.lockout_lapsed"
