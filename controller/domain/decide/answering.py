"""What recipients want done with their parcels, once they were asked or of their own accord."""

from dataclasses import replace

from controller.domain import events as ev
from controller.domain.commands import AnswerForRecipient
from controller.domain.decide.draft import Draft
from controller.domain.decide.preferring import change_for, wanted_for
from controller.domain.ids import CarrierId
from controller.domain.notices import Reply
from controller.domain.preferences import Instructions
from controller.domain.refusals import Refusal

_INTO_LOCKER = {Reply.LOCKER: True, Reply.NOT_THE_LOCKER: False}


def answer(draft: Draft, command: AnswerForRecipient, carrier: CarrierId | None, seed: str) -> Refusal | None:
    """Put the answer on record and do what it says."""
    parcel = draft.state.parcels.get(command.parcel)
    if parcel is None or carrier not in (None, parcel.carrier):
        return Refusal.PARCEL_UNKNOWN
    draft.record(
        ev.RecipientAnswered(
            parcel=parcel.id,
            answer=command.answer,
            notice=command.notice,
            hold_s=command.hold_s,
            locker=command.locker,
        )
    )
    locker = _INTO_LOCKER.get(command.answer)
    if locker is not None:
        known = wanted_for(draft.state, parcel.id) or Instructions(confirmed_at=draft.at.wall)
        change_for(draft, parcel, replace(known, confirmed_at=draft.at.wall, locker=locker), seed)
    return None
