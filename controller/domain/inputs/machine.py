"""What doors, boards, the disk and time tell the locker."""

from dataclasses import dataclass

from controller.domain.contacts import Contact
from controller.domain.events import CompartmentSpec
from controller.domain.hearing import DEAF, Hearing
from controller.domain.ids import (
    CompartmentId,
    Door,
    KeyId,
    MonoMs,
)
from controller.domain.trust import TrustedKey


@dataclass(frozen=True, slots=True)
class DeviceKeyChange:
    """The locker signs with another key than before."""

    kid: KeyId
    previous: KeyId


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
    keys: tuple[TrustedKey, ...] = ()
    """What the keyring's file says; empty where nobody tells."""
    device_key: DeviceKeyChange | None = None
    """The last time that the locker's own key to sign with was changed; None for never."""
    config_version: int | None = None
    """Of what lies over the locker's own file; None for nothing."""


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
class NotesAged:
    """Beside these records stand notes that have been kept for long enough."""

    sequences: tuple[int, ...]


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
