"""The recipient at the screen: what a code or a pass opens, and when it is spent."""

from dataclasses import replace

import pytest
from support.locker_heart import A01, A02, HOUR_MS, MINUTE_MS, SECOND_MS
from support.locker_in_hand import NORTH, RECIPIENT, SOUTH, WRONG_CODE, LockerInHand, is_refused, norths, unlocked
from support.policies import a_policy

from controller.domain import events as ev
from controller.domain import inputs
from controller.domain.allocation import is_free
from controller.domain.answers import Answer, DoorUnlocked, Refused
from controller.domain.commands import BlockCompartment, CancelParcel, UnblockCompartment, UnlockCompartment
from controller.domain.ids import Jti, Role, SessionId, WallMs
from controller.domain.refusals import Refusal
from controller.domain.rules import Rule
from controller.domain.state import Custody

P1 = norths("P1")
ANOTHER = SessionId("another-visit")
HOLD_MS = 2 * HOUR_MS


@pytest.fixture
def stored(locker: LockerInHand) -> LockerInHand:
    """P1 lies in A02 for two hours."""
    assert locker.deposit(1, hold_s=HOLD_MS // 1000) == A02
    return locker


def a_pass(locker: LockerInHand, not_before_ms: int = 0, expires_ms: int = HOUR_MS) -> inputs.PassShown:
    begins, ends = WallMs(locker.at.wall + not_before_ms), WallMs(locker.at.wall + expires_ms)
    return inputs.PassShown(RECIPIENT, Jti("pass"), NORTH, P1, begins, ends)


def test_a_whole_pickup_in_order(stored: LockerInHand) -> None:
    mark = len(stored.history)
    assert stored.type_code(stored.code_of(1)) == DoorUnlocked((A02,))
    stored.closes(A02)
    assert stored.names_since(mark) == [
        "code.accepted",
        "custody.collecting",
        "unlock.authorised",
        "unlock.reported",
        "door.opened",
        "door.closed",
        "custody.collected",
        "private.erased",
    ]
    assert P1 not in stored.state.parcels
    assert not stored.state.pickups
    assert not stored.state.codes


def test_what_is_signed_at_the_end(stored: LockerInHand) -> None:
    stored.type_code(stored.code_of(1))
    stored.pass_ms(20 * SECOND_MS)
    stored.closes(A02)
    collected = stored.last(ev.CustodyCollected)
    assert collected.PROVEN
    assert (collected.parcel, collected.compartment, collected.pickup) == (P1, A02, "north/P1")
    assert (collected.carrier, collected.actor) == (NORTH, Role.RECIPIENT)
    assert collected.evidence == ev.Evidence(("code", "door_cycle"), demanded=("code", "door_cycle"))
    assert collected.opened_mono is not None
    assert collected.closed_mono - collected.opened_mono > 20 * SECOND_MS
    assert collected.closed_mono == stored.at.mono
    assert collected.rests_until == stored.at.mono + MINUTE_MS
    issued = next(n for n, (_, e) in enumerate(stored.history, 1) if isinstance(e, ev.CodeIssued))
    assert stored.last(ev.PrivateErased) == ev.PrivateErased(sequences=(issued,), reason="collected")


def test_a_code_is_spent_at_the_collection_and_then_wrong(stored: LockerInHand) -> None:
    code = stored.code_of(1)
    stored.type_code(code)
    stored.closes(A02)
    assert is_refused(stored.type_code(code), Refusal.CODE_INVALID)
    assert stored.last(ev.CodeRefused).why == "unknown"


def test_wrong_expired_and_spent_answer_alike() -> None:
    locker = LockerInHand(a_policy(collect_after_expiry=False))
    id = locker.deposit(1, hold_s=HOLD_MS // 1000)
    locker.deposit(2, hold_s=300)
    spent, expired = locker.code_of(1), locker.code_of(2)
    locker.type_code(spent)
    locker.closes(id)
    locker.pass_ms(HOUR_MS)
    answers: set[Answer] = {locker.type_code(code) for code in (spent, expired, WRONG_CODE)}
    assert answers == {Refused(Refusal.CODE_INVALID)}
    assert [e.why for e in locker.all(ev.CodeRefused)] == ["unknown", "expired", "unknown"]


def test_expired_but_not_taken_away(stored: LockerInHand) -> None:
    stored.pass_ms(HOLD_MS)
    assert [(step.parcel, step.action, step.compartment) for step in stored.all(ev.LadderStep)] == [(P1, "expire", A02)]
    assert stored.state.parcels[P1].expired
    assert stored.type_code(stored.code_of(1)) == DoorUnlocked((A02,))
    stored.closes(A02)
    assert stored.all(ev.CustodyCollected)


def test_expired_where_the_policy_says_no() -> None:
    locker = LockerInHand(a_policy(collect_after_expiry=False))
    locker.deposit(1, hold_s=300)
    issued = locker.last(ev.CodeIssued)
    locker.pass_ms(issued.expires_at - locker.at.wall - 2)
    assert not locker.state.parcels[P1].expired
    locker.pass_ms(2)
    assert is_refused(locker.type_code(locker.code_of(1)), Refusal.CODE_INVALID)
    assert is_refused(locker.show_pass(P1), Refusal.PASS_INVALID)


def test_a_moment_before_expiry_the_code_is_good() -> None:
    locker = LockerInHand(a_policy(collect_after_expiry=False))
    locker.deposit(1, hold_s=300)
    locker.pass_ms(locker.last(ev.CodeIssued).expires_at - locker.at.wall - 2)
    assert isinstance(locker.type_code(locker.code_of(1)), DoorUnlocked)


def test_cancelled(stored: LockerInHand) -> None:
    stored.command(CancelParcel(parcel=P1))
    assert is_refused(stored.type_code(stored.code_of(1)), Refusal.CODE_INVALID)
    assert is_refused(stored.show_pass(P1), Refusal.PASS_INVALID)
    assert len(stored.all(ev.UnlockAuthorised)) == 1


def test_out_of_service(stored: LockerInHand) -> None:
    stored.operate(BlockCompartment(compartment=A02))
    assert is_refused(stored.type_code(stored.code_of(1)), Refusal.OUT_OF_SERVICE)
    stored.operate(UnblockCompartment(compartment=A02))
    assert isinstance(stored.type_code(stored.code_of(1)), DoorUnlocked)


def test_a_code_opens_its_own_door_only(stored: LockerInHand) -> None:
    other = stored.deposit(2)
    assert stored.type_code(stored.code_of(2)) == DoorUnlocked((other,))
    assert stored.state.parcels[P1].custody is Custody.STORED


# --- passes ---------------------------------------------------------------------------------------


def test_a_pass_opens_like_a_code(stored: LockerInHand) -> None:
    assert stored.show_pass(P1) == DoorUnlocked((A02,))
    stored.closes(A02)
    collected = stored.last(ev.CustodyCollected)
    assert collected.evidence == ev.Evidence(("pass", "door_cycle"), demanded=("code", "door_cycle"))
    assert not stored.state.codes, "the code is spent with it"


def test_a_pass_is_spent_like_a_code(stored: LockerInHand) -> None:
    stored.show_pass(P1)
    stored.closes(A02)
    stored.pass_ms(MINUTE_MS)
    stored.deposit(1)
    assert is_refused(stored.show_pass(P1), Refusal.PASS_INVALID)
    assert stored.counted[-1] == inputs.PassRejected("spent")
    assert isinstance(stored.show_pass(P1, jti="pass-2"), DoorUnlocked)


def test_a_pass_is_not_spent_while_the_parcel_is_inside(stored: LockerInHand) -> None:
    stored.jam(A02)
    stored.show_pass(P1)
    stored.pass_ms(11 * SECOND_MS)
    stored.jam(A02, False)
    assert stored.show_pass(P1) == DoorUnlocked((A02,))
    stored.closes(A02)
    assert stored.all(ev.CustodyCollected)


@pytest.mark.parametrize(
    ("not_before_ms", "expires_ms", "good"),
    [(60_000, HOUR_MS, True), (60_002, HOUR_MS, False), (-HOUR_MS, 1, True), (-HOUR_MS, 0, False)],
)
def test_a_pass_is_good_in_its_time(stored: LockerInHand, not_before_ms: int, expires_ms: int, good: bool) -> None:
    answer = stored.put(a_pass(stored, not_before_ms, expires_ms))
    assert isinstance(answer, DoorUnlocked) is good
    assert stored.counted == ([] if good else [inputs.PassRejected("expired")])


def test_a_pass_of_another_carrier_or_for_nothing_here(stored: LockerInHand) -> None:
    for answer in (stored.show_pass(P1, SOUTH), stored.show_pass(norths("P9"))):
        assert answer == Refused(Refusal.PASS_INVALID)
    stored.expect(2)
    assert is_refused(stored.show_pass(norths("P2"), jti="early"), Refusal.PASS_INVALID)
    assert {counted.why for counted in stored.counted if isinstance(counted, inputs.PassRejected)} == {"no_parcel"}


def test_spent_passes_are_remembered_until_they_expire(stored: LockerInHand) -> None:
    stored.show_pass(P1)
    stored.closes(A02)
    stored.pass_ms(MINUTE_MS)
    stored.deposit(2)
    stored.show_pass(norths("P2"), jti="pass-2")
    assert set(stored.state.passes) == {"north/pass-1", "north/pass-2"}
    stored.closes(A02)
    stored.pass_ms(2 * HOUR_MS)
    stored.deposit(3)
    stored.show_pass(norths("P3"), jti="pass-3")
    assert set(stored.state.passes) == {"north/pass-3"}


def test_one_of_several_kinds_of_evidence_is_enough() -> None:
    locker = LockerInHand(a_policy(Rule("either", evidence=("app|pass",))))
    id = locker.deposit(1)
    locker.show_pass(P1)
    locker.closes(id)
    assert locker.last(ev.CustodyCollected).evidence == ev.Evidence(
        ("pass", "door_cycle"), demanded=("app|pass", "code", "door_cycle")
    )


# --- reopening ------------------------------------------------------------------------------------


def test_reopen_within_a_minute_for_the_same_visit(stored: LockerInHand) -> None:
    stored.type_code(stored.code_of(1))
    stored.closes(A02)
    assert is_refused(stored.reopen(A02, ANOTHER), Refusal.REOPEN_OVER)
    assert is_refused(stored.reopen(A01), Refusal.REOPEN_OVER)
    stored.pass_ms(MINUTE_MS - 4)
    assert stored.reopen(A02) == DoorUnlocked((A02,))
    stored.closes(A02)
    assert len(stored.all(ev.CustodyCollected)) == 1


def test_no_reopening_once_the_window_is_over(stored: LockerInHand) -> None:
    stored.type_code(stored.code_of(1))
    stored.closes(A02)
    stored.pass_ms(MINUTE_MS - 1)
    assert is_refused(stored.reopen(A02), Refusal.REOPEN_OVER)


def test_a_reopened_door_is_not_given_out_before_it_is_shut(stored: LockerInHand) -> None:
    stored.type_code(stored.code_of(1))
    stored.closes(A02)
    stored.pass_ms(50 * SECOND_MS)
    stored.reopen(A02)
    stored.pass_ms(30 * SECOND_MS)
    assert not is_free(stored[A02], stored.at.mono, stored.policy)
    stored.closes(A02)
    assert is_free(stored[A02], stored.at.mono, stored.policy)


def test_asking_twice_for_an_open_door_pulses_once(stored: LockerInHand) -> None:
    stored.type_code(stored.code_of(1))
    stored.closes(A02)
    stored.reopen(A02)
    assert stored.reopen(A02) == DoorUnlocked((A02,))
    assert len([e for e in stored.all(ev.UnlockAuthorised) if e.role is Role.RECIPIENT]) == 2


def test_busy_while_an_operator_is_at_the_door(stored: LockerInHand) -> None:
    stored.operate(UnlockCompartment(compartment=A02))
    assert is_refused(stored.type_code(stored.code_of(1)), Refusal.BUSY)
    stored.closes(A02)
    assert stored.state.parcels[P1].custody is Custody.STORED
    assert unlocked(stored.type_code(stored.code_of(1))) == A02


def test_a_code_typed_by_another_visit_while_the_door_is_open(stored: LockerInHand) -> None:
    stored.type_code(stored.code_of(1))
    assert stored.type_code(stored.code_of(1), ANOTHER) == DoorUnlocked((A02,))
    assert len([e for e in stored.all(ev.UnlockAuthorised) if e.role is Role.RECIPIENT]) == 1
    stored.closes(A02)
    assert stored[A02].rests_for == ANOTHER


def test_no_code_no_name_in_what_is_remembered_of_a_wrong_try(locker: LockerInHand) -> None:
    locker.type_code(WRONG_CODE)
    refused = locker.last(ev.CodeRefused)
    assert refused == replace(refused, session=RECIPIENT, why="unknown")
    assert WRONG_CODE not in repr(locker.state)
