"""Events of pickup codes and passes."""

from dataclasses import dataclass, field

from controller.domain.events.base import PRIVATE, Event
from controller.domain.ids import CodeHmac, CompartmentId, Jti, MonoMs, ParcelId, PickupId, SessionId, WallMs, Word


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
    second: bool = False
    """Whether the second identifier has to be typed as well; the code is shorter then."""
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
    second: bool = False
    code_hmac: CodeHmac | None = field(default=None, metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeDelegated(Event):
    """Somebody else may collect this parcel, with this code."""

    NAME = "code.delegated"
    parcel: ParcelId
    pickup: PickupId
    compartment: CompartmentId
    delegate: Word
    expires_at: WallMs
    code_jwe: str
    code_hmac: CodeHmac | None = field(default=None, metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRevoked(Event):
    """The code opens nothing any more."""

    NAME = "code.revoked"
    pickup: PickupId
    reason: str
    parcel: ParcelId | None = None
    """With `delegate`: of which parcel."""
    delegate: Word | None = None
    """Whose; None for the recipient's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeAccepted(Event):
    """A right code was typed."""

    NAME = "code.accepted"
    pickup: PickupId
    session: SessionId
    parcel: ParcelId | None = None
    """With `delegate`: the one parcel that it opens."""
    delegate: Word | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRefused(Event):
    """A wrong, expired or spent code; one of the allowance's tries is gone."""

    NAME = "code.refused"
    session: SessionId
    why: str
    """`unknown`, `expired`, `not_available`, `second` or `frozen`; the screen never learns which."""
    tries_due: MonoMs
    """When the allowance will be full again."""
    pickup: PickupId | None = None
    """Whose code was right, where the second identifier was not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeFrozen(Event):
    """The second identifier was wrong too often: this code is not taken any more. A pass still is, and a new code."""

    NAME = "code.frozen"
    pickup: PickupId
    parcel: ParcelId


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
    parcel: ParcelId | None = None
    """With `delegate`: the one parcel that it opens."""
    delegate: Word | None = None


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
