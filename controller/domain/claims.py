"""What a recipient says of a parcel once its door is shut, and what is kept because of it."""

from dataclasses import dataclass
from enum import StrEnum

from controller.domain.ids import CarrierId, CompartmentId, ParcelId, WallMs

DISPUTED = "disputed"
LEFT_BEHIND = "left_behind"
"""Why such compartments are quarantined."""
MOST_RECORDS = 32
"""Records kept per parcel; far more than a handoff has."""


class Claim(StrEnum):
    """The values stand in records."""

    EMPTY = "empty"
    """Nothing was in the compartment."""
    NOT_MINE = "not_mine"
    DAMAGED = "damaged"
    LEFT_BEHIND = "left_behind"
    """Something of the recipient's own is still inside."""


DISPUTES = (Claim.EMPTY, Claim.NOT_MINE)


@dataclass(frozen=True, slots=True)
class Dispute:
    """A handoff that its recipient denies. What proves it is not erased until somebody has settled it."""

    parcel: ParcelId
    carrier: CarrierId
    compartment: CompartmentId
    claim: Claim
    at: WallMs
    records: tuple[int, ...]
    """Those that tell of the handoff, in order: stored, each unlock, the door opened and closed, collected."""


def frozen_records(disputes: dict[ParcelId, Dispute]) -> frozenset[int]:
    """Records whose private parts are evidence in a dispute."""
    return frozenset(sequence for dispute in disputes.values() for sequence in dispute.records)
