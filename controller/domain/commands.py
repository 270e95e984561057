"""What a signed command may ask for, as plain data. Wire names and schemas stand in `controller.contract`."""

from dataclasses import dataclass
from typing import ClassVar

from controller.domain.conditions import Condition
from controller.domain.ids import (
    CarrierId,
    CompartmentId,
    DriverId,
    DriverNumber,
    Grams,
    Jti,
    KeyId,
    Language,
    LockerId,
    NoticeId,
    ParcelId,
    PinVerifier,
    Size,
    WallMs,
    Word,
)
from controller.domain.money import Money
from controller.domain.notices import Reply, ReportedAs
from controller.domain.preferences import Channel, Instructions
from controller.domain.staff import Scope
from controller.domain.trust import TrustedKey


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectParcel:
    """A parcel is on its way to this locker."""

    TYPE: ClassVar[str] = "parcel.expect"
    parcel: ParcelId
    label: str
    carrier: CarrierId
    recipient: str | None = None
    size: Size | None = None
    mm: tuple[int, ...] = ()
    weight_g: Grams | None = None
    classes: tuple[str, ...] = ()
    value: Money | None = None
    signature: bool = False
    """A signature is wanted when it is picked up."""
    authority_to_leave: bool | None = None
    """Whether it may be left without anybody there; None where the sender did not say."""
    hold_s: int | None = None
    not_before: WallMs | None = None
    not_after: WallMs | None = None
    second_jwe: str | None = None
    """Digits that the recipient types after a shorter code, sealed to the locker; no record ever holds them."""
    preferences: Instructions | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpsertPreferences:
    """What a recipient wants: for one parcel, or, by the carrier's reference, for all that are here and to come."""

    TYPE: ClassVar[str] = "preference.upsert"
    preferences: Instructions
    parcel: ParcelId | None = None
    recipient: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelParcel:
    """The parcel is not coming, or no longer to be handed out."""

    TYPE: ClassVar[str] = "parcel.cancel"
    parcel: ParcelId


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifyParcel:
    """What was stored without an announcement is this announced parcel."""

    TYPE: ClassVar[str] = "parcel.identify"
    found: ParcelId
    """The id that the locker made up."""
    parcel: ParcelId


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendParcel:
    """Holds the parcel `hold_s` seconds from now on."""

    TYPE: ClassVar[str] = "parcel.extend"
    parcel: ParcelId
    hold_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendAll:
    """Holds everything that waits here for `hold_s` seconds longer: a carrier's own, or, for an operator, all of it."""

    TYPE: ClassVar[str] = "site.extend"
    hold_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareSite:
    """Something is the matter at the site, from `starts`, or from now on, until `until`."""

    TYPE: ClassVar[str] = "site.declare"
    condition: Condition
    until: WallMs
    starts: WallMs | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallParcel:
    """A stored parcel is to come back: no longer handed out, and taken away by the next driver."""

    TYPE: ClassVar[str] = "parcel.recall"
    parcel: ParcelId


@dataclass(frozen=True, slots=True, kw_only=True)
class RedirectParcel:
    """A parcel is to go to another locker; without one, where its carrier knows."""

    TYPE: ClassVar[str] = "parcel.redirect"
    parcel: ParcelId
    locker: LockerId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportNotification:
    """What became of something that the recipient was to be told."""

    TYPE: ClassVar[str] = "notification.report"
    notice: NoticeId
    outcome: ReportedAs
    channel: Channel | None = None
    """None: the one that was asked for last."""
    reason: Word | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerForRecipient:
    """What the recipient wants done with a parcel, as they told its carrier."""

    TYPE: ClassVar[str] = "recipient.answer"
    parcel: ParcelId
    answer: Reply
    notice: NoticeId | None = None
    """What they were asked; None where they said it of their own accord."""
    hold_s: int | None = None
    """How much longer it is to be kept; None for as long as was offered."""
    locker: LockerId | None = None
    """Which other locker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReissueCode:
    """A new code for a stored parcel; the old one is worthless from then on."""

    TYPE: ClassVar[str] = "code.reissue"
    parcel: ParcelId


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorisePickup:
    """Whoever stands before the screen has shown in the carrier's app who they are: opens this parcel's door."""

    TYPE: ClassVar[str] = "pickup.authorise"
    parcel: ParcelId
    presence: str
    """The presence nonce that their telephone read off the screen a moment ago."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegateCode:
    """Somebody else may collect this stored parcel, with a code of their own, or a pass that names them."""

    TYPE: ClassVar[str] = "code.delegate"
    parcel: ParcelId
    delegate: Word
    """What the carrier calls them: no name and no number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpsertDriver:
    """A driver may sign in, or, by the operator's word, a technician; in place of all that was said of them before."""

    TYPE: ClassVar[str] = "driver.upsert"
    driver: DriverId
    scope: tuple[Scope, ...] = (Scope.DEPOSIT,)
    number: DriverNumber | None = None
    """What they type to say who they are; without it they need their badge."""
    pin: PinVerifier | None = None
    language: Language | None = None
    valid_until: WallMs | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeDriver:
    """A driver with every badge of theirs, or one badge by its `jti`, is let in no more."""

    TYPE: ClassVar[str] = "driver.revoke"
    driver: DriverId | None = None
    badge: Jti | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlockCompartment:
    """Opens one door from afar."""

    TYPE: ClassVar[str] = "compartment.unlock"
    compartment: CompartmentId


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyUnlock:
    """A person is shut in: opens one door, outside of every limit."""

    TYPE: ClassVar[str] = "compartment.emergency"
    compartment: CompartmentId


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlockAll:
    """Opens every door in turn, once two operators have signed it."""

    TYPE: ClassVar[str] = "compartment.unlock_all"


