"""The row of the recipient at the screen."""

from typing import Any

from controller.domain.recipient_visit import RecipientVisit, Taken
from controller.journal.snapshot_evidence import digests_of, digests_row


def recipient_row(v: RecipientVisit) -> dict[str, Any]:
    """As `take` writes it."""
    return {
        "session": v.session,
        "pickup": v.pickup,
        "carrier": v.carrier,
        "means": v.means,
        "parcels": v.parcels,
        "tried": v.tried,
        "taken": [[taken.parcel, taken.compartment, taken.carrier, taken.records] for taken in v.taken],
        "shown": digests_row(v.shown),
    }


def recipient_of(row: dict[str, Any]) -> RecipientVisit:
    """As `restore` reads it."""
    lists = {name: tuple(row[name]) for name in ("parcels", "tried")}
    taken = tuple(Taken(parcel, door, carrier, tuple(records)) for parcel, door, carrier, records in row["taken"])
    return RecipientVisit(**row | lists | {"taken": taken, "shown": digests_of(row.get("shown", ()))})
