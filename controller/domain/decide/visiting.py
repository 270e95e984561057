"""The recipient's visit as a whole: when it ends."""

from controller.domain import events as ev
from controller.domain.claims import LEFT_BEHIND
from controller.domain.decide.draft import Draft
from controller.domain.ids import SessionId


def leave(draft: Draft, session: SessionId, reason: str) -> None:
    """This session's recipient has left the screen; what they did not collect waits on."""
    visit = draft.state.recipient
    if visit is not None and visit.session == session:
        end(draft, reason)


def end(draft: Draft, reason: str) -> None:
    """Whoever was let in is no longer at the screen."""
    visit = draft.state.recipient
    if visit is not None:
        draft.record(ev.RecipientLeft(pickup=visit.pickup, session=visit.session, reason=reason))
        for compartment in list(draft.state.compartments.values()):
            if compartment.left_behind and compartment.rests_for == visit.session:
                draft.record(ev.CompartmentQuarantined(compartment=compartment.id, reason=LEFT_BEHIND))
