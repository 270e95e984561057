"""What is in the locker's custody, for a backend that has lost its store: who else's it is, is not said."""

from controller.contract.fields import wall_text
from controller.contract.wire_json import JSON, JsonObject
from controller.device.telling import in_parts
from controller.domain.ids import CarrierId
from controller.domain.state import Parcel, State

PARCELS_AT_ONCE = 200
"""In one message: some 30 KB of them."""


def contents(state: State, sizes: JsonObject, carrier: CarrierId | None) -> list[JsonObject]:
    """The answer to `state.snapshot`, in parts. `sizes`: how many compartments of each size stand how. `carrier`: whose
    parcels; None for all.
    """
    theirs = [parcel for parcel in state.parcels.values() if carrier is None or parcel.carrier == carrier]
    rows: list[JSON] = [_row(state, parcel) for parcel in theirs]
    return in_parts("parcels", rows, PARCELS_AT_ONCE, seq=state.sequence, sizes=sizes)


def _row(state: State, parcel: Parcel) -> JsonObject:
    pickup = state.pickups.get(parcel.pickup) if parcel.pickup is not None else None
    row: JsonObject = {"parcel": parcel.name, "carrier": parcel.carrier, "custody": parcel.custody.value}
    if parcel.compartment is not None:
        row["compartment"] = parcel.compartment
    expires_at = pickup.expires_at if pickup is not None else parcel.hold_until
    if expires_at is not None:
        row["expires_at"] = wall_text(expires_at)
    return row
