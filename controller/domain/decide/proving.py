"""What the person at the screen has to give besides their code, before a door opens: a PIN, a signature."""

from hmac import compare_digest

from controller.domain import events as ev
from controller.domain.allowance import after_wrong_code, next_try_s, tries_left
from controller.domain.answers import PinSent, Refused
from controller.domain.decide.draft import Decision, Draft
from controller.domain.decide.handing_out import next_door
from controller.domain.evidence import Pin, days_after
from controller.domain.ids import MINUTE_MS, MonoMs, ParcelId, WallMs
from controller.domain.inputs import FreshPinTyped, NextDoorAsked, PinAsked, SignatureGiven, TriesBackedOff
from controller.domain.preferences import Channel
from controller.domain.recipient_visit import RecipientVisit
from controller.domain.refusals import Refusal
from controller.domain.rules import Evidence

WRONG_PINS = 5
"""So many wrong ones make a PIN void."""
ASK_AGAIN_MS = MINUTE_MS
"""A PIN may take so long to come; asking again sooner only sends more of them."""


def ask_pin(draft: Draft, asked: PinAsked) -> Decision:
    """Have the carrier send a PIN, by another way than the code went."""
    visit = draft.state.recipient
    if visit is None or visit.session != asked.session:
        return draft.refuse(Refusal.NOTHING_WAITING)
    known = _live_pin(draft, visit)
    if known is not None:
        wait_ms = (known.until if known.hmac is None else known.asked + ASK_AGAIN_MS) - draft.at.mono
        if wait_ms > 0:
            return draft.refuse(Refusal.PIN_VOID if known.hmac is None else Refusal.PIN_SENT, retry_after_s=_s(wait_ms))
    if asked.fresh is None or asked.fresh.pickup != visit.pickup:
        return draft.refuse(Refusal.CARRIER_DEAF)
    until = MonoMs(draft.at.mono + draft.policy.fresh_pin_ms)
    draft.record(
        ev.PinRequested(
            parcel=visit.parcels[0],
            pickup=visit.pickup,
            session=visit.session,
            expires_at=WallMs(draft.at.wall + draft.policy.fresh_pin_ms),
            until=until,
            pin_jwe=asked.fresh.jwe,
            not_by=_ways_of_the_code(draft, visit.parcels),
            pin_hmac=asked.fresh.hmac,
        )
    )
    return draft.answer(PinSent(until))


def type_pin(draft: Draft, typed: FreshPinTyped) -> Decision:
    """A PIN was typed. A right one is spent and costs nothing of the allowance; wrong ones cost as wrong codes do."""
    visit = draft.state.recipient
    if visit is None or visit.session != typed.session:
        return draft.refuse(Refusal.NOTHING_WAITING)
    due, now = draft.state.tries_due, draft.at.mono
    if tries_left(due, now, draft.policy) == 0:
        wait = Refused(Refusal.TOO_MANY_TRIES, next_try_s(due, now, draft.policy))
        return draft.count(TriesBackedOff(), wait)
    pin = _live_pin(draft, visit)
    if pin is not None and pin.hmac is not None and compare_digest(pin.hmac, typed.pin):
        draft.record(ev.PinAccepted(pickup=visit.pickup, session=visit.session))
        return next_door(draft, NextDoorAsked(visit.session))
    return _wrong_pin(draft, visit, pin)


def sign(draft: Draft, given: SignatureGiven) -> Decision:
    """The person has signed; the picture lies encrypted on the disk already."""
    visit = draft.state.recipient
    if visit is None or visit.session != given.session:
        return draft.refuse(Refusal.NOTHING_WAITING)
    if Evidence.SIGNATURE in visit.given:
        return next_door(draft, NextDoorAsked(visit.session))
    draft.record(
        ev.RecipientSigned(
            pickup=visit.pickup,
            session=visit.session,
            carrier=visit.carrier,
            parcels=visit.parcels,
            file=given.kept.file,
            sha256=given.kept.sha256,
            kept_until=days_after(draft.at.wall, draft.policy.signature_days),
            salt=given.kept.salt,
        )
    )
    return next_door(draft, NextDoorAsked(visit.session))


def _wrong_pin(draft: Draft, visit: RecipientVisit, pin: Pin | None) -> Decision:
    why, left = "expired", 0
    if pin is not None:
        why, left = ("void", 0) if pin.hmac is None else ("wrong", WRONG_PINS - 1 - pin.wrong)
    due = after_wrong_code(draft.state.tries_due, draft.at.mono, draft.policy)
    draft.record(
        ev.PinRefused(
            pickup=visit.pickup,
            session=visit.session,
            why=why,
            left=left,
            tries_due=due,
        )
    )
    if tries_left(due, draft.at.mono, draft.policy) == 0:
        draft.record(ev.SecurityGuessing())
    if left:
        return draft.refuse(Refusal.PIN_WRONG)
    return draft.refuse(Refusal.PIN_EXPIRED if pin is None else Refusal.PIN_VOID)


def _live_pin(draft: Draft, visit: RecipientVisit) -> Pin | None:
    pin = draft.state.pins.get(visit.pickup)
    return pin if pin is not None and draft.at.mono < pin.until else None


def _ways_of_the_code(draft: Draft, parcels: tuple[ParcelId, ...]) -> tuple[Channel, ...]:
    """Every channel that the code may have gone by, whether or not it is known to have arrived."""
    notices = [draft.state.notices[id] for id in parcels if id in draft.state.notices]
    ways = [way for notice in notices for way in (*notice.tried, notice.channel) if way is not None]
    return tuple(dict.fromkeys(ways))


def _s(ms: int) -> int:
    return -(-ms // 1000)
