"""Events of drivers at the screen."""

from dataclasses import dataclass

from controller.domain.events.base import Event
from controller.domain.ids import CarrierId, DriverId, Jti, ParcelId, SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverSignedIn(Event):
    """A driver showed a good badge."""

    NAME = "driver.signed_in"
    session: SessionId
    driver: DriverId
    carrier: CarrierId
    jti: Jti
    proof: tuple[str, ...] = ("badge",)
    """What the driver has shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverRefused(Event):
    """A badge that was not good; `count` of them since the last such record."""

    NAME = "driver.refused"
    reason: str
    count: int = 1


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
    """`asked`, `idle`, `restart` or `left_open`."""
