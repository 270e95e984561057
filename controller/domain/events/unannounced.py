"""Events of parcels that came before their carrier's word did."""

from dataclasses import dataclass

from controller.domain.events.base import Event
from controller.domain.ids import CarrierId, CompartmentId, DriverId, ParcelId, SessionId, WallMs


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelUnannounced(Event):
    """A driver brought a parcel that nobody announced, and their carrier may do so. Its id is the locker's own."""

    NAME = "parcel.unannounced"
    parcel: ParcelId
    label: str
    carrier: CarrierId
    driver: DriverId
    session: SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelClaimed(Event):
    """An announced parcel is the one that was stored without an announcement: from here on it bears its own id."""

    NAME = "parcel.claimed"
    parcel: ParcelId
    found: ParcelId
    """The id that the locker had made up."""
    compartment: CompartmentId
    hold_until: WallMs
    evidence: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    ladder: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelClaimLost(Event):
    """A second parcel was announced for the label of one that is stored and was claimed already: that one stays."""

    NAME = "parcel.claim_lost"
    parcel: ParcelId
    compartment: CompartmentId
    holder: ParcelId
    """The parcel that is in it."""
