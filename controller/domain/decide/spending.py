"""The end of a code: erased as soon as nothing is left that it could open."""

from controller.domain import events as ev
from controller.domain.decide.draft import Draft
from controller.domain.state import Pickup


def spend(draft: Draft, before: Pickup | None, reason: str) -> None:
    """`before` is the pickup as it was until one of its parcels left or was cancelled."""
    if before is None or before.code is None:
        return
    now = draft.state.pickups.get(before.id)
    if now is not None:
        if not all(draft.state.parcels[id].cancelled for id in now.parcels):
            return
        draft.record(ev.CodeRevoked(pickup=before.id, reason=reason))
    draft.record(ev.PrivateErased(sequences=(before.issued_sequence,), reason=reason))
