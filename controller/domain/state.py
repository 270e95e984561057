"""The locker as it stands: live things only. A settled parcel leaves it; history is read from the journal."""

from dataclasses import dataclass, field
from enum import StrEnum

from controller.domain.audit import Audit
from controller.domain.claims import Dispute
from controller.domain.climb import Climb
from controller.domain.conditions import Condition, Declared
from controller.domain.delegates import Delegations
from controller.domain.desired import Desired
from controller.domain.drift import Drift
from controller.domain.events import CompartmentSpec, EvidenceDigest
from controller.domain.evidence import EvidenceFile, Pin
from controller.domain.gs1 import Element
from controller.domain.ids import (
    NEVER,
    CarrierId,
    CodeHmac,
    CompartmentId,
    Counter,
    Door,
    DriverId,
    FileId,
    Grams,
    Handle,
    Jti,
    KeyId,
    MonoMs,
    ParcelId,
    ParcelName,
    PickupId,
    Purpose,
    Role,
    SessionId,
    Size,
    WallMs,
)
from controller.domain.money import Money
from controller.domain.naming import name_of
from controller.domain.notices import Notice
from controller.domain.preferences import Preferences
from controller.domain.recipient_visit import RecipientVisit
from controller.domain.removal import Removal, Tally
from controller.domain.service import FirstSignature, Lockout, Series, TechnicianVisit
from controller.domain.staff import DRIVING, Scope, Staff
from controller.domain.stamp import Stamp
from controller.domain.trust import Trust


class Custody(StrEnum):
    """Where a live parcel is on its way; the settled states `collected`, `removed`, `returned` are not kept."""

    EXPECTED = "expected"
    DEPOSITING = "depositing"
    STORED = "stored"
    COLLECTING = "collecting"
    REMOVING = "removing"
    """A driver was let to it to take it away: only a driver or an operator settles that, nobody collects it."""


class Status(StrEnum):
    """What a compartment is to the outside, derived and never stored."""

    VACANT = "vacant"
    RESERVED = "reserved"
    OCCUPIED = "occupied"
    COLLECTING = "collecting"
    QUARANTINED = "quarantined"
    OUT_OF_SERVICE = "out_of_service"


@dataclass(frozen=True, slots=True)
class Cycle:
    """One authorised unlock and what the door made of it."""

    purpose: Purpose
    role: Role
    authorised: MonoMs
    boot: int
    parcel: ParcelId | None = None
    session: SessionId | None = None
    jti: Jti | None = None
    sent: str | None = None
    opened: MonoMs | None = None
    closed: MonoMs | None = None
    first_opened: MonoMs | None = None
    first_closed: MonoMs | None = None
    """The deposit's earlier cycle, when the driver had the door opened again: something may be inside."""
    given_up: bool = False
    """The door was seen to stay shut; an opening may still come late."""


@dataclass(frozen=True, slots=True)
class Compartment:
    """One compartment, its door and what is under way with it."""

    spec: CompartmentSpec
    door: Door = Door.UNKNOWN
    door_since: MonoMs = NEVER
    door_before: Door = Door.UNKNOWN
    """What it said before it became unknown."""
    parcel: ParcelId | None = None
    cycle: Cycle | None = None
    sensed: bool = False
    """Whether a parcel sensor was last recorded to see something inside."""
    quarantine: str | None = None
    blocked: bool = False
    left_open: bool = False
    """The door stood open past the alarm and has not closed since."""
    rests_until: MonoMs = NEVER
    """The end of the reopen window: not given out before."""
    left_behind: bool = False
    """Its last recipient left something inside, and has not opened it again."""
    rests_for: SessionId | None = None
    """Whose reopen window it is."""
    unlocks: tuple[MonoMs, ...] = ()
    """When recipients had it unlocked of late, for the parcel that is in it or was last."""

    @property
    def id(self) -> CompartmentId:
        """The name on its door."""
        return self.spec.id


@dataclass(frozen=True, slots=True)
class Parcel:
    """One live parcel, from the carrier's word until it has left."""

    id: ParcelId
    label: str
    carrier: CarrierId
    expected_at: WallMs
    recipient: str | None = None
    size: Size | None = None
    mm: tuple[int, ...] = ()
    weight_g: Grams | None = None
    classes: tuple[str, ...] = ()
    value: Money | None = None
    signature: bool = False
    authority_to_leave: bool | None = None
    hold_s: int | None = None
    not_before: WallMs | None = None
    not_after: WallMs | None = None
    custody: Custody = Custody.EXPECTED
    compartment: CompartmentId | None = None
    driver: DriverId | None = None
    proof: tuple[str, ...] = ("badge",)
    """How that driver had signed in."""
    session: SessionId | None = None
    """The visit that is depositing or collecting it."""
    records: tuple[int, ...] = ()
    """The latest that tell of its handoff: stored, unlocked, its door opened and closed."""
    evidence: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    planned_hold_s: int | None = None
    """How long it waits by its plan; `hold_s` is what its carrier asked for."""
    ladder: str = ""
    pickup: PickupId | None = None
    means: str | None = None
    shown: tuple[EvidenceDigest, ...] = ()
    """What its recipient had given besides `means` when its door was last unlocked for them."""
    shown_at: MonoMs = NEVER
    stored_at: WallMs | None = None
    hold_until: WallMs | None = None
    expired: bool = False
    cancelled: bool = False
    """The carrier wants it back: no longer handed out."""
    redirected: bool = False
    """It is to go elsewhere: not taken in any more."""
    unannounced: bool = False
    """Its carrier has not told of it: nobody has a code for it."""
    walked_up: bool = False
    """It was stored before its carrier told of it."""
    second: CodeHmac | None = None
    """Of the digits that its recipient types after the code."""
    told_sequence: int = 0
    """The record whose private part holds that."""

    @property
    def name(self) -> ParcelName:
        """What its carrier calls it."""
        return name_of(self.id)


