"""Everything that can happen, in the past tense. One class is one record type `locker.<area>.<what>.v1`.

A field marked `private` never reaches the record: it is stored beside it, is never published, and can be erased.
`proven` events move custody; their records carry the device's signature.
"""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from controller.domain.ids import (
    CarrierId,
    CodeHmac,
    CompartmentId,
    Counter,
    Door,
    DriverId,
    Jti,
    KeyId,
    MonoMs,
    ParcelId,
    PickupId,
    Purpose,
    Role,
    SessionId,
    Size,
    WallMs,
)


def private(default: Any = None) -> Any:
    """A field kept in the event's private part; `default` stands for a part that was erased."""
    return field(default=default, metadata={"private": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """The base of all events; `NAME` is `<area>.<what>`."""

    NAME: ClassVar[str]
    PROVEN: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class CompartmentSpec:
    """One compartment as the configuration describes it to the domain."""

    id: CompartmentId
    size: Size
    mm: tuple[int, ...] = ()
    """Inner width, height and depth in millimetres; empty where only the letter is known."""
    handle_mm: int | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was obtained at a handoff, by name, such as `code` or `door_cycle`, and what the plan asked for besides."""

    obtained: tuple[str, ...]
    shortfall: tuple[str, ...] = ()


# --- the stream and the machine -------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamStarted(Event):
    """The first record of a store; names the stream it follows, where there was one."""

    NAME = "stream.started"
    software: str
    previous_stream: str | None = None
    previous_sequence: str | None = None
    previous_head: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BootStarted(Event):
    NAME = "boot.started"
    software: str
    unwatched_s: int | None
    """Seconds nobody was looking at the doors, by the wall clock; None when the clock is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanStop(Event):
    NAME = "boot.clean_stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class UncleanStop(Event):
    """Recorded at the next start: the process before this one did not say goodbye."""

    NAME = "boot.unclean_stop"
    ended_boot: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStepped(Event):
    NAME = "clock.stepped"
    forward_ms: MonoMs


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSynced(Event):
    NAME = "clock.synced"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigApplied(Event):
    NAME = "config.applied"
    sha256: str
    compartments: tuple[CompartmentSpec, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateErased(Event):
    """The private parts of these records were removed from the store in the same transaction."""

    NAME = "private.erased"
    sequences: tuple[int, ...]
    reason: str


# --- parcels and plans ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelExpected(Event):
    NAME = "parcel.expected"
    parcel: ParcelId
    label: str
    carrier: CarrierId
    recipient: str | None = None
    """An opaque reference, fresh per parcel."""
    size: Size | None = None
    mm: tuple[int, ...] = ()
    classes: tuple[str, ...] = ()
    hold_s: int | None = None
    not_before: WallMs | None = None
    not_after: WallMs | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelCancelled(Event):
    """Before it was stored: forgotten. Once stored: no longer handed out, to be taken away."""

    NAME = "parcel.cancelled"
    parcel: ParcelId
    stored: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelExtended(Event):
    NAME = "parcel.extended"
    parcel: ParcelId
    hold_until: WallMs


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderStep(Event):
    """One step of the plan for a parcel nobody fetched."""

    NAME = "ladder.step"
    parcel: ParcelId
    action: str
    compartment: CompartmentId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMade(Event):
    NAME = "plan.made"
    parcel: ParcelId
    session: SessionId
    pattern: str
    evidence: tuple[str, ...]
    hold_s: int
    size: Size
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRefused(Event):
    NAME = "plan.refused"
    reason: str
    session: SessionId | None = None
    parcel: ParcelId | None = None
    rules: tuple[str, ...] = ()
    scanned_kind: str | None = None
    scanned_length: int | None = None
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferenceShown(Event):
    """The driver saw the plan, its reasons and the recipient's preferences, and said so."""

    NAME = "preference.shown"
    parcel: ParcelId
    session: SessionId
    driver: DriverId


# --- people ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverSignedIn(Event):
    NAME = "driver.signed_in"
    session: SessionId
    driver: DriverId
    carrier: CarrierId
    jti: Jti


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverRefused(Event):
    NAME = "driver.refused"
    reason: str
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverSignedOut(Event):
    NAME = "driver.signed_out"
    session: SessionId
    driver: DriverId
    reason: str
    """`asked`, `idle`, `restart` or `left_open`."""


# --- codes and passes -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeIssued(Event):
    NAME = "code.issued"
    parcel: ParcelId
    pickup: PickupId
    compartment: CompartmentId
    expires_at: WallMs
    code_jwe: str
    """The code, sealed to the carrier's encryption key."""
    code_hmac: CodeHmac | None = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeReissued(Event):
    NAME = "code.reissued"
    parcel: ParcelId
    pickup: PickupId
    compartment: CompartmentId
    expires_at: WallMs
    code_jwe: str
    code_hmac: CodeHmac | None = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRevoked(Event):
    NAME = "code.revoked"
    pickup: PickupId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeAccepted(Event):
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
    NAME = "pass.accepted"
    pickup: PickupId
    session: SessionId
    jti: Jti
    expires_at: WallMs


@dataclass(frozen=True, slots=True, kw_only=True)
class PassRefused(Event):
    NAME = "pass.refused"
    why: str
    count: int = 1


# --- unlocks and doors ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlockAuthorised(Event):
    """The committed permission without which no lock is pulsed. One authorisation is one pulse."""

    NAME = "unlock.authorised"
    compartment: CompartmentId
    purpose: Purpose
    role: Role
    parcel: ParcelId | None = None
    session: SessionId | None = None
    jti: Jti | None = None
    note: str | None = private()
    """What an operator gave as the reason, in their own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlockReported(Event):
    NAME = "unlock.reported"
    compartment: CompartmentId
    sent: str
    """`written`, `acknowledged`, `rejected`, `no_reply`, `not_sent`; `unknown` after a restart; `no_feedback` when the
    time for opening has passed and the door's sensor says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorOpened(Event):
    NAME = "door.opened"
    compartment: CompartmentId
    cause: str
    """`unlock`; `late`: up to two minutes after an unlock nobody saw succeed; `unlatched`: it sprang open again right
    after closing; `unwatched`: while the power was off or the sensor silent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorClosed(Event):
    NAME = "door.closed"
    compartment: CompartmentId
    open_ms: MonoMs | None
    """How long it stood open; None when part of that time nobody was looking."""
    watched: bool = True
    """Whether the closing itself was seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorLeftOpen(Event):
    NAME = "door.left_open"
    compartment: CompartmentId


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorForced(Event):
    NAME = "door.forced"
    compartment: CompartmentId
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorDidNotOpen(Event):
    NAME = "door.did_not_open"
    compartment: CompartmentId


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorSensorUnknown(Event):
    """No reading, or a sensor that flaps."""

    NAME = "door.sensor_unknown"
    compartment: CompartmentId
    flapping: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorSeen(Event):
    """The first reading after a start, or after a sensor was silent."""

    NAME = "door.seen"
    compartment: CompartmentId
    door: Door


# --- custody --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyDepositing(Event):
    NAME = "custody.depositing"
    parcel: ParcelId
    compartment: CompartmentId
    driver: DriverId
    session: SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyReleased(Event):
    """A deposit that did not take place: the parcel is expected again, in the driver's hands."""

    NAME = "custody.released"
    parcel: ParcelId
    compartment: CompartmentId
    reason: str
    """`did_not_open`, `taken_back` or `unfinished` (then the compartment is quarantined as well)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyStored(Event):
    NAME = "custody.stored"
    PROVEN = True
    parcel: ParcelId
    compartment: CompartmentId
    carrier: CarrierId
    driver: DriverId
    confirmed_by: str
    """`driver` or `door_cycle`."""
    evidence: Evidence
    hold_until: WallMs
    opened_mono: MonoMs | None
    closed_mono: MonoMs | None
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyCollecting(Event):
    NAME = "custody.collecting"
    parcel: ParcelId
    compartment: CompartmentId
    pickup: PickupId
    session: SessionId
    means: str
    """`code` or `pass`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyCollected(Event):
    NAME = "custody.collected"
    PROVEN = True
    parcel: ParcelId
    compartment: CompartmentId
    pickup: PickupId
    carrier: CarrierId
    actor: Role
    evidence: Evidence
    opened_mono: MonoMs | None
    closed_mono: MonoMs
    rests_until: MonoMs
    """The end of the reopen window; the compartment is not given out before."""
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyRemoved(Event):
    """A parcel that is no longer handed out was taken out through an operator's open-and-close."""

    NAME = "custody.removed"
    PROVEN = True
    parcel: ParcelId
    compartment: CompartmentId
    carrier: CarrierId
    reason: str


# --- compartments ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class CompartmentQuarantined(Event):
    NAME = "compartment.quarantined"
    compartment: CompartmentId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompartmentRestored(Event):
    NAME = "compartment.restored"
    compartment: CompartmentId


@dataclass(frozen=True, slots=True, kw_only=True)
class CompartmentOutOfService(Event):
    NAME = "compartment.out_of_service"
    compartment: CompartmentId


# --- commands and security ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandReceived(Event):
    """A command whose signature, key and address were good."""

    NAME = "command.received"
    jti: Jti
    kid: KeyId
    command: str
    expires_at: WallMs
    ctr: Counter | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandExecuted(Event):
    NAME = "command.executed"
    jti: Jti
    outcome: str = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandRefused(Event):
    """With a `jti`: decided and answered. Without: nothing of it could be trusted, and it is only counted."""

    NAME = "command.refused"
    reason: str
    jti: Jti | None = None
    kid: KeyId | None = None
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityBadSignature(Event):
    NAME = "security.bad_signature"
    what: str
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityReplay(Event):
    NAME = "security.replay"
    what: str
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityGuessing(Event):
    """The allowance of wrong codes has run out."""

    NAME = "security.guessing"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityFork(Event):
    """The carrier acknowledged something this journal does not hold."""

    NAME = "security.fork"
    sequence: str
    head: str


# --- health ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardFaulted(Event):
    NAME = "health.board_fault"
    board: str
    fault: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRecovered(Event):
    NAME = "health.board_recovered"
    board: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskLow(Event):
    NAME = "health.disk_low"


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskRecovered(Event):
    NAME = "health.disk_recovered"


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageError(Event):
    """Damage in the journal, older than the snapshot that was started from."""

    NAME = "health.storage_error"
    sequence: str
    what: str


EVENTS: dict[str, type[Event]] = {
    cls.NAME: cls
    for cls in list(globals().values())
    if isinstance(cls, type) and issubclass(cls, Event) and cls is not Event
}
"""Every event class of this module by its name."""
