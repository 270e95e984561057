"""What a recipient says of a parcel once its door is shut."""

import pytest
from support.locker_heart import A02, A03, MINUTE_MS, SECOND_MS
from support.locker_in_hand import NORTH, RECIPIENT, SOUTH, LockerInHand, is_refused, norths

from controller.domain import events as ev
from controller.domain.allocation import is_free, status
from controller.domain.answers import CommandAnswer, DoorUnlocked, Noted
from controller.domain.claims import Claim, frozen_records
from controller.domain.commands import SettleDispute, UnblockCompartment
from controller.domain.ids import SessionId
from controller.domain.refusals import Refusal
from controller.domain.state import Status

P1 = norths("P1")
ANOTHER = SessionId("another-visit")


@pytest.fixture
def taken(locker: LockerInHand) -> LockerInHand:
    """P1 was in A02, whose door has just been shut."""
    assert locker.deposit(1) == A02
    locker.type_code(locker.code_of(1))
    locker.closes(A02)
    return locker


@pytest.mark.parametrize("claim", [Claim.EMPTY, Claim.NOT_MINE])
def test_a_dispute_is_proven_names_its_evidence_and_keeps_everybody_out(taken: LockerInHand, claim: Claim) -> None:
    assert taken.claim(A02, claim) == Noted()
    disputed = taken.last(ev.CustodyDisputed)
    assert disputed.PROVEN
    assert (disputed.parcel, disputed.compartment, disputed.carrier, disputed.claim) == (P1, A02, NORTH, claim)
    named = [taken.history[sequence - 1][1].NAME for sequence in disputed.records]
    deposit = ["unlock.authorised", "door.opened", "door.closed", "custody.stored"]
    assert named == [*deposit, "unlock.authorised", "door.opened", "door.closed", "custody.collected"]
    assert taken[A02].quarantine == "disputed"
    taken.pass_ms(2 * MINUTE_MS)
    assert not is_free(taken[A02], taken.at.mono, taken.policy)


def test_its_evidence_is_frozen_until_somebody_has_settled_it(taken: LockerInHand) -> None:
    taken.claim(A02, Claim.EMPTY)
    records = taken.last(ev.CustodyDisputed).records
    assert frozen_records(taken.state.disputes).issuperset(records)
    taken.operate(UnblockCompartment(compartment=A02))
    taken.restart()
    assert P1 in taken.state.disputes, "that somebody has looked inside settles nothing"
    assert taken.operate(SettleDispute(parcel=P1)) == CommandAnswer("executed")
    assert not taken.state.disputes
    assert taken.operate(SettleDispute(parcel=P1)).reason == "parcel_unknown"


def test_said_twice_it_is_one_dispute(taken: LockerInHand) -> None:
    taken.claim(A02, Claim.EMPTY)
    taken.claim(A02, Claim.NOT_MINE)
    assert len(taken.all(ev.CustodyDisputed)) == 1


def test_the_wrong_parcel_may_be_put_back(taken: LockerInHand) -> None:
    taken.claim(A02, Claim.NOT_MINE)
    assert taken.reopen(A02) == DoorUnlocked((A02,))
    taken.closes(A02)
    assert taken[A02].quarantine == "disputed"


def test_damage_is_recorded_and_the_compartment_given_out_again(taken: LockerInHand) -> None:
    assert taken.claim(A02, Claim.DAMAGED) == Noted()
    assert taken.all(ev.CustodyDamaged) == [ev.CustodyDamaged(parcel=P1, compartment=A02, carrier=NORTH)]
    assert not taken.state.disputes
    taken.pass_ms(MINUTE_MS)
    assert is_free(taken[A02], taken.at.mono, taken.policy)


def test_what_was_left_inside_is_fetched_at_once(taken: LockerInHand) -> None:
    assert taken.claim(A02, Claim.LEFT_BEHIND) == DoorUnlocked((A02,))
    assert status(taken[A02], taken.state) is Status.OCCUPIED
    taken.closes(A02)
    assert not taken[A02].left_behind
    taken.leave(RECIPIENT)
    assert taken[A02].quarantine is None


def test_behind_a_door_that_jams_it_stays_theirs_beyond_the_minute(taken: LockerInHand) -> None:
    taken.jam(A02)
    taken.claim(A02, Claim.LEFT_BEHIND)
    taken.pass_ms(2 * MINUTE_MS)
    assert not is_free(taken[A02], taken.at.mono, taken.policy)
    taken.jam(A02, False)
    assert taken.reopen(A02) == DoorUnlocked((A02,))


def test_who_leaves_without_it_leaves_it_to_somebody_who_looks(taken: LockerInHand) -> None:
    taken.jam(A02)
    taken.claim(A02, Claim.LEFT_BEHIND)
    taken.pass_ms(11 * SECOND_MS)
    taken.leave(RECIPIENT)
    assert taken[A02].quarantine == "left_behind"
    taken.operate(UnblockCompartment(compartment=A02))
    taken.pass_ms(3 * MINUTE_MS)
    assert is_free(taken[A02], taken.at.mono, taken.policy)


@pytest.mark.parametrize("claim", Claim)
def test_nothing_is_heard_from_others_of_other_doors_or_too_late(taken: LockerInHand, claim: Claim) -> None:
    known = len(taken.history)
    assert is_refused(taken.claim(A02, claim, ANOTHER), Refusal.REOPEN_OVER)
    assert is_refused(taken.claim(A03, claim), Refusal.REOPEN_OVER)
    taken.pass_ms(MINUTE_MS)
    assert is_refused(taken.claim(A02, claim), Refusal.REOPEN_OVER)
    assert len(taken.history) == known


def test_nothing_is_heard_while_the_parcel_is_still_inside(locker: LockerInHand) -> None:
    locker.deposit(1)
    locker.type_code(locker.code_of(1))
    assert is_refused(locker.claim(A02, Claim.EMPTY), Refusal.REOPEN_OVER)


def test_a_carrier_settles_no_dispute(taken: LockerInHand) -> None:
    taken.claim(A02, Claim.EMPTY)
    taken.command(SettleDispute(parcel=P1), carrier=SOUTH)
    assert P1 in taken.state.disputes
