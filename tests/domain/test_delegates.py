"""Delegates: somebody else collects one parcel, with a code or a pass of their own, as its carrier says."""

import pytest
from support.locker_heart import A02, A03
from support.locker_in_hand import NORTH, RECIPIENT, SOUTH, LockerInHand, is_refused, unlocked
from support.policies import a_policy

from controller.domain import events as ev
from controller.domain.answers import CommandAnswer
from controller.domain.commands import CancelParcel, DelegateCode, ReissueCode, RevokeCode
from controller.domain.decide import digits_wanted
from controller.domain.ids import CodeHmac, Jti, ParcelId, PickupId, SessionId, WallMs, Word
from controller.domain.inputs import CommandArrived, DepositDone, PassShown
from controller.domain.naming import parcel_id
from controller.domain.refusals import Refusal
from controller.domain.wishes import wishes_at_the_screen

P1, P2 = parcel_id(NORTH, "P1"), parcel_id(NORTH, "P2")
ANNA, BEN = Word("anna"), Word("ben")
THEIRS = SessionId("delegate-visit")


@pytest.fixture
def locker() -> LockerInHand:
    """P1 and P2 of one recipient wait in A02 and A03; two delegates are allowed for each."""
    here = LockerInHand(a_policy(delegates=2))
    assert (here.deposit(1, recipient="r-1"), here.deposit(2, recipient="r-1")) == (A02, A03)
    return here


def delegate(here: LockerInHand, who: Word = ANNA, parcel: ParcelId = P1, **more: object) -> CommandAnswer:
    return here.command(DelegateCode(parcel=parcel, delegate=who), **more)  # type: ignore[arg-type]


def code_of(here: LockerInHand, who: Word = ANNA) -> CodeHmac:
    told = [event for event in here.all(ev.CodeDelegated) if event.delegate == who]
    assert told[-1].code_hmac is not None
    return told[-1].code_hmac


def show(here: LockerInHand, who: Word | None, parcel: ParcelId = P1, jti: str = "pass-1") -> object:
    until = WallMs(here.at.wall + 3_600_000)
    return here.put(PassShown(THEIRS, Jti(jti), NORTH, parcel, here.at.wall, until, who))


def test_a_delegate_collects_that_one_parcel_and_no_other(locker: LockerInHand) -> None:
    assert delegate(locker) == CommandAnswer("executed")
    assert unlocked(locker.type_code(code_of(locker), THEIRS)) == A02
    assert locker.last(ev.CodeAccepted).delegate == ANNA
    assert locker.state.recipient is not None
    assert locker.state.recipient.parcels == (P1,)
    locker.closes(A02)
    assert locker.last(ev.CustodyCollected).parcel == P1
    assert is_refused(locker.next_door(session=THEIRS), Refusal.NOTHING_WAITING)
    assert unlocked(locker.type_code(locker.code_of(2))) == A03
    locker.check_replay()


def test_their_code_is_spent_and_erased_with_the_parcel_whoever_collects_it(locker: LockerInHand) -> None:
    delegate(locker)
    sequence = locker.state.delegations[0].sequence
    unlocked(locker.type_code(locker.code_of(1)))
    locker.closes(A02)
    assert not locker.state.delegations
    assert any(sequence in event.sequences for event in locker.all(ev.PrivateErased))
    assert is_refused(locker.type_code(code_of(locker), THEIRS), Refusal.CODE_INVALID)
    locker.check_replay()


def test_the_code_is_told_to_the_carrier_alone_and_sealed(locker: LockerInHand) -> None:
    delegate(locker)
    told = locker.last(ev.CodeDelegated)
    assert (told.parcel, told.pickup, told.delegate, told.compartment) == (P1, PickupId(P1), ANNA, A02)
    assert told.code_jwe.startswith("sealed-")


def test_one_is_revoked_and_nobody_else(locker: LockerInHand) -> None:
    delegate(locker, ANNA)
    delegate(locker, BEN)
    assert locker.command(RevokeCode(parcel=P1, delegate=ANNA)) == CommandAnswer("executed")
    assert is_refused(locker.type_code(code_of(locker, ANNA), THEIRS), Refusal.CODE_INVALID)
    assert unlocked(locker.type_code(code_of(locker, BEN), THEIRS)) == A02
    locker.check_replay()


def test_the_recipients_code_is_revoked_without_theirs_and_made_anew(locker: LockerInHand) -> None:
    delegate(locker)
    locker.command(RevokeCode(parcel=P1))
    assert unlocked(locker.type_code(code_of(locker), THEIRS)) == A02
    locker.closes(A02)
    assert locker.command(ReissueCode(parcel=P2)) == CommandAnswer("executed")


