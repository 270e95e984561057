"""Several parcels of one recipient: one code, and their doors in turn."""

import pytest
from support.locker_heart import A02, A03, A04, HOUR_MS, MINUTE_MS, SECOND_MS
from support.locker_in_hand import RECIPIENT, SOUTH, LockerInHand, is_refused, norths, unlocked
from support.policies import a_policy

from controller.domain import events as ev
from controller.domain.answers import DoorUnlocked
from controller.domain.commands import (
    BlockCompartment,
    CancelParcel,
    ExtendParcel,
    ReissueCode,
    RevokeCode,
    UnlockCompartment,
)
from controller.domain.ids import PickupId, SessionId
from controller.domain.refusals import Refusal
from controller.domain.state import Custody

P1, P2, P3 = (norths(f"P{n}") for n in (1, 2, 3))
ANOTHER = SessionId("another-visit")


def three(locker: LockerInHand) -> LockerInHand:
    """P1, P2 and P3 for one recipient lie in A02, A03 and A04."""
    doors = [locker.deposit(n, recipient="r-1", hold_s=n * 3600) for n in (1, 2, 3)]
    assert doors == [A02, A03, A04]
    return locker


@pytest.fixture
def stored(locker: LockerInHand) -> LockerInHand:
    return three(locker)


def test_the_second_joins_the_first_and_the_code_stays(stored: LockerInHand) -> None:
    [issued] = stored.all(ev.CodeIssued)
    second, third = stored.all(ev.CodeJoined)
    assert (second.parcel, second.pickup, second.compartment) == (P2, PickupId("north/P1"), A03)
    assert (
        third.expires_at == stored.state.parcels[P3].hold_until == stored.state.pickups[PickupId("north/P1")].expires_at
    )
    assert list(stored.state.codes) == [issued.code_hmac]


def test_nothing_is_shared_between_carriers_or_without_a_reference(locker: LockerInHand) -> None:
    locker.deposit(1, recipient="r-1")
    locker.deposit(2, SOUTH, recipient="r-1")
    locker.deposit(3)
    assert len(locker.all(ev.CodeIssued)) == 3


def test_a_parcel_that_joins_with_a_shorter_hold_takes_nothing_from_the_others(locker: LockerInHand) -> None:
    locker.deposit(1, recipient="r-1", hold_s=7200)
    locker.deposit(2, recipient="r-1", hold_s=3600)
    assert locker.last(ev.CodeJoined).expires_at == locker.last(ev.CodeIssued).expires_at


def test_one_door_after_the_other_and_the_code_is_spent_with_the_last(stored: LockerInHand) -> None:
    code = stored.code_of(1)
    assert stored.type_code(code) == DoorUnlocked((A02,))
    assert is_refused(stored.next_door(), Refusal.DOOR_OPEN)
    for door, following in ((A02, A03), (A03, A04)):
        stored.closes(door)
        assert not stored.all(ev.PrivateErased)
        assert stored.next_door() == DoorUnlocked((following,))
    stored.closes(A04)
    assert [e.waiting for e in stored.all(ev.CustodyCollected)] == [2, 1, 0]
    assert stored.last(ev.PrivateErased).reason == "collected"
    assert is_refused(stored.next_door(), Refusal.NOTHING_WAITING)
    assert not stored.state.codes
    assert is_refused(stored.type_code(code), Refusal.CODE_INVALID)


def test_a_jam_at_the_second_door_leaves_the_others_collectable(stored: LockerInHand) -> None:
    stored.jam(A03)
    stored.type_code(stored.code_of(1))
    stored.closes(A02)
    assert stored.next_door() == DoorUnlocked((A03,))
    stored.pass_ms(11 * SECOND_MS)
    assert stored.next_door() == DoorUnlocked((A04,))
    stored.closes(A04)
    stored.jam(A03, False)
    assert stored.next_door(A03) == DoorUnlocked((A03,))
    stored.closes(A03)
    assert [e.parcel for e in stored.all(ev.CustodyCollected)] == [P1, P3, P2]


def test_three_openings_of_the_jammed_door_and_then_a_person(stored: LockerInHand) -> None:
    stored.jam(A03)
    stored.type_code(stored.code_of(1))
    stored.closes(A02)
    for _ in range(3):
        assert stored.next_door(A03) == DoorUnlocked((A03,))
        stored.pass_ms(11 * SECOND_MS)
    assert is_refused(stored.next_door(A03), Refusal.TOO_MANY_OPENINGS)
    assert stored.next_door() == DoorUnlocked((A04,)), "the others wait for nobody"


def test_the_code_resumes_the_visit_with_what_is_left(stored: LockerInHand) -> None:
    stored.type_code(stored.code_of(1))
    stored.closes(A02)
    stored.leave(RECIPIENT)
    stored.pass_ms(MINUTE_MS)
    assert stored.type_code(stored.code_of(1), ANOTHER) == DoorUnlocked((A03,))
    assert is_refused(stored.next_door(), Refusal.NOTHING_WAITING), "that visit is over"
    stored.closes(A03)
    assert stored.next_door(session=ANOTHER) == DoorUnlocked((A04,))


