"""The row of the recipient at the screen."""

from typing import Any

from controller.domain.preferences import Channel
from controller.domain.recipient_visit import KnownWishes, RecipientVisit, Taken
from controller.journal.snapshot_evidence import digests_of, digests_row
from controller.journal.snapshot_preferences import preferences_of, preferences_row


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
        "delegate": v.delegate,
        "wishes": v.wishes and _wishes_row(v.wishes),
    }


def recipient_of(row: dict[str, Any]) -> RecipientVisit:
    """As `restore` reads it."""
    lists = {name: tuple(row[name]) for name in ("parcels", "tried")}
    taken = tuple(Taken(parcel, door, carrier, tuple(records)) for parcel, door, carrier, records in row["taken"])
    read = {"shown": digests_of(row.get("shown", ())), "wishes": row.get("wishes") and _wishes_of(row["wishes"])}
    return RecipientVisit(**row | lists | {"taken": taken} | read)


def _wishes_row(w: KnownWishes) -> dict[str, Any]:
    return {
        "parcel": w.parcel,
        "recipient": w.recipient,
        "preferences": w.preferences and preferences_row(w.preferences),
        "stale": w.stale,
        "bounced": w.bounced,
    }


def _wishes_of(row: dict[str, Any]) -> KnownWishes:
    bounced = tuple(Channel(each) for each in row["bounced"])
    return KnownWishes(
        **row | {"preferences": row["preferences"] and preferences_of(row["preferences"]), "bounced": bounced}
    )