def test_whoever_is_named_again_has_a_new_code_and_the_old_is_worthless(locker: LockerInHand) -> None:
    delegate(locker)
    first = code_of(locker)
    assert delegate(locker) == CommandAnswer("executed")
    assert is_refused(locker.type_code(first, THEIRS), Refusal.CODE_INVALID)
    assert unlocked(locker.type_code(code_of(locker), THEIRS)) == A02
    assert len(locker.state.delegations) == 1


def test_no_more_than_the_configuration_counts_with(locker: LockerInHand) -> None:
    assert [delegate(locker, who).reason for who in (ANNA, BEN, Word("cem"))] == [None, None, "too_many_delegates"]
    assert delegate(locker, ANNA, P2).reason is None
    nobody = LockerInHand()
    nobody.deposit(1)
    assert delegate(nobody).reason == "too_many_delegates"


def test_only_what_waits_and_only_by_its_carrier(locker: LockerInHand) -> None:
    assert delegate(locker, carrier=SOUTH).reason == "parcel_unknown"
    locker.expect(3)
    assert delegate(locker, ANNA, parcel_id(NORTH, "P3")).reason == "not_stored"
    locker.command(CancelParcel(parcel=P1))
    assert delegate(locker).reason == "not_stored"
    assert locker.command(RevokeCode(parcel=P2, delegate=ANNA)).reason == "no_delegate"


def test_what_was_recalled_is_not_handed_to_a_delegate_either(locker: LockerInHand) -> None:
    delegate(locker)
    locker.command(CancelParcel(parcel=P1))
    assert is_refused(locker.type_code(code_of(locker), THEIRS), Refusal.CODE_INVALID)


def test_a_pass_of_their_own_opens_that_parcel_until_they_are_revoked(locker: LockerInHand) -> None:
    assert is_refused(show(locker, ANNA), Refusal.PASS_INVALID)  # type: ignore[arg-type]
    delegate(locker)
    assert unlocked(show(locker, ANNA)) == A02  # type: ignore[arg-type]
    locker.closes(A02)
    assert is_refused(show(locker, ANNA, P2, "pass-2"), Refusal.PASS_INVALID)  # type: ignore[arg-type]
    delegate(locker, BEN, P2)
    locker.command(RevokeCode(parcel=P2, delegate=BEN))
    assert is_refused(show(locker, BEN, P2, "pass-3"), Refusal.PASS_INVALID)  # type: ignore[arg-type]
    locker.check_replay()


def test_a_delegate_sees_nobodys_wishes(locker: LockerInHand) -> None:
    delegate(locker)
    unlocked(locker.type_code(code_of(locker), THEIRS))
    locker.closes(A02)
    assert wishes_at_the_screen(locker.state, THEIRS) is None


def test_a_delegate_whose_door_jammed_tries_again_and_the_recipient_begins_a_visit_of_their_own(
    locker: LockerInHand,
) -> None:
    delegate(locker)
    locker.jam(A02)
    unlocked(locker.type_code(code_of(locker), RECIPIENT))
    locker.pass_ms(11_000)
    locker.jam(A02, jammed=False)
    assert unlocked(locker.type_code(code_of(locker), RECIPIENT)) == A02
    locker.closes(A02)
    unlocked(locker.type_code(locker.code_of(2), RECIPIENT))
    assert locker.state.recipient is not None
    assert (locker.state.recipient.delegate, locker.state.recipient.parcels) == (None, (P2,))


def test_theirs_is_never_a_short_code(locker: LockerInHand) -> None:
    here = LockerInHand(a_policy(second_digits=4, delegates=1))
    here.deposit(1, second_jwe="4711")
    parcel = here.state.parcels[P1]
    asked = CommandArrived(
        jti=Jti("j"),
        kid="k",  # type: ignore[arg-type]
        role="carrier",  # type: ignore[arg-type]
        carrier=NORTH,
        issued_at=here.at.wall,
        expires_at=here.at.wall,
        ctr=None,
        nonce_good=True,
        command=DelegateCode(parcel=P1, delegate=ANNA),
    )
    assert digits_wanted(asked, parcel, here.policy) == 8
    assert digits_wanted(DepositDone(THEIRS), parcel, here.policy) == 6
    delegate(here)
    assert unlocked(here.type_code(code_of(here), THEIRS)) == A02
