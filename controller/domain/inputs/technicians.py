"""What a technician puts to the locker, before the cabinet."""

from dataclasses import dataclass

from controller.domain.audit import Found
from controller.domain.ids import (
    CompartmentId,
    DriverId,
    Jti,
    SessionId,
    WallMs,
)
from controller.domain.inputs.drivers import PinTyped
from controller.domain.labels import Label


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
