"""Events of stock-taking."""

from dataclasses import dataclass

from controller.domain.audit import Found
from controller.domain.events.base import Event
from controller.domain.ids import CompartmentId, DriverId, Jti, ParcelId, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditStarted(Event):
    """These compartments are to be looked into, one after the other, by a technician at the cabinet."""

    NAME = "audit.started"
    audit: str
    role: Role
    compartments: tuple[CompartmentId, ...]
    jti: Jti | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLooked(Event):
    """What was seen behind one door. The last look into a compartment counts."""

    NAME = "audit.looked"
    audit: str
    compartment: CompartmentId
    technician: DriverId
    found: Found
    label: str | None = None
    """A label that no live parcel bears."""
    parcel: ParcelId | None = None
    """The live parcel whose label was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFinished(Event):
    """What the stock-taking came to. Records of what follows from it stand before this one."""

    NAME = "audit.finished"
    PROVEN = True
    audit: str
    technician: DriverId
    complete: bool
    """Every compartment was looked into, and none was skipped."""
    agreed: tuple[CompartmentId, ...]
    missing: tuple[ParcelId, ...]
    """On record, and not there; as `carrier/name`, for they may be several carriers'."""
    misplaced: tuple[ParcelId, ...]
    """There, but in another compartment."""
    strays: tuple[CompartmentId, ...]
    """Something lies there that is not on record there."""
    unseen: tuple[CompartmentId, ...]
    """Skipped, or not reached."""
