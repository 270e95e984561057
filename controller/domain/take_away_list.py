"""What a driver is to take away, and whether this driver may."""

from collections.abc import Sequence

from controller.domain.cycles import is_moving
from controller.domain.ids import CarrierId
from controller.domain.state import Custody, DriverVisit, Parcel, State

RETURN = "return"
"""The class of parcels that are deposited for their carrier, not for a recipient."""
MISSING = "missing"
"""Why a parcel is removed that was not found behind its door."""


def may_take_away(visit: DriverVisit) -> bool:
    """Whether the driver has shown enough for what is in the locker's hands: badge and PIN, never one of them."""
    return {"badge", "pin"} <= set(visit.proof)


def to_take_away(state: State, carrier: CarrierId) -> Sequence[Parcel]:
    """The carrier's parcels that nobody is to collect any more, by the name of their door."""
    wanted = [p for p in state.parcels.values() if p.carrier == carrier and _is_to_go(state, p)]
    return sorted(wanted, key=lambda parcel: parcel.compartment or "")


def reason_to_go(parcel: Parcel) -> str | None:
    """Why a stored parcel is to be taken away; None while it waits for its recipient."""
    if parcel.cancelled:
        return "cancelled"
    if RETURN in parcel.classes:
        return RETURN
    if parcel.expired or parcel.custody is Custody.REMOVING:
        return "expired"
    return None


def _is_to_go(state: State, parcel: Parcel) -> bool:
    if parcel.compartment is None or parcel.custody is Custody.DEPOSITING or reason_to_go(parcel) is None:
        return False
    if state.removal is not None and state.removal.parcel == parcel.id:
        return False
    compartment = state.compartments[parcel.compartment]
    return not compartment.blocked and not is_moving(compartment)