@dataclass(frozen=True, slots=True, kw_only=True)
class RotateKeys:
    """Adds keys to those that this locker trusts, and retires others, once two operators have signed it."""

    TYPE: ClassVar[str] = "key.rotate"
    add: tuple[TrustedKey, ...] = ()
    retire: tuple[KeyId, ...] = ()
    ends_at: WallMs | None = None
    """Until when those that are retired still sign; None for not at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeCode:
    """The code of a stored parcel is worthless from then on, and there is no new one yet."""

    TYPE: ClassVar[str] = "code.revoke"
    parcel: ParcelId
    delegate: Word | None = None
    """This delegate's alone, with their passes; None for the recipient's code, and then delegates keep theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleDispute:
    """What a recipient denied has been looked into: what proves the handoff need no longer be kept for it."""

    TYPE: ClassVar[str] = "dispute.settle"
    parcel: ParcelId


@dataclass(frozen=True, slots=True, kw_only=True)
class StartAudit:
    """Stock is to be taken: the next technician at the cabinet is led from door to door."""

    TYPE: ClassVar[str] = "audit.start"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayJournal:
    """Says the records `first` to `last` once more, byte for byte; what was acknowledged stays acknowledged."""

    TYPE: ClassVar[str] = "journal.replay"
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotState:
    """Says anew all that the broker keeps of this locker, and answers with what is in its custody."""

    TYPE: ClassVar[str] = "state.snapshot"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDiagnostics:
    """Has every part of the machine looked after, and answers with what was found."""

    TYPE: ClassVar[str] = "diagnostics.run"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyConfig:
    """Looks once more at the configuration of this version, which was published as the one that is wanted."""

    TYPE: ClassVar[str] = "config.apply"
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockCompartment:
    """Takes a compartment out of service."""

    TYPE: ClassVar[str] = "compartment.block"
    compartment: CompartmentId


@dataclass(frozen=True, slots=True, kw_only=True)
class UnblockCompartment:
    """Back into service; also lifts a quarantine, once somebody looked inside."""

    TYPE: ClassVar[str] = "compartment.unblock"
    compartment: CompartmentId
    rewired: bool = False
    """Its wires were seen to: an operator far away lifts no wiring fault without saying so."""


Command = (
    ExpectParcel
    | UpsertPreferences
    | CancelParcel
    | IdentifyParcel
    | ExtendParcel
    | ExtendAll
    | DeclareSite
    | RecallParcel
    | RedirectParcel
    | ReportNotification
    | AnswerForRecipient
    | ReissueCode
    | AuthorisePickup
    | DelegateCode
    | UpsertDriver
    | RevokeDriver
    | UnlockCompartment
    | EmergencyUnlock
    | UnlockAll
    | RotateKeys
    | RevokeCode
    | SettleDispute
    | StartAudit
    | ReplayJournal
    | SnapshotState
    | RunDiagnostics
    | ApplyConfig
    | BlockCompartment
    | UnblockCompartment
)
COMMANDS: dict[str, type[Command]] = {
    cls.TYPE: cls
    for cls in (
        ExpectParcel,
        UpsertPreferences,
        CancelParcel,
        IdentifyParcel,
        ExtendParcel,
        ExtendAll,
        DeclareSite,
        RecallParcel,
        RedirectParcel,
        ReportNotification,
        AnswerForRecipient,
        ReissueCode,
        AuthorisePickup,
        DelegateCode,
        UpsertDriver,
        RevokeDriver,
        UnlockCompartment,
        EmergencyUnlock,
        UnlockAll,
        RotateKeys,
        RevokeCode,
        SettleDispute,
        StartAudit,
        ReplayJournal,
        SnapshotState,
        RunDiagnostics,
        ApplyConfig,
        BlockCompartment,
        UnblockCompartment,
    )
}
ASKS = (ReplayJournal, SnapshotState, RunDiagnostics)
"""Commands that change nothing: their sender wants to be told something."""
