"""The rows of disputes."""

from typing import Any

from controller.contract.wire_json import loads_object
from controller.domain.claims import Claim, Dispute


def dispute_row(d: Dispute) -> dict[str, Any]:
    """As `take` writes it."""
    return {
        "parcel": d.parcel,
        "carrier": d.carrier,
        "compartment": d.compartment,
        "claim": d.claim,
        "at": d.at,
        "records": d.records,
    }


def dispute_of(row: dict[str, Any]) -> Dispute:
    """As `restore` reads it."""
    return Dispute(**row | {"claim": Claim(row["claim"]), "records": tuple(row["records"])})


def frozen_sequences(raw: bytes) -> frozenset[int]:
    """The records whose private parts a snapshot's disputes need. Raises ValueError."""
    try:
        rows: Any = loads_object(raw).get("disputes", ())
        return frozenset(sequence for row in rows for sequence in row["records"])
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"the snapshot's rows cannot be read ({error})") from error
