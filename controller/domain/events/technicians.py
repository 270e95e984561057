"""Events of technicians at the cabinet."""

from dataclasses import dataclass

from controller.domain.events.base import Event
from controller.domain.ids import DriverId, Jti, SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class TechnicianSignedIn(Event):
    """A technician showed a good badge and typed its PIN."""

    NAME = "technician.signed_in"
    session: SessionId
    technician: DriverId
    jti: Jti


@dataclass(frozen=True, slots=True, kw_only=True)
class TechnicianSignedOut(Event):
    """Their visit is over; a lock-out and an audit go on."""

    NAME = "technician.signed_out"
    session: SessionId
    technician: DriverId
    reason: str
    """`asked`, `idle`, `restart`, `another`; `revoked` or `expired`, as their operator said meanwhile."""
