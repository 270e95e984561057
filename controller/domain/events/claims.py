"""Events of what recipients say of what they were handed."""

from dataclasses import dataclass

from controller.domain.claims import Claim
from controller.domain.events.base import Event
from controller.domain.ids import CarrierId, CompartmentId, ParcelId, Role, SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyDisputed(Event):
    """The recipient says that this was not handed over: the compartment was empty, or another's parcel was in it."""

    NAME = "custody.disputed"
    PROVEN = True
    parcel: ParcelId
    compartment: CompartmentId
    carrier: CarrierId
    session: SessionId
    claim: Claim
    records: tuple[int, ...]
    """The sequences of what this stream has on record of the handoff; their private parts are kept meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeSettled(Event):
    """Somebody has looked into it; what was kept because of it follows its own schedule again."""

    NAME = "custody.dispute_settled"
    parcel: ParcelId
    by: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyDamaged(Event):
    """The recipient has the parcel and says that it is damaged."""

    NAME = "custody.damaged"
    parcel: ParcelId
    compartment: CompartmentId
    carrier: CarrierId


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftBehind(Event):
    """The recipient left something of their own in the compartment: it stays theirs until they have opened it again."""

    NAME = "custody.left_behind"
    parcel: ParcelId
    compartment: CompartmentId
    carrier: CarrierId
