"""A driver takes away what nobody is to collect any more: each parcel is scanned or declared missing."""

import pytest
from support.locker_heart import A01, A02, A03, HOUR_MS, SECOND_MS
from support.locker_in_hand import DRIVER, NORTH, SOUTH, LockerInHand, is_refused, norths, s10_label, unlocked

from controller.domain import events as ev
from controller.domain.allocation import status
from controller.domain.answers import DoorUnlocked, ItemSettled, ItemTaken, Lately, SignedOut
from controller.domain.commands import CancelParcel, RevokeDriver, UnblockCompartment, UnlockCompartment
from controller.domain.ids import CompartmentId, Door, DriverId, ParcelId, SessionId, Size
from controller.domain.refusals import Refusal
from controller.domain.staff import Scope
from controller.domain.state import Custody, Status
from controller.domain.take_away_list import to_take_away

P1, P2 = norths("P1"), norths("P2")
HOLD_MS = 72 * HOUR_MS


@pytest.fixture
def expired(locker: LockerInHand) -> CompartmentId:
    """Parcel 1 was not collected in its time, and a driver is signed in."""
    id = locker.deposit(1)
    locker.pass_ms(HOLD_MS + SECOND_MS)
    locker.sign_in_proven()
    return id


def listed(locker: LockerInHand) -> list[ParcelId]:
    return [parcel.id for parcel in to_take_away(locker.state, NORTH)]


def test_what_is_expired_or_cancelled_or_a_return_is_to_be_taken_away(locker: LockerInHand) -> None:
    for serial, more in ((1, {}), (2, {"size": Size.S}), (3, {"classes": ("return",)}), (4, {"size": Size.L})):
        locker.deposit(serial, **more)
    locker.command(CancelParcel(parcel=P2))
    assert listed(locker) == ["north/P2", "north/P3"]
    locker.pass_ms(HOLD_MS + SECOND_MS)
    assert listed(locker) == [f"north/P{n}" for n in (2, 1, 3, 4)]


def test_scanned_and_then_shut(locker: LockerInHand, expired: CompartmentId) -> None:
    mark = len(locker.history)
    assert locker.take_away() == DoorUnlocked((expired,))
    assert locker.scan(s10_label(1)) == ItemTaken(P1, expired)
    locker.closes(expired)
    assert locker.names_since(mark) == [
        "custody.removing",
        "unlock.authorised",
        "unlock.reported",
        "door.opened",
        "custody.taken_out",
        "door.closed",
        "custody.removed",
        "private.erased",
        "custody.returned",
    ]
    removed, returned = locker.last(ev.CustodyRemoved), locker.last(ev.CustodyReturned)
    assert removed.PROVEN
    assert returned.PROVEN
    assert (removed.reason, removed.driver) == ("expired", "d-7")
    assert removed.evidence == returned.evidence == ev.Evidence(("badge", "pin", "scan", "door_cycle"))
    assert locker.state.parcels == {}
    assert status(locker[expired], locker.state) is Status.VACANT


def test_shut_and_then_scanned(locker: LockerInHand, expired: CompartmentId) -> None:
    locker.take_away()
    locker.closes(expired)
    assert not locker.all(ev.CustodyRemoved)
    assert locker.scan(s10_label(1)) == ItemSettled(P1, expired, missing=False)
    assert len(locker.all(ev.CustodyReturned)) == 1
    assert locker.state.removal is None


def test_another_parcel_is_not_what_was_behind_the_door(locker: LockerInHand, expired: CompartmentId) -> None:
    locker.take_away()
    assert is_refused(locker.scan(s10_label(7)), Refusal.OTHER_PARCEL)
    locker.closes(expired)
    assert is_refused(locker.scan(s10_label(7)), Refusal.OTHER_PARCEL)
    assert not locker.all(ev.CustodyRemoved)
    assert not locker.all(ev.PlanRefused)


