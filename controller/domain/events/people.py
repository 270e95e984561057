"""Events of drivers at the screen."""

from dataclasses import dataclass

from controller.domain.events.base import Event
from controller.domain.ids import CarrierId, DriverId, Jti, SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverSignedIn(Event):
    """A driver showed a good badge."""

    NAME = "driver.signed_in"
    session: SessionId
    driver: DriverId
    carrier: CarrierId
    jti: Jti


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverRefused(Event):
    """A badge that was not good; `count` of them since the last such record."""

    NAME = "driver.refused"
    reason: str
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverSignedOut(Event):
    """The driver's visit is over."""

    NAME = "driver.signed_out"
    session: SessionId
    driver: DriverId
    reason: str
    """`asked`, `idle`, `restart` or `left_open`."""
