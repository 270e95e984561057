"""Events of who may sign in."""

from dataclasses import dataclass, field

from controller.domain.events.base import PRIVATE, Event
from controller.domain.ids import CarrierId, DriverId, DriverNumber, Jti, Language, PinVerifier, WallMs
from controller.domain.staff import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverUpserted(Event):
    """A driver or technician is known from now on, in place of what was known of them before."""

    NAME = "driver.upserted"
    carrier: CarrierId | None = None
    """None for the site's own people."""
    driver: DriverId
    scope: tuple[Scope, ...]
    language: Language | None = None
    valid_until: WallMs | None = None
    number: DriverNumber | None = field(default=None, metadata=PRIVATE)
    pin: PinVerifier | None = field(default=None, metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverRevoked(Event):
    """A driver with every badge of theirs, or one badge alone, is let in no more."""

    NAME = "driver.revoked"
    carrier: CarrierId | None = None
    driver: DriverId | None = None
    badge: Jti | None = None
