"""The recipient at the screen: a code or a pass opens the pickup's door, and is spent when the door has closed."""

from hmac import compare_digest

from controller.domain import events as ev
from controller.domain.allowance import after_wrong_code, next_try_s, tries_left
from controller.domain.answers import DoorUnlocked, Refused
from controller.domain.audit import NOT_HANDED_OUT
from controller.domain.certain import certain
from controller.domain.cycles import is_moving, is_open, why_not_unlocked
from controller.domain.decide import visiting
from controller.domain.decide.draft import Decision, Draft
from controller.domain.ids import CodeHmac, MonoMs, PickupId, Purpose, Role, SessionId
from controller.domain.inputs import CodeTyped, PassRejected, PassShown, ReopenAsked, TriesBackedOff
from controller.domain.refusals import Refusal
from controller.domain.rules import is_met
from controller.domain.state import Compartment, Custody, Parcel, Pickup, State


def type_code(draft: Draft, typed: CodeTyped) -> Decision:
    """A code was typed. A right one costs nothing of the allowance; with none left, nothing is looked at."""
    due, now = draft.state.tries_due, draft.at.mono
    if tries_left(due, now, draft.policy) == 0:
        wait = Refused(Refusal.TOO_MANY_TRIES, next_try_s(due, now, draft.policy))
        return draft.count(TriesBackedOff(), wait)
    pickup = _pickup_of(draft.state, typed.code)
    if pickup is None:
        return _wrong_code(draft, typed.session, "unknown")
    why = _not_handed_out(draft, pickup)
    if why is not None:
        return _wrong_code(draft, typed.session, why)
    return _hand_out(draft, pickup, typed.session, "code", ev.CodeAccepted(pickup=pickup.id, session=typed.session))


def show_pass(draft: Draft, shown: PassShown) -> Decision:
    """A pass with a good signature was shown."""
    invalid = draft.refuse(Refusal.PASS_INVALID).answer
    if not shown.not_before - draft.policy.clock_skew_ms <= draft.at.wall <= shown.expires_at:
        return draft.count(PassRejected("expired"), invalid)
    parcel = draft.state.parcels.get(shown.parcel)
    pickup = draft.state.pickups.get(parcel.pickup) if parcel is not None and parcel.pickup is not None else None
    if parcel is None or pickup is None or parcel.carrier != shown.carrier:
        return draft.count(PassRejected("no_parcel"), invalid)
    if shown.jti in draft.state.passes and parcel.custody is not Custody.COLLECTING:
        return draft.count(PassRejected("spent"), invalid)
    if _not_handed_out(draft, pickup) is not None:
        return draft.count(PassRejected("not_available"), invalid)
    accepted = ev.PassAccepted(pickup=pickup.id, session=shown.session, jti=shown.jti, expires_at=shown.expires_at)
    return _hand_out(draft, pickup, shown.session, "pass", accepted)


def reopen(draft: Draft, asked: ReopenAsked) -> Decision:
    """The recipient wants the door again, within the reopen window of their own visit."""
    compartment = draft.state.compartments.get(asked.compartment)
    if compartment is None or compartment.rests_for != asked.session or compartment.rests_until <= draft.at.mono:
        return draft.refuse(Refusal.REOPEN_OVER)
    if is_moving(compartment):
        return draft.answer(DoorUnlocked((compartment.id,)))
    refusal = why_not_unlocked(draft.state, compartment)
    if refusal is not None:
        return draft.refuse(refusal)
    if _openings_used_up(draft, compartment):
        return draft.refuse(Refusal.TOO_MANY_OPENINGS)
    _authorise(draft, compartment, Purpose.REOPEN, None, asked.session)
    return draft.answer(DoorUnlocked((compartment.id,)))


