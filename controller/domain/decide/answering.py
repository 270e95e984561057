"""What recipients want done with their parcels, once they were asked or of their own accord."""

from dataclasses import replace
from typing import assert_never

from controller.domain import events as ev
from controller.domain.commands import AnswerForRecipient
from controller.domain.decide.draft import Draft
from controller.domain.decide.extending import extend_as_offered
from controller.domain.decide.preferring import change_for, wanted_for
from controller.domain.decide.withdrawing import call_back, keep_out_late, own, send_elsewhere
from controller.domain.ids import CarrierId
from controller.domain.notices import Reply
from controller.domain.preferences import Instructions
from controller.domain.refusals import Refusal
from controller.domain.state import Custody, Parcel


def answer(draft: Draft, command: AnswerForRecipient, carrier: CarrierId | None, seed: str) -> Refusal | None:
    """Put the answer on record and do what it says; what cannot be done is refused, and the answer stands all the
    same.
    """
    parcel = own(draft.state, command.parcel, carrier)
    if parcel is None:
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
    return _do(draft, parcel, command, seed)


def _do(draft: Draft, parcel: Parcel, command: AnswerForRecipient, seed: str) -> Refusal | None:
    match command.answer:
        case Reply.LOCKER | Reply.NOT_THE_LOCKER:
            known = wanted_for(draft.state, parcel.id) or Instructions(confirmed_at=draft.at.wall)
            locker = command.answer is Reply.LOCKER
            change_for(draft, parcel, replace(known, confirmed_at=draft.at.wall, locker=locker), seed)
            keep_out_late(draft, parcel)
            return None
        case Reply.EXTEND:
            return extend_as_offered(draft, parcel, command.hold_s)
        case Reply.OTHER_LOCKER:
            return send_elsewhere(draft, parcel, command.locker)
        case Reply.REDELIVER | Reply.RETURN:
            return None if parcel.custody is Custody.EXPECTED else call_back(draft, parcel)
        case Reply.COMING:
            return None
        case _:
            assert_never(command.answer)
