"""Events of the recipient at the screen."""

from dataclasses import dataclass

from controller.domain.events.base import Event
from controller.domain.ids import PickupId, SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientLeft(Event):
    """The visit that a code or a pass began is over; what was not collected waits on."""

    NAME = "recipient.left"
    pickup: PickupId
    session: SessionId
    reason: str
    """`asked`, `idle`, `left_open`, `restart`, or `another` came in its place."""