def complete(draft: Draft, compartment: Compartment, parcel: Parcel) -> None:
    """The door was seen to open and close after an authorised unlock: the parcel is collected and its code spent."""
    cycle = certain(compartment.cycle, "the cycle of a collected parcel's door")
    pickup = draft.state.pickups[certain(parcel.pickup, "the pickup of a stored parcel")]
    obtained = (parcel.means or "code", "door_cycle")
    missing = tuple(name for name in parcel.evidence if not is_met(name, obtained))
    draft.record(
        ev.CustodyCollected(
            parcel=parcel.id,
            compartment=compartment.id,
            pickup=pickup.id,
            carrier=parcel.carrier,
            actor=cycle.role,
            evidence=ev.Evidence(obtained, missing),
            opened_mono=cycle.opened,
            closed_mono=draft.at.mono,
            rests_until=MonoMs(draft.at.mono + draft.policy.reopen_ms),
            rules=parcel.rules,
        )
    )
    if pickup.id not in draft.state.pickups and pickup.code is not None:
        draft.record(ev.PrivateErased(sequences=(pickup.issued_sequence,), reason="collected"))


def _pickup_of(state: State, code: CodeHmac) -> Pickup | None:
    pickup = state.pickups.get(state.codes.get(code, PickupId("")))
    if pickup is None or pickup.code is None or not compare_digest(pickup.code, code):
        return None
    return pickup


def _not_handed_out(draft: Draft, pickup: Pickup) -> str | None:
    parcels = [draft.state.parcels[id] for id in pickup.parcels]
    if any(parcel.cancelled or parcel.custody is Custody.REMOVING for parcel in parcels):
        return "not_available"
    expired = pickup.expires_at <= draft.at.wall
    return "expired" if expired and not draft.policy.collect_after_expiry else None


def _wrong_code(draft: Draft, session: SessionId, why: str) -> Decision:
    due = after_wrong_code(draft.state.tries_due, draft.at.mono, draft.policy)
    draft.record(ev.CodeRefused(session=session, why=why, tries_due=due))
    left = tries_left(due, draft.at.mono, draft.policy)
    if left == 0:
        draft.record(ev.SecurityGuessing())
    wait = next_try_s(due, draft.at.mono, draft.policy)
    return draft.refuse(Refusal.CODE_INVALID, retry_after_s=wait)


def _hand_out(
    draft: Draft, pickup: Pickup, session: SessionId, means: str, accepted: ev.CodeAccepted | ev.PassAccepted
) -> Decision:
    parcel = draft.state.parcels[pickup.parcels[0]]
    compartment = draft.state.compartments[certain(parcel.compartment, "the compartment of a stored parcel")]
    if compartment.blocked or compartment.quarantine in NOT_HANDED_OUT:
        return draft.refuse(Refusal.OUT_OF_SERVICE)
    if is_moving(compartment) and compartment.cycle is not None and compartment.cycle.purpose is not Purpose.PICKUP:
        return draft.refuse(Refusal.BUSY)
    under_way = _is_under_way(compartment, draft.at.boot)
    refusal = why_not_unlocked(draft.state, compartment)
    if not under_way and refusal is not None:
        return draft.refuse(refusal)
    if not under_way and _openings_used_up(draft, compartment):
        return draft.refuse(Refusal.TOO_MANY_OPENINGS)
    if draft.state.recipient is not None and draft.state.recipient.session != session:
        visiting.end(draft, "another")
    draft.record(
        accepted,
        ev.CustodyCollecting(
            parcel=parcel.id, compartment=compartment.id, pickup=pickup.id, session=session, means=means
        ),
    )
    if not under_way:
        _authorise(draft, compartment, Purpose.PICKUP, parcel, session)
    return draft.answer(DoorUnlocked((compartment.id,)))


def _is_under_way(compartment: Compartment, boot: int) -> bool:
    """Open, or about to: an unlock from before a restart may never have reached its board."""
    cycle = compartment.cycle
    return cycle is not None and is_moving(compartment) and (is_open(cycle) or cycle.boot == boot)


def _openings_used_up(draft: Draft, compartment: Compartment) -> bool:
    since = draft.at.mono - draft.policy.unlock_window_ms
    return sum(when > since for when in compartment.unlocks) >= draft.policy.unlocks_per_door


def _authorise(
    draft: Draft, compartment: Compartment, purpose: Purpose, parcel: Parcel | None, session: SessionId
) -> None:
    draft.record(
        ev.UnlockAuthorised(
            compartment=compartment.id,
            purpose=purpose,
            role=Role.RECIPIENT,
            parcel=parcel.id if parcel is not None else None,
            session=session,
        )
    )
