"""Everything that can be put to the locker: by people, carriers, doors, boards and time.

Signatures are checked, codes turned into HMACs and labels parsed before an input is made; what the rules need to know
of the outside stands in it.
"""

from dataclasses import dataclass

from controller.domain.audit import Found
from controller.domain.claims import Claim
from controller.domain.commands import Command
from controller.domain.contacts import Contact
from controller.domain.events import CompartmentSpec
from controller.domain.hearing import DEAF, Hearing
from controller.domain.ids import (
    CarrierId,
    CodeHmac,
    CompartmentId,
    Counter,
    Door,
    DriverId,
    FileId,
    Jti,
    KeyId,
    MonoMs,
    ParcelId,
    PickupId,
    Role,
    SessionId,
    Size,
    WallMs,
)
from controller.domain.labels import Label
from controller.domain.misfits import Misfit
from controller.domain.refusals import Refusal
from controller.domain.staff import Scope, StaffKey


@dataclass(frozen=True, slots=True)
class FreshCode:
    """A code nobody has seen: the first candidate that no live code equals is issued."""

    hmac: CodeHmac
    jwe: str


# --- a recipient at the screen --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CodeTyped:
    """A recipient typed a code; here is its HMAC."""

    session: SessionId
    code: CodeHmac


@dataclass(frozen=True, slots=True)
class PassShown:
    """A pickup pass whose signature, audience and carrier's key were good."""

    session: SessionId
    jti: Jti
    carrier: CarrierId
    parcel: ParcelId
    not_before: WallMs
    expires_at: WallMs


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
class SomeoneInsideSaid:
    """Somebody at the screen says that a person is shut in."""

    session: SessionId


@dataclass(frozen=True, slots=True)
class SomeoneInsideRefused:
    """Somebody said so, and the locker could not do anything about it; `why` is a refusal."""

    why: str
    count: int = 1


# --- a driver at the screen -----------------------------------------------------------------------


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


# --- a technician at the screen -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TechnicianShown:
    """A technician's badge whose signature, audience and signer were good. Opens nothing without its PIN."""

    session: SessionId
    jti: Jti
    technician: DriverId
    not_before: WallMs
    expires_at: WallMs


@dataclass(frozen=True, slots=True)
class TechnicianProven:
    """That badge, and the PIN that was typed for it."""

    badge: TechnicianShown
    pin: PinTyped


@dataclass(frozen=True, slots=True)
class TechnicianUnlockAsked:
    """One door; `reason` is a word of the screen's."""

    session: SessionId
    compartment: CompartmentId
    reason: str


@dataclass(frozen=True, slots=True)
class OpenAllAsked:
    """Every door in turn."""

    session: SessionId


@dataclass(frozen=True, slots=True)
class QuarantineAsked:
    """The technician wants a compartment to be given to nobody; `reason` is a word of the screen's."""

    session: SessionId
    compartment: CompartmentId
    reason: str


@dataclass(frozen=True, slots=True)
class RestoreAsked:
    """The technician has looked inside, and puts it back into service."""

    session: SessionId
    compartment: CompartmentId
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AuditStartAsked:
    """The technician begins to take stock, or goes on."""

    session: SessionId


@dataclass(frozen=True, slots=True)
class AuditDoorAsked:
    """The next compartment to look into."""

    session: SessionId
    compartment: CompartmentId


@dataclass(frozen=True, slots=True)
class AuditSeen:
    """What lay in it; `label` where one could be read."""

    session: SessionId
    compartment: CompartmentId
    found: Found
    label: Label | None = None


@dataclass(frozen=True, slots=True)
class AuditEndAsked:
    """The technician is done, with all of it or not."""

    session: SessionId


AtCabinet = (
    TechnicianProven
    | TechnicianUnlockAsked
    | OpenAllAsked
    | QuarantineAsked
    | RestoreAsked
    | AuditStartAsked
    | AuditDoorAsked
    | AuditSeen
    | AuditEndAsked
)
"""What a technician puts to the locker."""

# --- from afar and from the terminal --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CommandArrived:
    """A command whose size, signature, type, key, role and audience were good."""

    jti: Jti
    kid: KeyId
    role: Role
    carrier: CarrierId | None
    issued_at: WallMs
    expires_at: WallMs
    ctr: Counter | None
    nonce_good: bool
    command: Command
    seed: str = ""
    """128 fresh random bits in hex, for names that this command needs."""


