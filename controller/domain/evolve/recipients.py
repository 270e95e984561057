"""What lets a recipient in, and what their visit remembers until they leave."""

from dataclasses import replace

from controller.domain import events as ev
from controller.domain.evolve.evidence import signed
from controller.domain.evolve.notifications import answered
from controller.domain.ids import ParcelId, Purpose
from controller.domain.recipient_visit import KnownWishes, RecipientVisit, Taken
from controller.domain.stamp import Stamp
from controller.domain.state import KeptPreferences, Parcel, State


def evolve_recipients(state: State, event: ev.Event, stamp: Stamp) -> State:
    """The state after an event of the recipient at the screen."""
    match event:
        case ev.RecipientLeft():
            return replace(state, recipient=None)
        case ev.RecipientSigned():
            return signed(state, event)
        case ev.RecipientAnswered():
            return answered(state, event)
        case _:
            return state


def let_in(
    state: State,
    accepted: ev.CodeAccepted | ev.PassAccepted | ev.AppAccepted,
    means: str,
    only: tuple[ParcelId, ...] | None = None,
) -> State:
    """The state with this recipient at the screen, let to all of their pickup or to these `only`; who is let in again
    goes on where they were.
    """
    visit, pickup = state.recipient, state.pickups[accepted.pickup]
    parcels = pickup.parcels if only is None else only
    delegate = None if isinstance(accepted, ev.AppAccepted) else accepted.delegate
    whose = (accepted.session, accepted.pickup, delegate)
    if visit is not None and (visit.session, visit.pickup, visit.delegate) == whose:
        counted = dict.fromkeys((*(taken.parcel for taken in visit.taken), *parcels))
        return replace(state, recipient=replace(visit, means=means, parcels=tuple(counted)))
    begun = RecipientVisit(accepted.session, pickup.id, pickup.carrier, means, parcels, delegate=delegate)
    return replace(state, recipient=begun)


def unlocked(state: State, event: ev.UnlockAuthorised) -> State:
    """The state that remembers which of the visit's doors was unlocked last."""
    visit = state.recipient
    if visit is None or event.purpose is not Purpose.PICKUP or event.parcel not in visit.parcels:
        return state
    others = tuple(parcel for parcel in visit.tried if parcel != event.parcel)
    return replace(state, recipient=replace(visit, tried=(*others, ParcelId(event.parcel))))


def collected(state: State, event: ev.CustodyCollected) -> State:
    """The state that remembers what the visit has taken."""
    visit = state.recipient
    if visit is None or event.parcel not in visit.parcels:
        return state
    records = (*state.parcels[event.parcel].records, state.sequence)
    taken = Taken(event.parcel, event.compartment, event.carrier, records)
    wishes = _known(state, state.parcels[event.parcel], visit.wishes)
    return replace(state, recipient=replace(visit, taken=(*visit.taken, taken), wishes=wishes))


def wishes_told(state: State, event: ev.PreferenceChanged) -> State:
    """The state in which the recipient at the screen has said what they want."""
    visit = state.recipient
    if visit is None or visit.wishes is None:
        return state
    known = visit.wishes
    before = known.preferences.confirmed_at if known.preferences is not None else None
    told = replace(
        known,
        preferences=event.preferences,
        stale=known.stale and event.preferences.confirmed_at == before,
        bounced=known.bounced if event.contact_jwe is None else (),
    )
    return replace(state, recipient=replace(visit, wishes=told))


def _known(state: State, parcel: Parcel, before: KnownWishes | None) -> KnownWishes:
    """What is known of whoever this parcel is for, and of those it was collected with, before it is forgotten."""
    theirs = [k for k in state.preferences.values() if k.carrier == parcel.carrier and _is_of(k, parcel)]
    kept = min(theirs, key=lambda each: each.parcel is None, default=None)
    notice = state.notices.get(parcel.id)
    bounced = (*(before.bounced if before is not None else ()), *(notice.bounced if notice is not None else ()))
    if kept is None and before is not None:
        return replace(before, bounced=tuple(dict.fromkeys(bounced)))
    return KnownWishes(
        parcel=parcel.id,
        recipient=parcel.recipient,
        preferences=kept.preferences if kept is not None else None,
        stale=kept is not None and kept.stale,
        bounced=tuple(dict.fromkeys(bounced)),
    )


def _is_of(kept: KeptPreferences, parcel: Parcel) -> bool:
    return kept.parcel == parcel.id or (kept.recipient is not None and kept.recipient == parcel.recipient)
