"""What a driver's visit comes to: the parcel being taken away right now, and the count of everything so far."""

from dataclasses import dataclass

from controller.domain.ids import CarrierId, CompartmentId, DriverId, ParcelId, SessionId


@dataclass(frozen=True, slots=True)
class Removal:
    """A parcel whose door was unlocked for a driver to take it away; scanned or declared missing, it is settled."""

    parcel: ParcelId
    compartment: CompartmentId
    session: SessionId
    driver: DriverId
    reason: str
    opened: bool = False
    """The door was seen open since."""
    scanned: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """The sequences of the signed records of one driver's visit, and what is not signed besides."""

    session: SessionId
    driver: DriverId
    carrier: CarrierId
    deposited: tuple[int, ...] = ()
    taken_away: tuple[int, ...] = ()
    missing: tuple[int, ...] = ()
    refused: int = 0
    """Scans that led to no door."""
    passed_over: tuple[ParcelId, ...] = ()
    """Parcels to be taken away whose doors did not open."""

    @property
    def anything(self) -> bool:
        """Whether there is something to sum up."""
        return bool(self.deposited or self.taken_away or self.missing or self.refused)
