"""What follows from a recipient's word: a dispute freezes what proves the handoff, and nobody else gets the door."""

from controller.domain import events as ev
from controller.domain.claims import DISPUTED, DISPUTES, Claim
from controller.domain.decide.draft import Decision, Draft
from controller.domain.decide.pickup import reopen
from controller.domain.ids import CarrierId, ParcelId, Role
from controller.domain.inputs import ClaimMade, ReopenAsked
from controller.domain.recipient_visit import Taken
from controller.domain.refusals import Refusal


def claim(draft: Draft, made: ClaimMade) -> Decision:
    """Heard from the visit that collected the parcel, as long as its door may be opened again."""
    taken = _taken(draft, made)
    if taken is None:
        return draft.refuse(Refusal.REOPEN_OVER)
    if made.claim in DISPUTES:
        _dispute(draft, taken, made)
        return draft.answer()
    if made.claim is Claim.DAMAGED:
        draft.record(ev.CustodyDamaged(parcel=taken.parcel, compartment=made.compartment, carrier=taken.carrier))
        return draft.answer()
    if not draft.state.compartments[taken.compartment].left_behind:
        draft.record(ev.LeftBehind(parcel=taken.parcel, compartment=made.compartment, carrier=taken.carrier))
    return reopen(draft, ReopenAsked(made.session, taken.compartment))


def settle_dispute(draft: Draft, parcel: ParcelId, by: Role, carrier: CarrierId | None) -> Refusal | None:
    """An operator has looked into it."""
    dispute = draft.state.disputes.get(parcel)
    if dispute is None or carrier not in (None, dispute.carrier):
        return Refusal.PARCEL_UNKNOWN
    draft.record(ev.DisputeSettled(parcel=parcel, by=by))
    return None


def _taken(draft: Draft, made: ClaimMade) -> Taken | None:
    visit, compartment = draft.state.recipient, draft.state.compartments.get(made.compartment)
    if visit is None or compartment is None or visit.session != made.session or compartment.rests_for != made.session:
        return None
    if compartment.rests_until <= draft.at.mono and not compartment.left_behind:
        return None
    return next((each for each in reversed(visit.taken) if each.compartment == made.compartment), None)


def _dispute(draft: Draft, taken: Taken, made: ClaimMade) -> None:
    known = draft.state.disputes.get(taken.parcel)
    if known is not None and known.records[:-1] == taken.records:
        return
    draft.record(
        ev.CustodyDisputed(
            parcel=taken.parcel,
            compartment=taken.compartment,
            carrier=taken.carrier,
            session=made.session,
            claim=made.claim,
            records=taken.records,
        ),
        ev.CompartmentQuarantined(compartment=taken.compartment, reason=DISPUTED),
    )
