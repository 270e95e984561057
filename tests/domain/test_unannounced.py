"""Parcels that come before their carrier's word: stored with the label alone, reconciled when the word comes."""

from collections.abc import Iterator

import pytest
from support.locker_heart import A02, HOUR_MS, SECOND_MS
from support.locker_in_hand import NORTH, SOUTH, LockerInHand, announcement, is_refused, norths, s10_label, unlocked
from support.policies import a_policy

from controller.domain import events as ev
from controller.domain.answers import CommandAnswer, DoorUnlocked, ItemSettled, PlanShown, Stored
from controller.domain.carrier_terms import CarrierTerms
from controller.domain.commands import CancelParcel, IdentifyParcel
from controller.domain.ids import CompartmentId, Note, ParcelId
from controller.domain.naming import parcel_id
from controller.domain.preferences import Instructions
from controller.domain.refusals import Refusal
from controller.domain.state import Custody

P1, P2 = norths("P1"), norths("P2")


@pytest.fixture
def locker() -> Iterator[LockerInHand]:
    """One whose northern carrier may bring what it has not announced."""
    locker = LockerInHand(a_policy(carriers=(CarrierTerms(NORTH, walk_up=True),)))
    yield locker
    locker.check_replay()


def walks_up(locker: LockerInHand, serial: int = 1) -> tuple[ParcelId, CompartmentId]:
    """A driver stores a parcel that nobody has announced, and goes."""
    locker.sign_in()
    assert isinstance(locker.scan(s10_label(serial)), PlanShown)
    door = unlocked(locker.acknowledge())
    locker.closes(door)
    stored = locker.done()
    assert isinstance(stored, Stored)
    locker.leave(reason="asked")
    return stored.parcel, door


def test_refused_where_the_carrier_does_not_allow_it(locker: LockerInHand) -> None:
    locker.sign_in(SOUTH)
    assert is_refused(locker.scan(s10_label(1)), Refusal.PARCEL_UNKNOWN)
    assert not locker.all(ev.ParcelUnannounced)


def test_stored_with_the_label_alone_and_nobody_has_a_code(locker: LockerInHand) -> None:
    found, door = walks_up(locker)
    told = locker.last(ev.ParcelUnannounced)
    assert (told.parcel, told.label, told.carrier) == (found, s10_label(1), NORTH)
    assert locker.last(ev.CustodyStored).parcel == found
    assert not locker.all(ev.CodeIssued)
    assert locker.state.parcels[found].compartment == door


def test_the_word_comes_and_the_recipient_is_told_a_code(locker: LockerInHand) -> None:
    found, door = walks_up(locker)
    locker.pass_ms(10 * HOUR_MS)
    locker.expect(1, recipient="r-1")
    claimed = locker.last(ev.ParcelClaimed)
    assert (claimed.parcel, claimed.found, claimed.compartment) == (P1, found, door)
    assert locker.last(ev.CodeIssued).parcel == P1
    assert locker.last(ev.CodeIssued).expires_at == claimed.hold_until > locker.at.wall + 71 * HOUR_MS
    assert list(locker.state.parcels) == [P1]
    assert locker.type_code(locker.code_of(1)) == DoorUnlocked((door,))
    locker.closes(door)
    assert locker.last(ev.CustodyCollected).parcel == P1


def test_the_word_comes_while_the_door_is_open(locker: LockerInHand) -> None:
    locker.sign_in()
    locker.scan(s10_label(1))
    door = unlocked(locker.acknowledge())
    locker.expect(1)
    locker.closes(door)
    locker.pass_ms(46 * SECOND_MS)
    assert locker.last(ev.ParcelClaimed).parcel == P1
    assert locker.last(ev.CodeIssued).parcel == P1


