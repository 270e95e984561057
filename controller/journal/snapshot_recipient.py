"""The row of the recipient at the screen."""

from typing import Any

from controller.domain.recipient_visit import RecipientVisit, Taken


def recipient_row(v: RecipientVisit) -> dict[str, Any]:
    """As `take` writes it."""
    return {
        "session": v.session,
        "pickup": v.pickup,
        "carrier": v.carrier,
        "means": v.means,
        "parcels": v.parcels,
        "tried": v.tried,
        "taken": [[taken.parcel, taken.compartment, taken.carrier] for taken in v.taken],
    }


def recipient_of(row: dict[str, Any]) -> RecipientVisit:
    """As `restore` reads it."""
    lists = {name: tuple(row[name]) for name in ("parcels", "tried")}
    return RecipientVisit(**row | lists | {"taken": tuple(Taken(*taken) for taken in row["taken"])})
