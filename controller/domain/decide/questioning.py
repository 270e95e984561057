"""The driver would rather ask: the recipient is, through the carrier, while the plan is on the screen."""

from controller.domain.answers import Asked
from controller.domain.decide import signing_in
from controller.domain.decide.draft import Decision, Draft
from controller.domain.decide.notifying import request
from controller.domain.inputs import RecipientQuestioned
from controller.domain.notices import NoticeKind
from controller.domain.refusals import Refusal


def ask_recipient(draft: Draft, asked: RecipientQuestioned) -> Decision:
    """Once for each parcel; an answer changes the plan, and nobody need wait for one."""
    visit = signing_in.admitted(draft, asked.session)
    if isinstance(visit, Refusal):
        return draft.refuse(visit)
    if visit.parcel is None:
        return draft.refuse(Refusal.NOTHING_TO_CONFIRM)
    if not asked.heard:
        return draft.refuse(Refusal.CARRIER_DEAF)
    parcel, before = draft.state.parcels[visit.parcel], draft.state.notices.get(visit.parcel)
    if parcel.unannounced:
        return draft.refuse(Refusal.PARCEL_UNKNOWN)
    if before is not None and before.kind is NoticeKind.QUESTION:
        return draft.refuse(Refusal.ALREADY_ASKED)
    request(draft, parcel, NoticeKind.QUESTION)
    return draft.answer(Asked(parcel.id))
