"""What the cabinet is about beside handoffs: doors opened one after the other, and a service lock-out."""

from dataclasses import dataclass

from controller.domain.ids import CompartmentId, DriverId, Jti, KeyId, MonoMs, Purpose, Role, SessionId


@dataclass(frozen=True, slots=True)
class Series:
    """Doors that are being opened in turn, each once the one before it has opened or was given up."""

    purpose: Purpose
    role: Role
    left: tuple[CompartmentId, ...]
    """Those whose turn is still to come."""
    current: CompartmentId | None = None
    jti: Jti | None = None


@dataclass(frozen=True, slots=True)
class FirstSignature:
    """One operator wants every door opened; another one has to say so too."""

    kid: KeyId
    until: MonoMs


@dataclass(frozen=True, slots=True)
class Lockout:
    """Nothing is unlocked but by the technician at the cabinet."""

    since: MonoMs
    until: MonoMs
    """It ends then at the latest, with an alarm."""


@dataclass(frozen=True, slots=True)
class TechnicianVisit:
    """The technician who is signed in at the screen."""

    session: SessionId
    technician: DriverId
