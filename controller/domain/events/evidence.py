"""Events of the evidence that a plan demands besides code, pass and door."""

from dataclasses import dataclass, field

from controller.domain.events.base import PRIVATE, Event
from controller.domain.ids import CarrierId, CodeHmac, FileId, MonoMs, ParcelId, PickupId, SessionId, WallMs
from controller.domain.preferences import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class PinRequested(Event):
    """Somebody who has the code stands at the screen and asks for the PIN that is to come another way."""

    NAME = "code.pin_requested"
    parcel: ParcelId
    pickup: PickupId
    session: SessionId
    expires_at: WallMs
    until: MonoMs
    """The same moment in powered time, by which it is judged."""
    pin_jwe: str
    """The PIN, sealed to the carrier's encryption key."""
    not_by: tuple[Channel, ...] = ()
    """Channels that the code has gone by: the PIN must come by another."""
    pin_hmac: CodeHmac | None = field(default=None, metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PinAccepted(Event):
    """The PIN was typed, and is spent."""

    NAME = "code.pin_accepted"
    pickup: PickupId
    session: SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class PinRefused(Event):
    """A wrong PIN, or one that came too late; one of the allowance's tries is gone."""

    NAME = "code.pin_refused"
    pickup: PickupId
    session: SessionId
    why: str
    """`wrong`, `void` or `expired`."""
    left: int
    """How many wrong ones more it bears; with 0 it is void."""
    tries_due: MonoMs


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientSigned(Event):
    """The person at the screen has signed. It records consent, and opens nothing by itself."""

    NAME = "recipient.signed"
    pickup: PickupId
    session: SessionId
    carrier: CarrierId
    parcels: tuple[ParcelId, ...]
    file: FileId
    """The SHA-256 of the encrypted picture, which is its name on the locker's disk."""
    sha256: str
    """Of the salt and the picture."""
    kept_until: WallMs
    salt: str | None = field(default=None, metadata=PRIVATE)
    """16 random bytes, hex. Erased with the picture, after which nobody can say what picture it was."""
