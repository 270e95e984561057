"""What recipients are told, by which channel, and how far that has come."""

from dataclasses import dataclass
from enum import StrEnum

from controller.domain.ids import CarrierId, LockerId, NoticeId, WallMs
from controller.domain.preferences import Channel


class NoticeKind(StrEnum):
    """What a recipient is told, or asked."""

    COMING = "coming"
    """A parcel is on its way here: is it to go into the locker?"""
    STORED = "stored"
    """It is here, to be picked up."""
    PASS = "pass"
    """The same, with a pass, which works where the locker was not told of it."""
    LONGER = "longer"
    """It waits longer than usual."""
    REMINDER = "reminder"
    CALL = "call"
    """A person telephones."""
    CONTACT = "contact"
    """It was not taken in: what is to be done with it?"""
    QUESTION = "question"
    """A driver stands before the locker with it, and asks."""
    EXTENSION = "extension"
    """It can be kept longer, if the recipient says so."""
    OTHER_LOCKER = "other_locker"
    """It can go to another locker."""
    EXPIRED = "expired"
    """Its time is over."""
    RETURNING = "returning"
    """It goes back to the depot."""
    REDELIVERY = "redelivery"
    """It will be brought again."""
    NOT_TAKEN_IN = "not_taken_in"
    OPENED = "opened"
    """Somebody of the staff has opened its compartment; it is still there, as far as anybody knows."""
    RECALLED = "recalled"
    """It is no longer handed out here."""
    CANARY = "canary"
    """To nobody: it only shows that the channel is alive."""


class Reply(StrEnum):
    """What a recipient may say in answer, as a machine can act on it."""

    LOCKER = "locker"
    """Into the locker with it."""
    NOT_THE_LOCKER = "not_the_locker"
    EXTEND = "extend"
    """Keep it longer."""
    OTHER_LOCKER = "other_locker"
    REDELIVER = "redeliver"
    """Bring it to the door."""
    RETURN = "return"
    """Send it back."""
    COMING = "coming"
    """The recipient comes for it."""


class ReportedAs(StrEnum):
    """What a carrier reports of a notice."""

    DELIVERED = "delivered"
    BOUNCED = "bounced"
    """There is nobody at that address: it is not tried again before the recipient has given another."""
    FAILED = "failed"


class Standing(StrEnum):
    """How far a notice has come."""

    REQUESTED = "requested"
    DELIVERED = "delivered"
    FAILED = "failed"
    EXHAUSTED = "exhausted"
    """No channel is left; a person has to see to it."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another locker nearby."""

    locker: LockerId
    metres: int


@dataclass(frozen=True, slots=True)
class Notice:
    """The latest thing that the recipient of one parcel was to be told; or the latest canary of one channel."""

    id: NoticeId
    kind: NoticeKind
    requested_at: WallMs
    requested_sequence: int
    """The record that asked for it, by the channel it is at now."""
    channel: Channel | None = None
    """None: whichever the carrier thinks best."""
    tried: tuple[Channel, ...] = ()
    """Channels that did not deliver it."""
    bounced: tuple[Channel, ...] = ()
    """Channels that reach nobody, as this or an earlier notice of the parcel has shown."""
    also: tuple[NoticeKind, ...] = ()
    """What it says besides, because that could not be said when it was time."""
    reason: str | None = None
    carrier: CarrierId | None = None
    """Who is asked to tell it."""
    standing: Standing = Standing.REQUESTED
