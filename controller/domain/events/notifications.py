"""Events of telling recipients: what the carrier is asked to tell them, and what came of it."""

from dataclasses import dataclass

from controller.domain.events.base import Event
from controller.domain.ids import CarrierId, CompartmentId, Language, NoticeId, ParcelId, WallMs
from controller.domain.notices import Neighbour, NoticeKind, Reply
from controller.domain.preferences import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationRequested(Event):
    """The carrier is to tell the recipient of `parcel` something; without a parcel, it is a canary."""

    NAME = "notification.requested"
    notice: NoticeId
    """The same again when the next channel is tried."""
    kind: NoticeKind
    parcel: ParcelId | None = None
    carrier: CarrierId | None = None
    recipient: str | None = None
    """The carrier's opaque reference."""
    channel: Channel | None = None
    """None: whichever the carrier thinks best."""
    tried: tuple[Channel, ...] = ()
    """Channels that did not deliver it."""
    also: tuple[NoticeKind, ...] = ()
    """What is to be said besides, because the carrier could not hear it when it was time."""
    language: Language | None = None
    compartment: CompartmentId | None = None
    until: WallMs | None = None
    """When the parcel's time here is over."""
    reason: str | None = None
    asks: tuple[Reply, ...] = ()
    """What the recipient may answer."""
    extend_s: int | None = None
    """How much longer it would be kept, from when its time is over."""
    lockers: tuple[Neighbour, ...] = ()
    link: str | None = None
    """Where the recipient can see how things stand."""
    change: str | None = None
    """Where the recipient can say what they want."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationDelivered(Event):
    """The recipient was told, as the carrier reports."""

    NAME = "notification.delivered"
    notice: NoticeId
    parcel: ParcelId | None = None
    carrier: CarrierId | None = None
    channel: Channel | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationFailed(Event):
    """One channel did not reach the recipient."""

    NAME = "notification.failed"
    notice: NoticeId
    how: str
    """`bounced` or `failed`, as reported; `silent` when no report came in time."""
    parcel: ParcelId | None = None
    carrier: CarrierId | None = None
    channel: Channel | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationExhausted(Event):
    """No channel is left: a person has to see to it."""

    NAME = "notification.exhausted"
    notice: NoticeId
    kind: NoticeKind
    parcel: ParcelId | None = None
    carrier: CarrierId | None = None
    compartment: CompartmentId | None = None
    tried: tuple[Channel, ...] = ()
