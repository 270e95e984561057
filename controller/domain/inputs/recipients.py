"""What a recipient puts to the locker, at the screen."""

from dataclasses import dataclass

from controller.domain.claims import Claim
from controller.domain.ids import (
    CarrierId,
    CodeHmac,
    CompartmentId,
    FileId,
    Jti,
    ParcelId,
    PickupId,
    SessionId,
    WallMs,
    Word,
)
from controller.domain.preferences import Preferences


@dataclass(frozen=True, slots=True)
class FreshCode:
    """A code nobody has seen: the first candidate that no live code equals is issued."""

    hmac: CodeHmac
    jwe: str


@dataclass(frozen=True, slots=True)
class CodeTyped:
    """A recipient typed a code; here is its HMAC, and that of the second identifier where they typed one."""

    session: SessionId
    code: CodeHmac
    second: CodeHmac | None = None


@dataclass(frozen=True, slots=True)
class PassShown:
    """A pickup pass whose signature, audience and carrier's key were good."""

    session: SessionId
    jti: Jti
    carrier: CarrierId
    parcel: ParcelId
    not_before: WallMs
    expires_at: WallMs
    delegate: Word | None = None
    """For whom it was made, where that is not the recipient."""


@dataclass(frozen=True, slots=True)
class PassRejected:
    """A pass that could not be trusted; `why` is a word of ours, never what stood in it."""

    why: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class TriesBackedOff:
    """Codes that were not looked at because the allowance of wrong ones is empty."""

    count: int = 1


@dataclass(frozen=True, slots=True)
class ReopenAsked:
    """By the recipient of a closed door, or by the driver before the deposit is confirmed."""

    session: SessionId
    compartment: CompartmentId


@dataclass(frozen=True, slots=True)
class NextDoorAsked:
    """The recipient who was let in wants their next door, or `compartment` once more."""

    session: SessionId
    compartment: CompartmentId | None = None


@dataclass(frozen=True, slots=True)
class ClaimMade:
    """What the recipient says of the parcel that was behind this door, which is shut again."""

    session: SessionId
    compartment: CompartmentId
    claim: Claim


@dataclass(frozen=True, slots=True)
class FreshPin:
    """A PIN nobody has seen, for one pickup."""

    pickup: PickupId
    hmac: CodeHmac
    jwe: str


@dataclass(frozen=True, slots=True)
class PinAsked:
    """The recipient wants the PIN sent; `fresh` is None while their carrier does not hear the locker."""

    session: SessionId
    fresh: FreshPin | None


@dataclass(frozen=True, slots=True)
class FreshPinTyped:
    """The recipient typed a PIN; here is its HMAC for their pickup."""

    session: SessionId
    pin: CodeHmac


@dataclass(frozen=True, slots=True)
class KeptFile:
    """Something that lies encrypted on the disk: its name there, and the digest of `salt` and what it is."""

    file: FileId
    sha256: str
    salt: str


@dataclass(frozen=True, slots=True)
class SignatureGiven:
    """The recipient has signed on the screen, and the picture is kept."""

    session: SessionId
    kept: KeptFile


@dataclass(frozen=True, slots=True)
class WishesConfirmed:
    """The recipient has read what is known of their wishes, and says what they are from now on.

    `seed` is fresh and known to nobody: the handles of the preferences come from it.
    """

    session: SessionId
    seed: str
    wanted: Preferences
    """`confirmed_at` says nothing here: it is the moment of this."""
    away_days: int | None = None
    """For how many days from now they are away; 0 for not at all, None for what was known."""


@dataclass(frozen=True, slots=True)
class ContactGiven:
    """The recipient gave another number or address in place of one that bounced; sealed to their carrier already."""

    session: SessionId
    seed: str
    jwe: str


@dataclass(frozen=True, slots=True)
class SomeoneInsideSaid:
    """Somebody at the screen says that a person is shut in."""

    session: SessionId


@dataclass(frozen=True, slots=True)
class SomeoneInsideRefused:
    """Somebody said so, and the locker could not do anything about it; `why` is a refusal."""

    why: str
    count: int = 1
