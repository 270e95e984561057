"""What a driver has to have read before the first parcel is confirmed."""

from controller.domain import events as ev
from controller.domain.answers import Noted
from controller.domain.decide import signing_in
from controller.domain.decide.checklist_due import is_due
from controller.domain.decide.draft import Decision, Draft
from controller.domain.ids import SessionId
from controller.domain.refusals import Refusal


def read_it(draft: Draft, session: SessionId) -> Decision:
    """The driver says so."""
    visit = signing_in.admitted(draft, session)
    if isinstance(visit, Refusal):
        return draft.refuse(visit)
    if is_due(draft, visit):
        draft.record(
            ev.DriverChecklistDone(
                session=session, driver=visit.driver, carrier=visit.carrier, version=draft.policy.checklist
            )
        )
    return draft.answer(Noted())
