"""Events of the recipient at the screen."""

from dataclasses import dataclass

from controller.domain.events.base import Event
from controller.domain.ids import LockerId, NoticeId, ParcelId, PickupId, SessionId
from controller.domain.notices import Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientLeft(Event):
    """The visit that a code or a pass began is over; what was not collected waits on."""

    NAME = "recipient.left"
    pickup: PickupId
    session: SessionId
    reason: str
    """`asked`, `idle`, `left_open`, `restart`, or `another` came in its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientAnswered(Event):
    """What the recipient wants, as they told the carrier."""

    NAME = "recipient.answered"
    parcel: ParcelId
    answer: Reply
    notice: NoticeId | None = None
    """What they were asked; None where they said it of their own accord."""
    hold_s: int | None = None
    """How much longer it is to be kept, where they said."""
    locker: LockerId | None = None
    """The other locker, where they chose one."""
