"""Events of parcels that a driver takes away."""

from dataclasses import dataclass

from controller.domain.events.base import Event, Evidence
from controller.domain.ids import CarrierId, CompartmentId, DriverId, ParcelId, SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyRemoving(Event):
    """The driver is let to a parcel to take it away. From here on nobody else collects it; it is still the locker's."""

    NAME = "custody.removing"
    parcel: ParcelId
    compartment: CompartmentId
    carrier: CarrierId
    driver: DriverId
    session: SessionId
    reason: str
    """`expired`, `cancelled` or `return`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyTakenOut(Event):
    """The driver has scanned what they took out, and its door is still open."""

    NAME = "custody.taken_out"
    parcel: ParcelId
    compartment: CompartmentId


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyKept(Event):
    """A removal that did not take place: the parcel is where it was, and can be collected as before."""

    NAME = "custody.kept"
    parcel: ParcelId
    compartment: CompartmentId
    reason: str
    """`did_not_open` or `wiring_fault`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyReturned(Event):
    """The carrier has its parcel back, by the hands of its driver, who scanned it."""

    NAME = "custody.returned"
    PROVEN = True
    parcel: ParcelId
    compartment: CompartmentId
    carrier: CarrierId
    driver: DriverId
    reason: str
    evidence: Evidence