def test_missing_is_recorded_quarantined_and_an_operators(locker: LockerInHand, expired: CompartmentId) -> None:
    locker.take_away()
    assert is_refused(locker.miss(), Refusal.DOOR_OPEN)
    locker.closes(expired)
    assert locker.miss() == ItemSettled(P1, expired, missing=True)
    removed = locker.last(ev.CustodyRemoved)
    assert (removed.reason, removed.evidence) == ("missing", ev.Evidence(("badge", "pin"), ("scan",)))
    assert locker.last(ev.LadderStep).action == "operator"
    assert locker[expired].quarantine == "missing"
    assert not locker.all(ev.CustodyReturned)


def test_nothing_is_missing_behind_a_door_that_was_never_open(locker: LockerInHand, expired: CompartmentId) -> None:
    assert is_refused(locker.miss(), Refusal.NOTHING_TO_CONFIRM)
    locker.jam(expired)
    locker.take_away()
    assert is_refused(locker.miss(), Refusal.NOTHING_TO_CONFIRM)
    assert is_refused(locker.scan(s10_label(1)), Refusal.NOTHING_TO_CONFIRM)


def test_one_item_after_the_other(locker: LockerInHand) -> None:
    doors = [locker.deposit(serial) for serial in (1, 2, 3)]
    locker.pass_ms(HOLD_MS + SECOND_MS)
    locker.sign_in_proven()
    for serial, door in enumerate(doors, 1):
        assert locker.take_away() == DoorUnlocked((door,))
        assert is_refused(locker.take_away(), Refusal.REMOVAL_UNFINISHED)
        locker.closes(door)
        assert is_refused(locker.take_away(), Refusal.REMOVAL_UNFINISHED)
        locker.scan(s10_label(serial))
    assert is_refused(locker.take_away(), Refusal.NOTHING_TO_TAKE)


def test_the_doors_of_one_parcel_are_asked_for_by_name(locker: LockerInHand) -> None:
    locker.deposit(1)
    second = locker.deposit(2)
    locker.pass_ms(HOLD_MS + SECOND_MS)
    locker.sign_in_proven()
    assert is_refused(locker.take_away(norths("P9")), Refusal.NOTHING_TO_TAKE)
    assert locker.take_away(P2) == DoorUnlocked((second,))


def test_until_the_drivers_unlock_it_can_be_collected_and_not_after(
    locker: LockerInHand, expired: CompartmentId
) -> None:
    locker.leave()
    assert isinstance(locker.type_code(locker.code_of(1)), DoorUnlocked)
    locker.closes(expired)
    assert locker.all(ev.CustodyCollected)

    locker.pass_ms(61 * SECOND_MS)
    door = locker.deposit(2)
    locker.pass_ms(HOLD_MS + SECOND_MS)
    locker.sign_in_proven()
    locker.take_away()
    locker.closes(door)
    locker.leave()
    assert is_refused(locker.type_code(locker.code_of(2)), Refusal.CODE_INVALID)
    assert is_refused(locker.show_pass(P2), Refusal.PASS_INVALID)


def test_a_door_that_stays_shut_leaves_the_parcel_to_its_recipient(
    locker: LockerInHand, expired: CompartmentId
) -> None:
    locker.jam(expired)
    locker.take_away()
    locker.pass_ms(11 * SECOND_MS)
    assert locker.last(ev.CustodyKept).reason == "did_not_open"
    assert locker.state.parcels[P1].custody is Custody.STORED
    assert is_refused(locker.take_away(), Refusal.NOTHING_TO_TAKE)
    assert locker.take_away(P1) == DoorUnlocked((expired,))
    locker.pass_ms(11 * SECOND_MS)
    locker.jam(expired, jammed=False)
    locker.leave()
    assert isinstance(locker.type_code(locker.code_of(1)), DoorUnlocked)


def test_it_opens_late_when_nobody_is_there_to_answer_for_it(locker: LockerInHand, expired: CompartmentId) -> None:
    locker.jam(expired)
    locker.take_away()
    locker.pass_ms(11 * SECOND_MS)
    locker.opens(expired)
    assert locker[expired].quarantine == "opened_late"


