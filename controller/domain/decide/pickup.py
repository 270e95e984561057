"""The recipient at the screen: a code or a pass opens the pickup's doors, and is spent when the last has closed."""

from dataclasses import replace
from hmac import compare_digest

from controller.domain import events as ev
from controller.domain.allowance import after_wrong_code, next_try_s, tries_left
from controller.domain.answers import DoorUnlocked, Refused
from controller.domain.certain import certain
from controller.domain.cycles import is_moving, why_not_unlocked
from controller.domain.decide.draft import Decision, Draft
from controller.domain.decide.evidence import of_pickup
from controller.domain.decide.handing_out import authorise, hand_out, is_at_another_door, openings_used_up, why_nothing
from controller.domain.decide.seconds import freeze, why_second
from controller.domain.decide.spending import spend
from controller.domain.delegates import Delegation, delegation_by, delegation_of
from controller.domain.ids import CodeHmac, MonoMs, ParcelId, PickupId, Purpose, SessionId
from controller.domain.inputs import CodeTyped, PassRejected, PassShown, ReopenAsked, TriesBackedOff
from controller.domain.naming import pass_key
from controller.domain.periods import is_within
from controller.domain.refusals import Refusal
from controller.domain.state import Compartment, Parcel, Pickup, State


def type_code(draft: Draft, typed: CodeTyped) -> Decision:
    """A code was typed. A right one costs nothing of the allowance; with none left, nothing is looked at."""
    due, now = draft.state.tries_due, draft.at.mono
    if tries_left(due, now, draft.policy) == 0:
        wait = Refused(Refusal.TOO_MANY_TRIES, next_try_s(due, now, draft.policy))
        return draft.count(TriesBackedOff(), wait)
    pickup, delegation = _pickup_of(draft.state, typed.code), delegation_by(draft.state.delegations, typed.code)
    if delegation is not None:
        return _delegate_typed(draft, typed, delegation)
    if pickup is None:
        return _wrong_code(draft, typed.session, "unknown")
    why = why_nothing(draft, pickup)
    if why is not None:
        return _wrong_code(draft, typed.session, why)
    why = why_second(draft, pickup, typed.second)
    if why is not None:
        return _wrong_code(draft, typed.session, why, pickup)
    return hand_out(draft, pickup, typed.session, "code", ev.CodeAccepted(pickup=pickup.id, session=typed.session))


def _delegate_typed(draft: Draft, typed: CodeTyped, by: Delegation) -> Decision:
    """Opens that one parcel, whatever else waits with it."""
    parcel = draft.state.parcels[by.parcel]
    pickup = draft.state.pickups[certain(parcel.pickup, "the pickup of a delegate's parcel")]
    only = replace(pickup, parcels=(parcel.id,))
    why = why_nothing(draft, only)
    if why is not None:
        return _wrong_code(draft, typed.session, why)
    accepted = ev.CodeAccepted(pickup=pickup.id, session=typed.session, parcel=parcel.id, delegate=by.delegate)
    return hand_out(draft, only, typed.session, "code", accepted)


def show_pass(draft: Draft, shown: PassShown) -> Decision:
    """A pass with a good signature was shown."""
    invalid = draft.refuse(Refusal.PASS_INVALID).answer
    if not is_within(draft.at, shown.not_before, shown.expires_at, draft.policy.clock_skew_ms):
        return draft.count(PassRejected("expired"), invalid)
    pickup = _pickup_with(draft.state, shown.parcel)
    if pickup is None or pickup.carrier != shown.carrier:
        return draft.count(PassRejected("no_parcel"), invalid)
    if pass_key(shown.carrier, shown.jti) in draft.state.passes and shown.jti not in pickup.passes:
        return draft.count(PassRejected("spent"), invalid)
    named = shown.delegate
    if named is not None and delegation_of(draft.state.delegations, shown.parcel, named) is None:
        return draft.count(PassRejected("no_delegate"), invalid)
    only = pickup if named is None else replace(pickup, parcels=(shown.parcel,))
    if why_nothing(draft, only) is not None:
        return draft.count(PassRejected("not_available"), invalid)
    accepted = ev.PassAccepted(
        pickup=pickup.id,
        session=shown.session,
        jti=shown.jti,
        expires_at=shown.expires_at,
        parcel=shown.parcel if named is not None else None,
        delegate=named,
    )
    return hand_out(draft, only, shown.session, "pass", accepted)


def reopen(draft: Draft, asked: ReopenAsked) -> Decision:
    """The recipient wants the door again, within the reopen window of their own visit."""
    compartment = draft.state.compartments.get(asked.compartment)
    if compartment is None or compartment.rests_for != asked.session:
        return draft.refuse(Refusal.REOPEN_OVER)
    if compartment.rests_until <= draft.at.mono and not compartment.left_behind:
        return draft.refuse(Refusal.REOPEN_OVER)
    if is_moving(compartment):
        return draft.answer(DoorUnlocked((compartment.id,)))
    refusal = why_not_unlocked(draft.state, compartment)
    if refusal is not None:
        return draft.refuse(refusal)
    if is_at_another_door(draft.state, asked.session, compartment.id):
        return draft.refuse(Refusal.DOOR_OPEN)
    if openings_used_up(draft, compartment):
        return draft.refuse(Refusal.TOO_MANY_OPENINGS)
    authorise(draft, compartment, Purpose.REOPEN, None, asked.session)
    return draft.answer(DoorUnlocked((compartment.id,)))


def complete(draft: Draft, compartment: Compartment, parcel: Parcel) -> None:
    """The door was seen to open and close after an authorised unlock: the parcel is collected and its code spent."""
    cycle = certain(compartment.cycle, "the cycle of a collected parcel's door")
    pickup = draft.state.pickups[certain(parcel.pickup, "the pickup of a stored parcel")]
    draft.record(
        ev.CustodyCollected(
            parcel=parcel.id,
            compartment=compartment.id,
            pickup=pickup.id,
            carrier=parcel.carrier,
            actor=cycle.role,
            session=cycle.session,
            evidence=of_pickup(parcel),
            opened_mono=cycle.opened,
            closed_mono=draft.at.mono,
            rests_until=MonoMs(draft.at.mono + draft.policy.reopen_ms),
            waiting=len(pickup.parcels) - 1,
            rules=parcel.rules,
        )
    )
    spend(draft, pickup, "collected")


def _pickup_with(state: State, parcel: ParcelId) -> Pickup | None:
    """The pickup that this parcel belongs to, or left a while ago."""
    found = (pickup for pickup in state.pickups.values() if parcel in pickup.parcels or parcel in pickup.left)
    return next(found, None)


def _pickup_of(state: State, code: CodeHmac) -> Pickup | None:
    pickup = state.pickups.get(state.codes.get(code, PickupId("")))
    if pickup is None or pickup.code is None or not compare_digest(pickup.code, code):
        return None
    return pickup


def _wrong_code(draft: Draft, session: SessionId, why: str, pickup: Pickup | None = None) -> Decision:
    due = after_wrong_code(draft.state.tries_due, draft.at.mono, draft.policy)
    id = pickup.id if pickup is not None else None
    draft.record(ev.CodeRefused(session=session, why=why, tries_due=due, pickup=id))
    if pickup is not None:
        freeze(draft, pickup)
    left = tries_left(due, draft.at.mono, draft.policy)
    if left == 0:
        draft.record(ev.SecurityGuessing())
    wait = next_try_s(due, draft.at.mono, draft.policy)
    return draft.refuse(Refusal.CODE_INVALID, retry_after_s=wait)
