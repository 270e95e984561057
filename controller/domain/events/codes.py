"""Events of pickup codes and passes."""

from dataclasses import dataclass, field

from controller.domain.events.base import PRIVATE, Event
from controller.domain.ids import CodeHmac, CompartmentId, Jti, MonoMs, ParcelId, PickupId, SessionId, WallMs


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeIssued(Event):
    """A stored parcel got its code."""

    NAME = "code.issued"
    parcel: ParcelId
    pickup: PickupId
    compartment: CompartmentId
    expires_at: WallMs
    code_jwe: str
    """The code, sealed to the carrier's encryption key."""
    code_hmac: CodeHmac | None = field(default=None, metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeJoined(Event):
    """A stored parcel joined those of its recipient that wait already: the code that was issued opens it too."""

    NAME = "code.joined"
    parcel: ParcelId
    pickup: PickupId
    compartment: CompartmentId
    expires_at: WallMs
    """When the code expires now: with the last of its parcels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeReissued(Event):
    """A new code took the place of the old one."""

    NAME = "code.reissued"
    parcel: ParcelId
    pickup: PickupId
    compartment: CompartmentId
    expires_at: WallMs
    code_jwe: str
    code_hmac: CodeHmac | None = field(default=None, metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRevoked(Event):
    """The code opens nothing any more."""

    NAME = "code.revoked"
    pickup: PickupId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeAccepted(Event):
    """A right code was typed."""

    NAME = "code.accepted"
    pickup: PickupId
    session: SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRefused(Event):
    """A wrong, expired or spent code; one of the allowance's tries is gone."""

    NAME = "code.refused"
    session: SessionId
    why: str
    """`unknown`, `expired` or `not_available`; the screen never learns which."""
    tries_due: MonoMs
    """When the allowance will be full again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeBackedOff(Event):
    """Tries that were not looked at because the allowance was empty, counted up to once a minute."""

    NAME = "code.backed_off"
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PassAccepted(Event):
    """A good pass was shown."""

    NAME = "pass.accepted"
    pickup: PickupId
    session: SessionId
    jti: Jti
    expires_at: WallMs


@dataclass(frozen=True, slots=True, kw_only=True)
class AppAccepted(Event):
    """The carrier's app answered for whoever is at the screen: they are let to this parcel, and to no other."""

    NAME = "app.accepted"
    pickup: PickupId
    parcel: ParcelId
    session: SessionId
    """Whose presence nonce the carrier's command echoed."""
    jti: Jti
    """That command."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassRefused(Event):
    """Passes that were not good, `count` since the last such record."""

    NAME = "pass.refused"
    why: str
    count: int = 1