def test_reopen_is_for_the_same_driver_in_the_same_session(locker: LockerInHand, expired: CompartmentId) -> None:
    locker.take_away()
    locker.closes(expired)
    assert is_refused(locker.reopen(expired, SessionId("stranger")), Refusal.REOPEN_OVER)
    assert unlocked(locker.reopen(expired, DRIVER)) == expired
    locker.closes(expired)
    locker.jam(expired)
    locker.reopen(expired, DRIVER)
    locker.pass_ms(11 * SECOND_MS)
    assert not locker.all(ev.CustodyKept)
    assert locker.miss() == ItemSettled(P1, expired, missing=True)


def test_a_driver_who_walks_away_leaves_it_to_an_operator(locker: LockerInHand, expired: CompartmentId) -> None:
    locker.take_away()
    locker.closes(expired)
    locker.leave()
    assert locker[expired].quarantine == "removal_unfinished"
    assert locker.last(ev.LadderStep).action == "operator"
    assert locker.state.parcels[P1].custody is Custody.REMOVING
    locker.sign_in_proven()
    assert listed(locker) == [P1]
    locker.leave()
    assert locker.operate(UnblockCompartment(compartment=expired)).status == "executed"
    assert isinstance(locker.type_code(locker.code_of(1)), DoorUnlocked)


def test_an_operator_takes_out_what_a_driver_left_without_a_word(locker: LockerInHand, expired: CompartmentId) -> None:
    locker.take_away()
    locker.closes(expired)
    locker.leave()
    locker.operate(UnlockCompartment(compartment=expired))
    locker.closes(expired)
    assert (locker.last(ev.CustodyRemoved).reason, locker.last(ev.CustodyRemoved).driver) == ("expired", None)


def test_scanned_and_left_open_is_a_fact_with_a_shortfall(locker: LockerInHand, expired: CompartmentId) -> None:
    locker.take_away()
    locker.scan(s10_label(1))
    locker.pass_ms(121 * SECOND_MS)
    assert locker.last(ev.CustodyReturned).evidence == ev.Evidence(("badge", "pin", "scan"), ("door_cycle",))
    assert locker[expired].quarantine == "left_open"
    assert locker.last(ev.DriverSignedOut).reason == "left_open"


def test_scanned_before_a_door_whose_sensor_is_silent(locker: LockerInHand, expired: CompartmentId) -> None:
    locker.silence(expired)
    locker.take_away()
    assert locker.scan(s10_label(1)) == ItemSettled(P1, expired, missing=False)
    assert locker.last(ev.CustodyRemoved).evidence == ev.Evidence(("badge", "pin", "scan"), ("door_cycle",))


def test_power_goes_while_an_item_is_out(locker: LockerInHand, expired: CompartmentId) -> None:
    locker.take_away()
    locker.restart(off_ms=HOUR_MS)
    assert locker.state.removal is None
    assert locker[expired].quarantine == "removal_unfinished"
    locker.closes(expired)
    locker.sign_in_proven()
    assert locker.take_away() == DoorUnlocked((expired,))
    locker.closes(expired)
    locker.scan(s10_label(1))
    assert locker.all(ev.CustodyReturned)


def test_nothing_of_another_carriers(locker: LockerInHand) -> None:
    locker.deposit(1, SOUTH)
    locker.pass_ms(HOLD_MS + SECOND_MS)
    assert is_refused(locker.take_away(), Refusal.NOT_SIGNED_IN)
    locker.sign_in_proven(NORTH)
    assert is_refused(locker.take_away(), Refusal.NOTHING_TO_TAKE)
    assert is_refused(locker.take_away(P1), Refusal.NOTHING_TO_TAKE)


def test_not_beside_a_deposit_and_no_deposit_beside_it(locker: LockerInHand) -> None:
    expired = locker.deposit(1)
    locker.pass_ms(HOLD_MS + SECOND_MS)
    locker.expect(2)
    locker.sign_in_proven()
    door = locker.put_in(2)
    assert is_refused(locker.take_away(), Refusal.DEPOSIT_UNFINISHED)
    locker.done()
    locker.expect(3)
    locker.scan(s10_label(3))
    locker.take_away()
    locker.closes(expired)
    assert is_refused(locker.acknowledge(), Refusal.REMOVAL_UNFINISHED)
    assert door != expired