@dataclass(frozen=True, slots=True)
class Pickup:
    """What one code opens: parcels of one recipient, by one carrier, each in its own time."""

    id: PickupId
    carrier: CarrierId
    parcels: tuple[ParcelId, ...]
    expires_at: WallMs
    code: CodeHmac | None
    issued_sequence: int
    """The record whose private part holds the code's HMAC."""
    left: tuple[ParcelId, ...] = ()
    """Those that have been collected or removed."""
    passes: tuple[Jti, ...] = ()
    """Those that were shown for it; none of them is spent before it is."""
    takes_second: bool = False
    """Its code is a short one: it is worth nothing without the second identifier of its parcels."""
    wrong_seconds: int = 0
    """Since its code was issued."""
    reissued: MonoMs = NEVER
    """When it got its latest code in place of another."""


@dataclass(frozen=True, slots=True)
class KeptPreferences:
    """What a recipient wants: with one `parcel`, or with those of `recipient` to come."""

    handle: Handle
    carrier: CarrierId
    preferences: Preferences
    parcel: ParcelId | None
    recipient: str | None
    note: str | None
    changed_sequence: int
    """The record whose private part holds the note."""
    stale: bool = False


@dataclass(frozen=True, slots=True)
class DriverVisit:
    """The driver who is signed in at the screen, and the parcel in their hands."""

    session: SessionId
    driver: DriverId
    carrier: CarrierId
    jti: Jti | None = None
    """Of the badge that was shown."""
    scope: tuple[Scope, ...] = DRIVING
    parcel: ParcelId | None = None
    acknowledged: bool = False
    size: Size | None = None
    evidence: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    hold_s: int = 0
    ladder: str = ""
    label: tuple[Element, ...] = ()
    """What that parcel's own label says."""
    preference: Handle | None = None
    """The preferences that were on the screen with its plan."""
    proof: tuple[str, ...] = ("badge",)
    """What the driver has shown when signing in."""
    checked: bool = False
    """The driver has read the checklist in this visit."""


@dataclass(frozen=True, slots=True)
class KnownCommand:
    """A command by its `jti`: `outcome` is its first answer, None while its door is moving."""

    expires_at: WallMs
    kid: KeyId
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class State:
    """The fold of `evolve` over every event so far. `sequence` counts them."""

    sequence: int = 0
    last: Stamp | None = None
    boot: int = 0
    stopped_cleanly: bool = True
    config_sha256: str = ""
    config_version: int | None = None
    """Of what is told from afar, as it has taken effect; None for nothing."""
    desired: Desired | None = None
    """And as it was accepted last; it takes effect at the next start."""
    compartments: dict[CompartmentId, Compartment] = field(default_factory=dict)
    parcels: dict[ParcelId, Parcel] = field(default_factory=dict)
    pickups: dict[PickupId, Pickup] = field(default_factory=dict)
    codes: dict[CodeHmac, PickupId] = field(default_factory=dict)
    delegations: Delegations = ()
    """Whom carriers let collect a parcel besides its recipient."""
    preferences: dict[Handle, KeptPreferences] = field(default_factory=dict)
    notices: dict[ParcelId, Notice] = field(default_factory=dict)
    """The latest of each parcel."""
    climbs: dict[ParcelId, Climb] = field(default_factory=dict)
    canaries: dict[str, Notice] = field(default_factory=dict)
    """The latest of each channel, by `carrier/channel`."""
    declared: dict[Condition, Declared] = field(default_factory=dict)
    """What is the matter at the site, now or later."""
    pins: dict[PickupId, Pin] = field(default_factory=dict)
    files: dict[FileId, EvidenceFile] = field(default_factory=dict)
    """Signatures, until they are erased; most belong to parcels that have left."""
    disputes: dict[ParcelId, Dispute] = field(default_factory=dict)
    """What recipients deny, until somebody has settled it."""
    to_erase: tuple[int, ...] = ()
    """Records whose private parts nobody needs any more."""
    recipient: RecipientVisit | None = None
    staff: Staff = field(default_factory=Staff)
    visit: DriverVisit | None = None
    tally: Tally | None = None
    """What that visit has come to so far."""
    removal: Removal | None = None
    """What that driver is taking away."""
    tries_due: MonoMs = NEVER
    """When the allowance of wrong codes will be full again; see `allowance`."""
    commands: dict[Jti, KnownCommand] = field(default_factory=dict)
    counters: dict[KeyId, Counter] = field(default_factory=dict)
    """The highest command counter seen of each key."""
    passes: dict[str, WallMs] = field(default_factory=dict)
    """Passes that were used, by `carrier/jti`, until they expire."""
    remote_unlocks: tuple[MonoMs, ...] = ()
    """When occupied compartments were opened from afar, from the terminal or by a technician of late."""
    rescues: tuple[MonoMs, ...] = ()
    """When vacant compartments were opened of late because a person might have been shut in."""
    first_signature: FirstSignature | None = None
    series: Series | None = None
    lockout: Lockout | None = None
    technician: TechnicianVisit | None = None
    audit: Audit | None = None
    drift: Drift = field(default_factory=Drift)
    board_faults: dict[str, str] = field(default_factory=dict)
    trust: Trust = field(default_factory=Trust)
    contacts: dict[str, str] = field(default_factory=dict)
    """Contacts of the cabinet that are not at rest, with their kind."""
    stopped: dict[str, tuple[CompartmentId, ...]] = field(default_factory=dict)
    """Supplies that stand still after a wiring fault, with the doors to be put back into service first."""
    disk_low: bool = False
