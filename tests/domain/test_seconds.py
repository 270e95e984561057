"""A second identifier: a shorter code is worth nothing without it, and a few wrong ones freeze that code alone."""

import pytest
from support.locker_heart import A02, A03, HOUR_MS
from support.locker_in_hand import NORTH, SOUTH, LockerInHand, announcement, is_refused, unlocked
from support.policies import a_policy

from controller.domain import events as ev
from controller.domain.answers import CommandAnswer
from controller.domain.codes import digits_of
from controller.domain.commands import CancelParcel, ReissueCode, RevokeCode
from controller.domain.ids import PickupId
from controller.domain.naming import parcel_id
from controller.domain.refusals import Refusal

P1, P2 = parcel_id(NORTH, "P1"), parcel_id(NORTH, "P2")


@pytest.fixture
def locker() -> LockerInHand:
    """Four digits go with codes here; P1 lies in A02, and its recipient knows them."""
    here = LockerInHand(a_policy(second_digits=4))
    assert here.deposit(1, second_jwe="4711") == A02
    return here


def wrong(here: LockerInHand, times: int) -> None:
    for number in range(times):
        assert is_refused(here.type_code(here.code_of(1), second=f"{number:04}"), Refusal.CODE_INVALID)


def test_code_and_second_together_open(locker: LockerInHand) -> None:
    assert unlocked(locker.type_code(locker.code_of(1), second="4711")) == A02
    locker.closes(A02)
    assert locker.last(ev.PrivateErased).sequences
    locker.check_replay()


def test_the_code_alone_does_not_and_the_screen_learns_nothing(locker: LockerInHand) -> None:
    unknown = locker.type_code(locker.fresh(P2).codes[0].hmac, second="4711")
    for second in (None, "0815"):
        assert locker.type_code(locker.code_of(1), second=second) == unknown
    assert [event.why for event in locker.all(ev.CodeRefused)] == ["unknown", "second", "second"]
    assert [event.pickup for event in locker.all(ev.CodeRefused)] == [None, PickupId(P1), PickupId(P1)]


def test_its_digits_stand_in_no_record_but_that_it_is_wanted(locker: LockerInHand) -> None:
    assert locker.last(ev.CodeIssued).second
    assert locker.last(ev.ParcelExpected).second_hmac is not None
    assert digits_of(locker.state.parcels[P1], locker.policy) == 6


def test_five_wrong_ones_freeze_this_code_and_the_carrier_is_told_once(locker: LockerInHand) -> None:
    assert locker.deposit(2, second_jwe="0042") == A03
    wrong(locker, 5)
    assert locker.last(ev.CodeFrozen) == ev.CodeFrozen(pickup=PickupId(P1), parcel=P1)
    assert is_refused(locker.type_code(locker.code_of(1), second="4711"), Refusal.CODE_INVALID)
    assert locker.last(ev.CodeRefused).why == "frozen"
    assert len(locker.all(ev.CodeFrozen)) == 1
    assert unlocked(locker.type_code(locker.code_of(2), second="0042")) == A03
    locker.check_replay()


def test_four_wrong_ones_do_not(locker: LockerInHand) -> None:
    wrong(locker, 4)
    assert not locker.all(ev.CodeFrozen)
    assert unlocked(locker.type_code(locker.code_of(1), second="4711")) == A02


def test_wrong_ones_count_over_days_and_restarts(locker: LockerInHand) -> None:
    wrong(locker, 4)
    locker.pass_ms(30 * HOUR_MS)
    locker.restart()
    wrong(locker, 1)
    assert is_refused(locker.type_code(locker.code_of(1), second="4711"), Refusal.CODE_INVALID)


def test_a_pass_opens_what_is_frozen(locker: LockerInHand) -> None:
    wrong(locker, 5)
    assert unlocked(locker.show_pass(P1)) == A02


def test_a_new_code_may_be_tried_again_and_comes_once_a_day(locker: LockerInHand) -> None:
    wrong(locker, 5)
    assert locker.command(ReissueCode(parcel=P1)) == CommandAnswer("executed")
    again = locker.command(ReissueCode(parcel=P1))
    assert again == CommandAnswer("refused", Refusal.REISSUED_LATELY.value)
    wrong(locker, 5)
    locker.pass_ms(25 * HOUR_MS)
    assert locker.command(ReissueCode(parcel=P1)) == CommandAnswer("executed")
    assert unlocked(locker.type_code(locker.code_of(1), second="4711")) == A02
    locker.check_replay()


def test_revoking_in_between_makes_it_no_sooner(locker: LockerInHand) -> None:
    locker.command(ReissueCode(parcel=P1))
    locker.command(RevokeCode(parcel=P1))
    assert locker.command(ReissueCode(parcel=P1)).reason == Refusal.REISSUED_LATELY.value


def test_without_one_a_code_is_as_long_as_ever_and_may_be_made_anew_at_any_time() -> None:
    here = LockerInHand(a_policy(second_digits=4))
    here.deposit(1)
    assert digits_of(here.state.parcels[P1], here.policy) == here.policy.code_digits
    for _ in range(2):
        assert here.command(ReissueCode(parcel=P1)) == CommandAnswer("executed")
    assert unlocked(here.type_code(here.code_of(1))) == A02


def test_where_none_is_asked_for_it_is_not_even_kept() -> None:
    here = LockerInHand()
    here.deposit(1, second_jwe="4711")
    assert here.state.parcels[P1].second is None
    assert unlocked(here.type_code(here.code_of(1))) == A02


def test_one_that_cannot_be_read_is_refused() -> None:
    here = LockerInHand(a_policy(second_digits=4))
    answer = here.command(announcement(1, second_jwe="unreadable"))
    assert answer == CommandAnswer("refused", Refusal.BAD_SECOND.value)
    assert P1 not in here.state.parcels


def test_parcels_share_a_code_only_where_the_same_is_typed() -> None:
    here = LockerInHand(a_policy(second_digits=4))
    here.deposit(1, recipient="r-1", second_jwe="4711")
    here.deposit(2, recipient="r-1", second_jwe="4711")
    here.deposit(3, recipient="r-1")
    assert [event.parcel for event in here.all(ev.CodeJoined)] == [P2]
    assert [event.second for event in here.all(ev.CodeIssued)] == [True, False]


def test_it_is_erased_with_its_parcel_however_that_leaves() -> None:
    here = LockerInHand(a_policy(second_digits=4))
    here.expect(1, second_jwe="4711")
    sequence = here.state.parcels[P1].told_sequence
    here.command(CancelParcel(parcel=P1))
    assert sequence in here.last(ev.PrivateErased).sequences
    here.check_replay()


def test_another_carriers_digits_are_its_own() -> None:
    here = LockerInHand(a_policy(second_digits=4))
    here.deposit(1, NORTH, second_jwe="4711")
    here.deposit(2, SOUTH, second_jwe="0815")
    assert is_refused(here.type_code(here.code_of(2), second="4711"), Refusal.CODE_INVALID)
    assert here.state.pickups[PickupId(P1)].wrong_seconds == 0