def test_the_wrong_door_opens(locker: LockerInHand, expired: CompartmentId) -> None:
    locker.jam(expired)
    locker.take_away()
    locker.opens(A03)
    assert locker.last(ev.CustodyKept).reason == "wiring_fault"
    assert locker[A03].quarantine == locker[expired].quarantine == "wiring_fault"
    assert is_refused(locker.take_away(P1), Refusal.WIRING_FAULT)


def test_the_summary_names_the_signed_records(locker: LockerInHand) -> None:
    first, second = locker.deposit(1), locker.deposit(2)
    locker.pass_ms(HOLD_MS + SECOND_MS)
    locker.expect(3, size=Size.S)
    locker.expect(4, classes=("regulated",))
    locker.expect(5, size=Size.L)
    locker.deposit(6, size=Size.L)
    locker.pass_ms(HOLD_MS + SECOND_MS)
    locker.sign_in_proven()
    locker.scan(s10_label(3))
    locker.closes(unlocked(locker.acknowledge()))
    locker.done()
    locker.scan(s10_label(4))
    locker.take_away()
    locker.closes(first)
    locker.scan(s10_label(1))
    locker.take_away()
    locker.closes(second)
    locker.miss()
    answer = locker.leave(reason="asked")
    names = {str(number): event for number, (_, event) in enumerate(locker.history, 1)}
    [(record, summary)] = [(n, e) for n, e in names.items() if isinstance(e, ev.DriverSummary) and e.refused]
    assert answer == SignedOut(1, 1, 1, refused=1, left=1, record=int(record), lately=Lately(4))
    assert isinstance(names[summary.deposited[0]], ev.CustodyStored)
    assert [names[each].PROVEN for each in (*summary.deposited, *summary.taken_away, *summary.missing)] == [True] * 3
    assert summary.left == (norths("P6"),)
    assert locker.last(ev.DriverSignedOut).reason == "asked"


def test_a_badge_alone_is_not_enough_and_a_pin_alone_neither(locker: LockerInHand) -> None:
    locker.deposit(1)
    locker.pass_ms(HOLD_MS + SECOND_MS)
    locker.announce()
    locker.sign_in()
    assert is_refused(locker.take_away(), Refusal.PIN_REQUIRED)
    locker.leave()
    locker.type_pin()
    assert is_refused(locker.take_away(), Refusal.PIN_REQUIRED)
    locker.sign_in()
    assert isinstance(locker.take_away(), DoorUnlocked)


def test_not_by_a_driver_who_only_deposits_or_is_let_in_no_more(locker: LockerInHand) -> None:
    locker.deposit(1)
    locker.pass_ms(HOLD_MS + SECOND_MS)
    locker.announce("d-7", NORTH, Scope.DEPOSIT)
    locker.sign_in()
    locker.type_pin()
    assert is_refused(locker.take_away(), Refusal.NOT_ALLOWED)
    locker.leave()
    locker.sign_in_proven()
    locker.command(RevokeDriver(driver=DriverId("d-7")))
    assert is_refused(locker.take_away(), Refusal.NOT_SIGNED_IN)
    assert not locker.all(ev.CustodyRemoving)


def test_a_visit_in_which_nothing_happened_is_not_summed_up(locker: LockerInHand) -> None:
    locker.sign_in_proven()
    assert locker.leave(reason="asked") == SignedOut()
    assert not locker.all(ev.DriverSummary)


def test_a_driver_who_leaves_before_the_last_deposit_counts_has_it_named(locker: LockerInHand) -> None:
    locker.expect(1)
    locker.put_in(1)
    locker.leave()
    assert locker.last(ev.DriverSummary).unconfirmed == (P1,)
    assert locker[A02].door is Door.CLOSED
    assert A01 != A02
