"""The carrier's app at the screen: a signed command that echoes what the screen shows opens one parcel's door."""

from dataclasses import replace

from controller.domain import events as ev
from controller.domain.answers import Refused
from controller.domain.certain import certain
from controller.domain.cycles import is_moving
from controller.domain.decide.draft import Draft
from controller.domain.decide.driving import visit_of
from controller.domain.decide.handing_out import hand_out, is_at_another_door, why_nothing
from controller.domain.decide.withdrawing import own
from controller.domain.ids import CarrierId, Jti, ParcelId, SessionId
from controller.domain.outcomes import EVIDENCE_WANTED, OPENING
from controller.domain.refusals import Refusal


def authorise_pickup(
    draft: Draft, id: ParcelId, carrier: CarrierId | None, session: SessionId | None, jti: Jti | None
) -> Refusal | None:
    """Let whoever is at the screen to this parcel, and to no other of its pickup."""
    if session is None:
        return Refusal.NOT_PRESENT
    if visit_of(draft.state, session) is not None:
        return Refusal.BUSY
    parcel = own(draft.state, id, carrier)
    if parcel is None:
        return Refusal.PARCEL_UNKNOWN
    if parcel.pickup is None:
        return Refusal.NOT_STORED
    only = replace(draft.state.pickups[parcel.pickup], parcels=(id,))
    if why_nothing(draft, only) is not None:
        return Refusal.NOT_HANDED_OUT
    if is_at_another_door(draft.state, session, parcel.compartment):
        return Refusal.DOOR_OPEN
    accepted = ev.AppAccepted(
        pickup=only.id, parcel=id, session=session, jti=certain(jti, "the name of a command from afar")
    )
    answer = hand_out(draft, only, session, "app", accepted).answer
    return answer.reason if isinstance(answer, Refused) else None


def what_came_of_it(draft: Draft, id: ParcelId) -> str:
    """Whether the door of this parcel, whose recipient was let in, is on its way, or waits for more evidence."""
    compartment = draft.state.compartments[certain(draft.state.parcels[id].compartment, "where a stored parcel is")]
    return OPENING if is_moving(compartment) else EVIDENCE_WANTED
