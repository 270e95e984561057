"""Events of drivers at the screen."""

from dataclasses import dataclass

from controller.domain.events.base import Event
from controller.domain.ids import NEVER, CarrierId, DriverId, Jti, MonoMs, ParcelId, SessionId
from controller.domain.staff import DRIVING, Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverSignedIn(Event):
    """A driver showed a good badge, typed the PIN that goes with their number, or has done the one after the other."""

    NAME = "driver.signed_in"
    session: SessionId
    driver: DriverId
    carrier: CarrierId
    jti: Jti | None = None
    """The badge's; None without one."""
    proof: tuple[str, ...] = ("badge",)
    """What the driver has shown: `badge`, `pin`, or both."""
    scope: tuple[Scope, ...] = DRIVING


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverRefused(Event):
    """A badge or a PIN that was not good; `count` of them since the last such record."""

    NAME = "driver.refused"
    reason: str
    count: int = 1
    slot: str | None = None
    """Whose PIN was typed wrong, as `carrier/driver`; for a number of nobody a word that does not tell what it was."""
    wrong: int = 0
    """Wrong PINs in a row."""
    locks: int = 0
    """How often this number has been locked."""
    locked_until: MonoMs = NEVER
    tries_due: MonoMs | None = None
    """When the allowance of the whole locker will be full again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverChecklistDone(Event):
    """A driver has read what is to be known about this place."""

    NAME = "driver.checklist_done"
    session: SessionId
    driver: DriverId
    carrier: CarrierId
    version: str
    """Which text of it: the start of its SHA-256, hex."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverSummary(Event):
    """What a driver's visit came to. Each count is that of the signed records whose sequences are listed."""

    NAME = "driver.summary"
    session: SessionId
    driver: DriverId
    carrier: CarrierId
    deposited: tuple[str, ...]
    """Of `custody.stored`, as decimal strings."""
    taken_away: tuple[str, ...]
    """Of `custody.removed`."""
    missing: tuple[str, ...]
    """Of `custody.removed` where nothing was found."""
    refused: int
    """Scans that led to no door."""
    left: tuple[ParcelId, ...]
    """What is still to be taken away."""
    unconfirmed: tuple[ParcelId, ...] = ()
    """Put in, and not yet settled when the driver left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverSignedOut(Event):
    """The driver's visit is over."""

    NAME = "driver.signed_out"
    session: SessionId
    driver: DriverId
    reason: str
    """`asked`, `idle`, `restart`, `left_open`, `revoked` or `expired`."""
