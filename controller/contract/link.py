"""A connection to a broker, as everything above it sees it: no threads, no reconnecting, no packet ids.

All of it happens on one asyncio loop. Quality of service is 1 throughout: at least once, so readers know duplicates.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

WINDOW = 100
"""How many messages may be with the broker and not yet confirmed by it."""

Confirmed = Callable[[str | None], None]
"""Called when the broker answered: with None when it took the message, else with its reason for refusing."""
WillFor = Callable[[int], tuple[str, bytes]]
"""Topic and payload that the broker is to publish, retained, when the connection of this number is lost."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message from the broker."""

    topic: str
    payload: bytes
    retained: bool
    """It was kept by the broker, or is to be kept: nobody has just now said it to us."""
    take: Callable[[], None]
    """Tells the broker that we have it for good. Until then it will come again with the next connection."""


class Link(Protocol):
    """The connection that keeps itself up."""

    @property
    def up(self) -> bool:
        """Whether messages can be handed on now."""

    @property
    def conn(self) -> int:
        """Counts the connections tried since the start, from 1; 0 before the first."""

    def publish(self, topic: str, payload: bytes, *, retain: bool = False, confirmed: Confirmed | None = None) -> bool:
        """Hand a message on, in order. False when the link is down: nothing was kept of it.

        `confirmed` is never called when the connection is lost first; `follow` tells of that.
        """

    def subscribe(self, subscription: str, listener: Callable[[Message], None]) -> None:
        """Have every message that `subscription` covers; before the link is run."""

    def follow(self, up: Callable[[], None], down: Callable[[], None]) -> None:
        """Be told when the subscriptions stand and messages can be handed on, and when that ends."""

    def leave_will(self, will: WillFor) -> None:
        """What the broker is to say for us when a connection is lost; asked anew for every connection."""