def test_a_late_plan_that_says_no_calls_it_back(locker: LockerInHand) -> None:
    found, door = walks_up(locker)
    locker.expect(1, classes=("regulated",))
    assert (locker.last(ev.ParcelCancelled).reason, locker.last(ev.ParcelCancelled).parcel) == ("refused", P1)
    assert locker.last(ev.LadderStep).action == "operator"
    assert not locker.all(ev.CodeIssued)
    assert is_refused(locker.show_pass(P1), Refusal.PASS_INVALID)
    locker.sign_in_proven()
    assert locker.take_away() == DoorUnlocked((door,))
    locker.closes(door)
    assert locker.scan(s10_label(1)) == ItemSettled(P1, door, missing=False)
    assert found not in locker.state.parcels


def test_preferences_that_come_late_count(locker: LockerInHand) -> None:
    walks_up(locker)
    locker.expect(1, preferences=Instructions(confirmed_at=locker.at.wall, locker=False, note=Note("At home")))
    assert locker.state.parcels[P1].rules == ("recipient-said-no",)
    assert locker.state.parcels[P1].cancelled


def test_two_claims_for_one_compartment_and_the_physical_one_wins(locker: LockerInHand) -> None:
    _, door = walks_up(locker)
    locker.expect(1)
    locker.expect(2, label=s10_label(1))
    lost = locker.last(ev.ParcelClaimLost)
    assert (lost.parcel, lost.compartment, lost.holder) == (P2, door, P1)
    assert locker.state.parcels[P2].custody is Custody.EXPECTED
    assert locker.state.parcels[P1].compartment == door


def test_another_carriers_word_claims_nothing(locker: LockerInHand) -> None:
    walks_up(locker)
    locker.expect(1, SOUTH)
    assert not locker.all(ev.ParcelClaimed)
    assert not locker.all(ev.ParcelClaimLost)


def test_somebody_says_which_parcel_it_is(locker: LockerInHand) -> None:
    found, _ = walks_up(locker, serial=9)
    locker.expect(1)
    command = IdentifyParcel(found=found, parcel=P1)
    assert locker.command(command, carrier=SOUTH) == CommandAnswer("refused", "parcel_unknown")
    assert locker.operate(command) == CommandAnswer("executed")
    assert locker.last(ev.CodeIssued).parcel == P1
    assert locker.operate(command) == CommandAnswer("refused", "parcel_unknown")


def test_nobody_identifies_what_is_another_carriers_or_not_there(locker: LockerInHand) -> None:
    found, _ = walks_up(locker)
    locker.expect(3, SOUTH)
    assert locker.operate(IdentifyParcel(found=found, parcel=parcel_id(SOUTH, "P3"))).reason == "other_carrier"
    locker.deposit(2)
    assert locker.operate(IdentifyParcel(found=found, parcel=P2)).reason == "not_stored"
    locker.command(CancelParcel(parcel=found))
    locker.expect(4)
    assert locker.operate(IdentifyParcel(found=found, parcel=norths("P4"))).reason == "not_stored"


def test_what_the_driver_keeps_is_forgotten(locker: LockerInHand) -> None:
    locker.sign_in()
    locker.scan(s10_label(1))
    locker.scan(s10_label(2))
    assert len(locker.state.parcels) == 1
    locker.closes(unlocked(locker.acknowledge()))
    locker.take_back()
    locker.closes(A02)
    assert locker.state.parcels == {}
    locker.scan(s10_label(3))
    locker.leave()
    assert locker.state.parcels == {}


def test_unclaimed_it_expires_and_is_taken_away(locker: LockerInHand) -> None:
    found, door = walks_up(locker)
    locker.pass_ms(73 * HOUR_MS)
    locker.sign_in_proven()
    assert locker.take_away() == DoorUnlocked((door,))
    locker.closes(door)
    assert locker.scan(s10_label(1)) == ItemSettled(found, door, missing=False)


def test_its_label_is_not_stored_twice(locker: LockerInHand) -> None:
    walks_up(locker)
    locker.sign_in()
    assert is_refused(locker.scan(s10_label(1)), Refusal.ALREADY_STORED)
    assert announcement(1).label == s10_label(1)


def test_a_restart_between_the_claim_and_its_code(locker: LockerInHand) -> None:
    walks_up(locker)
    locker.expect(1)
    locker.restart()
    assert [event.parcel for event in locker.all(ev.CodeIssued)] == [P1]
