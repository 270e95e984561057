"""Events of custody: who has the parcel."""

from dataclasses import dataclass

from controller.domain.events.base import Event, Evidence, EvidenceDigest
from controller.domain.ids import (
    CarrierId,
    CompartmentId,
    DriverId,
    MonoMs,
    ParcelId,
    PickupId,
    Role,
    SessionId,
    WallMs,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyDepositing(Event):
    """A compartment is reserved and about to be opened for this parcel."""

    NAME = "custody.depositing"
    parcel: ParcelId
    compartment: CompartmentId
    driver: DriverId
    session: SessionId
    proof: tuple[str, ...] = ("badge",)
    """How the driver has signed in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyReleased(Event):
    """A deposit that did not take place: the parcel is expected again, in the driver's hands."""

    NAME = "custody.released"
    parcel: ParcelId
    compartment: CompartmentId
    reason: str
    """`did_not_open`, `taken_back`, `too_small`, or one that quarantines it as well: `unfinished`, `wiring_fault`,
    `stray`, `dirty_or_damaged`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyStray(Event):
    """The driver found something in a compartment that was vacant on record."""

    NAME = "custody.stray"
    compartment: CompartmentId
    driver: DriverId
    session: SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyStored(Event):
    """The locker has the parcel."""

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
    """The recipient has been let to the parcel; it is still the locker's."""

    NAME = "custody.collecting"
    parcel: ParcelId
    compartment: CompartmentId
    pickup: PickupId
    session: SessionId
    means: str
    """`code`, `pass` or `app`."""
    shown: tuple[EvidenceDigest, ...] = ()
    """What was given besides, and was checked before the unlock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyCollected(Event):
    """The recipient has the parcel. At most once per parcel."""

    NAME = "custody.collected"
    PROVEN = True
    parcel: ParcelId
    compartment: CompartmentId
    pickup: PickupId
    carrier: CarrierId
    actor: Role
    session: SessionId | None = None
    """The actor's pseudonym: that of their visit, which the records of code, PIN and signature bear too."""
    evidence: Evidence
    opened_mono: MonoMs | None
    closed_mono: MonoMs
    rests_until: MonoMs
    """The end of the reopen window; the compartment is not given out before."""
    waiting: int = 0
    """How many parcels of its pickup are still in the locker; with the last one the code is spent."""
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyRemoved(Event):
    """A parcel that is no longer handed out has left its compartment, or was not found in it.

    By a driver who scanned it, or through an operator's open-and-close, then without `driver` and `evidence`.
    """

    NAME = "custody.removed"
    PROVEN = True
    parcel: ParcelId
    compartment: CompartmentId
    carrier: CarrierId
    reason: str
    """`expired`, `cancelled`, `return`; `missing`: it was not behind its door."""
    driver: DriverId | None = None
    evidence: Evidence | None = None
    opened_mono: MonoMs | None = None
    closed_mono: MonoMs | None = None
