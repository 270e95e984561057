"""What a recipient wants done with their parcels."""

from dataclasses import dataclass, fields
from enum import StrEnum

from controller.domain.ids import HOUR_MS, Language, Note, WallMs

DAY_MS = 24 * HOUR_MS


class Channel(StrEnum):
    """How a recipient would like to be told."""

    PUSH = "push"
    SMS = "sms"
    EMAIL = "email"
    CALL = "call"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What a machine can act on; None where the recipient said nothing about it."""

    confirmed_at: WallMs
    """When the recipient last said that all of this is right."""
    locker: bool | None = None
    """False: not into a locker."""
    accessible: bool | None = None
    """True: a compartment whose handle can be reached from a wheelchair."""
    language: Language | None = None
    second_person: bool | None = None
    """True: somebody else may collect it."""
    channel: Channel | None = None
    away_from: WallMs | None = None
    away_until: WallMs | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Instructions(Preferences):
    """The same with what the recipient wrote to the driver, which never stands in a record."""

    note: Note | None = None

    def flags(self) -> Preferences:
        """All but the note."""
        return Preferences(**{item.name: getattr(self, item.name) for item in fields(Preferences)})


def away_s(given: Preferences | None, now: WallMs) -> int:
    """For how much longer this recipient is away, in seconds rounded up to whole hours; 0 for one who is not."""
    if given is None or given.away_until is None or (given.away_from is not None and now < given.away_from):
        return 0
    return max(0, -(-(given.away_until - now) // HOUR_MS) * HOUR_MS // 1000)
