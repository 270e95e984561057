"""A parcel's carrier lets somebody else collect it, or no longer: with a code of their own, for that parcel alone."""

from controller.domain import events as ev
from controller.domain.commands import DelegateCode
from controller.domain.decide.draft import Draft
from controller.domain.decide.storing import unused_code
from controller.domain.decide.withdrawing import own
from controller.domain.delegates import delegation_of
from controller.domain.ids import CarrierId, Word
from controller.domain.refusals import Refusal
from controller.domain.state import Parcel


def delegate(draft: Draft, command: DelegateCode, carrier: CarrierId | None) -> Refusal | None:
    """A code for one more delegate; one who has a code already gets another in its place."""
    parcel = own(draft.state, command.parcel, carrier)
    if parcel is None:
        return Refusal.PARCEL_UNKNOWN
    pickup = draft.state.pickups.get(parcel.pickup) if parcel.pickup is not None else None
    if pickup is None or parcel.compartment is None or parcel.cancelled:
        return Refusal.NOT_STORED
    before = delegation_of(draft.state.delegations, parcel.id, command.delegate)
    others = sum(each.parcel == parcel.id and each is not before for each in draft.state.delegations)
    if others >= draft.policy.delegates:
        return Refusal.TOO_MANY_DELEGATES
    if draft.fresh is None or draft.fresh.parcel != parcel.id:
        return Refusal.BUSY
    code = unused_code(draft)
    draft.record(
        ev.CodeDelegated(
            parcel=parcel.id,
            pickup=pickup.id,
            compartment=parcel.compartment,
            delegate=command.delegate,
            expires_at=parcel.hold_until if parcel.hold_until is not None else pickup.expires_at,
            code_jwe=code.jwe,
            code_hmac=code.hmac,
        )
    )
    if before is not None:
        draft.record(ev.PrivateErased(sequences=(before.sequence,), reason="reissued"))
    return None


def revoke_delegate(draft: Draft, parcel: Parcel, delegate: Word) -> Refusal | None:
    """This delegate's code and passes open nothing any more; everybody else's do."""
    known = delegation_of(draft.state.delegations, parcel.id, delegate)
    if known is None or parcel.pickup is None:
        return Refusal.NO_DELEGATE
    draft.record(
        ev.CodeRevoked(pickup=parcel.pickup, reason="revoked", parcel=parcel.id, delegate=delegate),
        ev.PrivateErased(sequences=(known.sequence,), reason="revoked"),
    )
    return None