def test_a_power_cut_at_the_second_door(stored: LockerInHand) -> None:
    stored.type_code(stored.code_of(1))
    stored.closes(A02)
    stored.power_fails_before_pulse = True
    stored.next_door()
    stored.restart(off_ms=HOUR_MS // 2)
    assert stored.state.parcels[P2].custody is Custody.COLLECTING
    assert stored.type_code(stored.code_of(1)) == DoorUnlocked((A03,))
    stored.closes(A03)
    stored.next_door()
    stored.closes(A04)
    assert len(stored.all(ev.CustodyCollected)) == 3


def test_a_door_that_cannot_be_opened_is_passed_over(stored: LockerInHand) -> None:
    stored.operate(BlockCompartment(compartment=A02))
    assert stored.type_code(stored.code_of(1)) == DoorUnlocked((A03,))
    stored.closes(A03)
    stored.next_door()
    stored.closes(A04)
    assert is_refused(stored.next_door(), Refusal.OUT_OF_SERVICE)


def test_a_door_that_stands_open_for_ever_does_not_keep_the_others_shut(stored: LockerInHand) -> None:
    stored.type_code(stored.code_of(1))
    stored.pass_ms(2 * MINUTE_MS)
    assert stored.type_code(stored.code_of(1), ANOTHER) == DoorUnlocked((A03,))


def test_a_door_of_the_visit_is_not_reopened_beside_the_next_one(stored: LockerInHand) -> None:
    stored.type_code(stored.code_of(1))
    stored.closes(A02)
    stored.next_door()
    assert is_refused(stored.reopen(A02), Refusal.DOOR_OPEN)
    stored.closes(A03)
    assert stored.reopen(A02) == DoorUnlocked((A02,))


def test_each_parcel_expires_for_itself() -> None:
    locker = three(LockerInHand(a_policy(collect_after_expiry=False)))
    locker.pass_ms(HOUR_MS + MINUTE_MS)
    assert [e.parcel for e in locker.all(ev.LadderStep)] == [P1]
    assert locker.type_code(locker.code_of(1)) == DoorUnlocked((A03,))
    locker.closes(A03)
    locker.next_door()
    locker.closes(A04)
    assert is_refused(locker.type_code(locker.code_of(1)), Refusal.CODE_INVALID)
    assert locker.last(ev.CodeRefused).why == "expired"


def test_one_is_cancelled(stored: LockerInHand) -> None:
    stored.command(CancelParcel(parcel=P1))
    assert not stored.all(ev.CodeRevoked)
    assert stored.type_code(stored.code_of(1)) == DoorUnlocked((A03,))
    stored.closes(A03)
    stored.next_door()
    stored.closes(A04)
    assert stored.last(ev.CodeRevoked) == ev.CodeRevoked(pickup=PickupId("north/P1"), reason="collected")
    assert stored.state.parcels[P1].compartment == A02


def test_all_are_cancelled(stored: LockerInHand) -> None:
    for parcel in (P3, P1, P2):
        assert not stored.all(ev.CodeRevoked)
        stored.command(CancelParcel(parcel=parcel))
    assert stored.last(ev.CodeRevoked).reason == "cancelled"
    assert not stored.state.codes


def test_an_extension_moves_its_own_parcel(stored: LockerInHand) -> None:
    third = stored.state.parcels[P3].hold_until
    stored.command(ExtendParcel(parcel=P1, hold_s=3600))
    assert stored.state.pickups[PickupId("north/P1")].expires_at == third
    stored.command(ExtendParcel(parcel=P2, hold_s=5 * 3600))
    assert stored.state.pickups[PickupId("north/P1")].expires_at == stored.last(ev.ParcelExtended).hold_until


def test_a_new_code_for_one_is_a_new_code_for_all(stored: LockerInHand) -> None:
    old = stored.code_of(1)
    stored.command(ReissueCode(parcel=P2))
    assert is_refused(stored.type_code(old), Refusal.CODE_INVALID)
    assert stored.type_code(stored.code_of(1)) == DoorUnlocked((A02,))
    stored.closes(A02)
    assert stored.next_door() == DoorUnlocked((A03,))


def test_a_revoked_code_opens_nothing_until_there_is_a_new_one(stored: LockerInHand) -> None:
    old = stored.code_of(1)
    assert stored.command(RevokeCode(parcel=P2), carrier=SOUTH).reason == "parcel_unknown"
    assert stored.command(RevokeCode(parcel=P2)).status == "executed"
    assert is_refused(stored.type_code(old), Refusal.CODE_INVALID)
    assert stored.command(RevokeCode(parcel=P1)).reason == "not_stored"
    stored.check_replay()
    assert stored.show_pass(P3) == DoorUnlocked((A02,)), "a pass needs no code"
    stored.closes(A02)
    stored.command(ReissueCode(parcel=P3))
    assert stored.type_code(stored.code_of(2), ANOTHER) == DoorUnlocked((A03,))


def test_a_pass_for_any_of_them_opens_all_and_goes_on_once_its_own_has_left(stored: LockerInHand) -> None:
    assert stored.show_pass(P2) == DoorUnlocked((A02,))
    stored.closes(A02)
    stored.next_door()
    stored.closes(A03)
    stored.leave(RECIPIENT)
    assert stored.show_pass(P2, session=ANOTHER) == DoorUnlocked((A04,))


def test_one_that_comes_again_does_not_take_the_name_of_a_pickup_that_waits(stored: LockerInHand) -> None:
    stored.type_code(stored.code_of(1))
    stored.closes(A02)
    stored.leave(RECIPIENT)
    stored.pass_ms(MINUTE_MS)
    stored.deposit(1)
    assert str(stored.last(ev.CodeIssued).pickup) not in (P1, P2, P3)
    assert unlocked(stored.type_code(stored.code_of(1), ANOTHER)) == A02


def test_an_operator_at_one_of_the_doors_is_waited_for_at_that_door_alone(stored: LockerInHand) -> None:
    stored.operate(UnlockCompartment(compartment=A02))
    assert stored.type_code(stored.code_of(1)) == DoorUnlocked((A03,))
