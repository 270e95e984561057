"""Parcels that are not to be handed out here: not coming, called back, sent elsewhere, or never meant for it."""

from controller.domain import events as ev
from controller.domain.certain import certain
from controller.domain.commands import RedirectParcel
from controller.domain.cycles import is_moving
from controller.domain.decide.draft import Draft
from controller.domain.decide.notifying import request
from controller.domain.decide.planning import plan_now
from controller.domain.decide.spending import spend
from controller.domain.ids import CarrierId, LockerId, ParcelId
from controller.domain.ladder import Action
from controller.domain.notices import NoticeKind
from controller.domain.plan import Plan
from controller.domain.refusals import Refusal
from controller.domain.rules import NO_RULE
from controller.domain.state import Custody, Parcel, State

RECALLED, REDIRECTED, REFUSED, ANSWERED = "recalled", "redirected", "refused", "answered"
_BY_RULES = (Refusal.REGULATED, Refusal.TOO_VALUABLE, Refusal.NOT_TO_BE_LEFT, Refusal.NOT_ALLOWED)
"""Refusals that are about the parcel; the others are about room and what can be had here."""


def own(state: State, id: ParcelId, carrier: CarrierId | None) -> Parcel | None:
    """The live parcel, unless it is another carrier's, which is as unknown as any."""
    parcel = state.parcels.get(id)
    return parcel if parcel is not None and carrier in (None, parcel.carrier) else None


def cancel(draft: Draft, id: ParcelId, carrier: CarrierId | None) -> Refusal | None:
    """It is not coming, or no longer to be handed out."""
    parcel = own(draft.state, id, carrier)
    if parcel is None:
        return Refusal.PARCEL_UNKNOWN
    if parcel.custody is Custody.EXPECTED:
        draft.record(ev.ParcelCancelled(parcel=id, stored=False))
        return None
    return _not_now(draft, parcel) or withdraw(draft, parcel, None)


def recall(draft: Draft, id: ParcelId, carrier: CarrierId | None) -> Refusal | None:
    """It is inside, and to come back: told to its recipient, and on the list of what to take away."""
    parcel = own(draft.state, id, carrier)
    if parcel is None:
        return Refusal.PARCEL_UNKNOWN
    if parcel.custody is Custody.EXPECTED:
        return Refusal.NOT_STORED
    return _not_now(draft, parcel) or withdraw(draft, parcel, RECALLED)


def redirect(draft: Draft, command: RedirectParcel, carrier: CarrierId | None) -> Refusal | None:
    """It is to go to another locker, or where its carrier knows: refused at the scan, or called back."""
    parcel = own(draft.state, command.parcel, carrier)
    return Refusal.PARCEL_UNKNOWN if parcel is None else send_elsewhere(draft, parcel, command.locker)


def send_elsewhere(draft: Draft, parcel: Parcel, locker: LockerId | None) -> Refusal | None:
    """The same for a parcel that is known; `locker` None for where its carrier knows."""
    inside = parcel.custody is not Custody.EXPECTED
    refusal = _not_now(draft, parcel) if inside else None
    if refusal is not None:
        return refusal
    draft.record(ev.ParcelRedirected(parcel=parcel.id, locker=locker))
    return withdraw(draft, draft.state.parcels[parcel.id], REDIRECTED) if inside else None


def call_back(draft: Draft, parcel: Parcel) -> Refusal | None:
    """Its recipient wants it brought, or sent back, and not kept here."""
    return _not_now(draft, parcel) or withdraw(draft, parcel, ANSWERED)


def withdraw(draft: Draft, parcel: Parcel, reason: str | None) -> Refusal | None:
    """No code and no pass opens its door from here on, and its recipient is told."""
    if parcel.cancelled:
        return None
    pickup = draft.state.pickups.get(parcel.pickup) if parcel.pickup is not None else None
    draft.record(ev.ParcelCancelled(parcel=parcel.id, stored=True, reason=reason))
    spend(draft, pickup, "cancelled")
    request(draft, draft.state.parcels[parcel.id], NoticeKind.RECALLED, reason=reason)
    return None


def keep_out_late(draft: Draft, parcel: Parcel) -> None:
    """Something is known now by which a plan would have kept this stored parcel out: a person has to see to it."""
    if parcel.custody is not Custody.STORED or parcel.cancelled or _not_now(draft, parcel) is not None:
        return
    if _was_never_meant_for_here(plan_now(draft, parcel, ())):
        withdraw(draft, parcel, REFUSED)
        draft.record(ev.LadderStep(parcel=parcel.id, action=Action.OPERATOR.value, compartment=parcel.compartment))


def _was_never_meant_for_here(made: Plan) -> bool:
    return made.refuse in _BY_RULES and made.rules != (NO_RULE,)


def _not_now(draft: Draft, parcel: Parcel) -> Refusal | None:
    """A door that moves for somebody is not shut in their face."""
    if parcel.custody is Custody.DEPOSITING:
        return Refusal.BUSY
    compartment = certain(parcel.compartment, "the compartment of a stored parcel")
    return Refusal.BUSY if is_moving(draft.state.compartments[compartment]) else None