@dataclass(frozen=True, slots=True)
class CommandRejected:
    """A command that failed before it could be trusted; it is counted, within a budget."""

    reason: Refusal
    jti: Jti | None = None
    kid: KeyId | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class CommandRepeated:
    """A command that was already answered came again."""

    count: int = 1


@dataclass(frozen=True, slots=True)
class LocalCommand:
    """From a person at this machine's terminal, through the service socket, which only operators may open."""

    command: Command
    note: str


@dataclass(frozen=True, slots=True)
class LockOutAsked:
    """Nothing is to be unlocked any more: by the technician of this session, or by an operator at the terminal."""

    session: SessionId | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class LockoutEndAsked:
    """Doors may be unlocked again, as the same people say."""

    session: SessionId | None
    note: str = ""


# --- doors, boards, disk, time --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Started:
    """The process has started and read the journal; the doors have not been looked at yet."""

    software: str
    config_sha256: str
    compartments: tuple[CompartmentSpec, ...]
    boot: int
    previous_stream: str | None = None
    previous_sequence: int | None = None
    previous_head: str | None = None


@dataclass(frozen=True, slots=True)
class Stopping:
    """A clean end: nothing is waiting, every output is off."""


@dataclass(frozen=True, slots=True)
class DoorsRead:
    """Debounced readings, as they changed or as a survey found them.

    `parcels` is what the parcel sensors say of whether something is inside; a sensor that is told of here and has
    nothing new to say does no harm.
    """

    doors: tuple[tuple[CompartmentId, Door], ...]
    parcels: tuple[tuple[CompartmentId, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class ContactRead:
    """A contact of the cabinet is at rest, or is not."""

    contact: Contact
    at_rest: bool


@dataclass(frozen=True, slots=True)
class UnlockEnded:
    """The board said what became of one unlock."""

    compartment: CompartmentId
    sent: str


@dataclass(frozen=True, slots=True)
class BoardTrouble:
    """A board's fault began, or ended when `fault` is None."""

    board: str
    fault: str | None


@dataclass(frozen=True, slots=True)
class DeadlinePassed:
    """The time that `deadlines.next_due` named has come."""

    hearing: Hearing = DEAF


@dataclass(frozen=True, slots=True)
class DiskChecked:
    """How the disk stands."""

    low: bool


@dataclass(frozen=True, slots=True)
class PowerChecked:
    """The computer's voltage became too low, or has been good again for a while."""

    low: bool


@dataclass(frozen=True, slots=True)
class HeatChecked:
    """The computer became too hot, or has cooled down."""

    hot: bool
    celsius: int


@dataclass(frozen=True, slots=True)
class AckForged:
    """The carrier acknowledged a sequence or a head that is not ours."""

    sequence: int
    head: str


@dataclass(frozen=True, slots=True)
class DamageFound:
    """A record older than the snapshot we started from does not verify."""

    sequence: int
    what: str


@dataclass(frozen=True, slots=True)
class ClockMoved:
    """The wall clock was stepped forward by `forward_ms`, or became good when `synced`."""

    forward_ms: MonoMs
    synced: bool


Counted = (
    PassRejected
    | BadgeRejected
    | PinBackedOff
    | TriesBackedOff
    | ScanRejected
    | CommandRejected
    | CommandRepeated
    | SomeoneInsideRefused
)
"""What anyone outside can cause without end: recorded within a budget, the rest summed up in `count`."""

Input = (
    CodeTyped
    | PassShown
    | PassRejected
    | NextDoorAsked
    | PinAsked
    | FreshPinTyped
    | SignatureGiven
    | ClaimMade
    | ReopenAsked
    | SomeoneInsideSaid
    | SomeoneInsideRefused
    | BadgeShown
    | BadgeRejected
    | PinTyped
    | PinBackedOff
    | LabelScanned
    | PlanAcknowledged
    | DepositDone
    | OtherDoorAsked
    | TakeBackAsked
    | TakeAwayAsked
    | MissingDeclared
    | SessionEnded
    | AtCabinet
    | CommandArrived
    | CommandRejected
    | LocalCommand
    | LockOutAsked
    | LockoutEndAsked
    | DoorsRead
    | ContactRead
    | UnlockEnded
    | BoardTrouble
    | DeadlinePassed
    | DiskChecked
    | PowerChecked
    | HeatChecked
    | AckForged
    | DamageFound
    | ClockMoved
    | Started
    | Stopping
    | TriesBackedOff
    | ScanRejected
    | CommandRepeated
)
