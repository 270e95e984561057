"""What a driver puts to the locker, at the screen."""

from dataclasses import dataclass

from controller.domain.ids import (
    CarrierId,
    DriverId,
    Jti,
    ParcelId,
    SessionId,
    Size,
    WallMs,
)
from controller.domain.labels import Label
from controller.domain.misfits import Misfit
from controller.domain.staff import Scope, StaffKey


@dataclass(frozen=True, slots=True)
class BadgeShown:
    """A driver's badge whose signature, audience and carrier's key were good."""

    session: SessionId
    jti: Jti
    driver: DriverId
    carrier: CarrierId
    not_before: WallMs
    expires_at: WallMs
    scope: tuple[Scope, ...] | None = None
    """What it is good for; None where it does not say."""


@dataclass(frozen=True, slots=True)
class PinTyped:
    """A PIN was typed, and compared with what the carrier told of it. Neither it nor the number stands here."""

    session: SessionId
    slot: str
    """What wrong ones are counted under: `who`, or a word that stands for a number of nobody."""
    who: StaffKey | None
    right: bool
    told_sequence: int = 0
    """Which word of the carrier it was compared with."""


@dataclass(frozen=True, slots=True)
class PinBackedOff:
    """PINs that were not looked at, because their number rests or the allowance of wrong ones is empty."""

    count: int = 1


@dataclass(frozen=True, slots=True)
class BadgeRejected:
    """A badge that could not be trusted; `why` is a word of ours."""

    why: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class ChecklistConfirmed:
    """The driver has read what is to be known about this place."""

    session: SessionId


@dataclass(frozen=True, slots=True)
class LabelScanned:
    """A driver scanned or typed a label."""

    session: SessionId
    label: Label
    size: Size | None = None
    """Where the driver wants another one than is planned, because none of that is free."""


@dataclass(frozen=True, slots=True)
class ScanRejected:
    """A scan that is no label; only its kind and length are kept."""

    kind: str
    length: int
    count: int = 1


@dataclass(frozen=True, slots=True)
class PlanAcknowledged:
    """The driver has read plan and reasons; `size` where they judge the parcel to need another one."""

    session: SessionId
    size: Size | None = None
    accessible: bool = False
    """A door that can be reached sitting, whatever the plan asks for."""


@dataclass(frozen=True, slots=True)
class RecipientQuestioned:
    """The driver has the recipient of the parcel in hand asked what they want, before opening a door for it."""

    session: SessionId
    heard: bool
    """Whether the carrier hears the locker now."""


@dataclass(frozen=True, slots=True)
class OtherDoorAsked:
    """The door is shut again, the parcel is in the driver's hands, and this compartment will not do."""

    session: SessionId
    why: Misfit


@dataclass(frozen=True, slots=True)
class DepositDone:
    """The driver says the parcel is inside."""

    session: SessionId


@dataclass(frozen=True, slots=True)
class TakeBackAsked:
    """The driver wants the parcel back."""

    session: SessionId


@dataclass(frozen=True, slots=True)
class TakeAwayAsked:
    """The driver wants the door of this parcel, or of the next one to be taken away."""

    session: SessionId
    parcel: ParcelId | None = None


@dataclass(frozen=True, slots=True)
class MissingDeclared:
    """The driver did not find the parcel behind its door."""

    session: SessionId


@dataclass(frozen=True, slots=True)
class SessionEnded:
    """The visitor left or was silent for too long; `reason` is `asked` or `idle`."""

    session: SessionId
    reason: str
