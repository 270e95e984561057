"""A code that came into the wrong hands is worth nothing from now on; its parcels wait for a new one, or a pass."""

from controller.domain import events as ev
from controller.domain.commands import RevokeCode
from controller.domain.decide.delegating import revoke_delegate
from controller.domain.decide.draft import Draft
from controller.domain.decide.withdrawing import own
from controller.domain.ids import CarrierId
from controller.domain.refusals import Refusal


def revoke_code(draft: Draft, command: RevokeCode, carrier: CarrierId | None) -> Refusal | None:
    """That of this parcel, and so of all that share its pickup; or that of one delegate."""
    parcel = own(draft.state, command.parcel, carrier)
    if parcel is None:
        return Refusal.PARCEL_UNKNOWN
    if command.delegate is not None:
        return revoke_delegate(draft, parcel, command.delegate)
    pickup = draft.state.pickups.get(parcel.pickup) if parcel.pickup is not None else None
    if pickup is None or pickup.code is None:
        return Refusal.NOT_STORED
    draft.record(
        ev.CodeRevoked(pickup=pickup.id, reason="revoked"),
        ev.PrivateErased(sequences=(pickup.issued_sequence,), reason="revoked"),
    )
    return None
