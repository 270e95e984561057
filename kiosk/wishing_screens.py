"""The screens on which a recipient says what they want from now on."""

from dataclasses import dataclass
from typing import ClassVar

from controller.domain.preferences import Channel, Preferences


@dataclass(frozen=True, slots=True)
class StillRight:
    """Was it for you? Nothing of anybody's wishes is shown before that. `asked` where the locker wants to know."""

    NAME: ClassVar[str] = "still_right"
    asked: bool = True


@dataclass(frozen=True, slots=True)
class EditWishes:
    """Every wish as it now stands; nothing counts before it was confirmed."""

    NAME: ClassVar[str] = "wishes"
    wanted: Preferences
    away_days: int | None = None
    """What was chosen here, counted from today; None for what was known."""


@dataclass(frozen=True, slots=True)
class TypeContact:
    """Something sent by `bounced` came back: another number, or an address."""

    NAME: ClassVar[str] = "contact"
    bounced: Channel
    by: Channel
    refused: str | None = None


WishingScreen = StillRight | EditWishes | TypeContact
