"""Picking up with the carrier's app: whoever stands at the screen is let to one parcel, and only while they do."""

import pytest
from support.locker_heart import A02
from support.locker_in_hand import DRIVER, NORTH, RECIPIENT, SOUTH, LockerInHand, is_refused, norths
from support.policies import a_policy

from controller.domain import events as ev
from controller.domain import inputs
from controller.domain.answers import CommandAnswer, DoorUnlocked, EvidenceWanted
from controller.domain.commands import AuthorisePickup, RecallParcel
from controller.domain.ids import ClockQuality, FileId, Jti, SessionId
from controller.domain.refusals import Refusal
from controller.domain.rules import Rule
from controller.domain.site import OBTAINED

P1, P2, P3 = norths("P1"), norths("P2"), norths("P3")
OPENING = CommandAnswer("executed", outcome="opening")


def refused(reason: Refusal) -> CommandAnswer:
    return CommandAnswer("refused", reason.value)


@pytest.fixture
def stored(locker: LockerInHand) -> LockerInHand:
    """P1 waits in A02."""
    assert locker.deposit(1) == A02
    return locker


def test_the_app_opens_the_door_and_is_what_the_proof_names(stored: LockerInHand) -> None:
    assert stored.use_app(P1) == OPENING
    stored.closes(A02)
    assert stored.last(ev.CustodyCollected).evidence == ev.Evidence(
        ("app", "door_cycle"), demanded=("code", "door_cycle")
    )
    accepted = stored.last(ev.AppAccepted)
    assert (accepted.parcel, accepted.session) == (P1, RECIPIENT)
    stored.check_replay()


def test_nobody_at_the_screen_opens_nothing(stored: LockerInHand) -> None:
    assert stored.use_app(P1, session=None) == refused(Refusal.NOT_PRESENT)
    assert not stored.all(ev.AppAccepted)
    assert stored.state.recipient is None


def test_another_carriers_word_opens_nothing(stored: LockerInHand) -> None:
    assert stored.use_app(P1, SOUTH) == refused(Refusal.PARCEL_UNKNOWN)
    assert not stored.all(ev.AppAccepted)


def test_a_parcel_that_is_not_inside_or_called_back_is_not_handed_out(stored: LockerInHand) -> None:
    stored.expect(2)
    assert stored.use_app(P2) == refused(Refusal.NOT_STORED)
    stored.command(RecallParcel(parcel=P1))
    assert stored.use_app(P1) == refused(Refusal.NOT_HANDED_OUT)


def test_it_opens_that_parcels_door_and_no_other_of_the_pickup(locker: LockerInHand) -> None:
    first, second, third = (locker.deposit(serial, recipient="r-1") for serial in (1, 2, 3))
    assert locker.use_app(P2) == OPENING
    locker.closes(second)
    assert is_refused(locker.next_door(), Refusal.NOTHING_WAITING)
    assert locker.type_code(locker.code_of(1)) == DoorUnlocked((first,)), "the code of the pickup opens the rest"
    locker.closes(first)
    assert locker.next_door() == DoorUnlocked((third,))
    locker.closes(third)
    assert [each.evidence.obtained[0] for each in locker.all(ev.CustodyCollected)] == ["app", "code", "code"]
    locker.check_replay()


def test_after_the_code_it_narrows_the_visit_to_its_own_parcel(locker: LockerInHand) -> None:
    first, _, third = (locker.deposit(serial, recipient="r-1") for serial in (1, 2, 3))
    assert locker.type_code(locker.code_of(1)) == DoorUnlocked((first,))
    assert locker.use_app(P3) == refused(Refusal.DOOR_OPEN), "one door at a time"
    locker.closes(first)
    assert locker.use_app(P3) == OPENING
    locker.closes(third)
    assert is_refused(locker.next_door(), Refusal.NOTHING_WAITING)
    locker.check_replay()


def test_what_the_plan_demands_besides_is_still_asked_for() -> None:
    locker = LockerInHand(a_policy(Rule("strict", evidence=("code", "signature")), obtains=(*OBTAINED, "signature")))
    locker.deposit(1)
    assert locker.use_app(P1) == CommandAnswer("executed", outcome="evidence_wanted")
    assert not [each for each in locker.all(ev.UnlockAuthorised) if each.session == RECIPIENT]
    assert locker.next_door() == EvidenceWanted(("signature",))
    kept = inputs.KeptFile(FileId("f" * 64), "d" * 64, "5" * 32)
    assert locker.put(inputs.SignatureGiven(RECIPIENT, kept)) == DoorUnlocked((A02,))
    locker.closes(A02)
    assert locker.last(ev.CustodyCollected).evidence.obtained == ("app", "signature", "door_cycle")


def test_it_may_be_what_the_plan_demands(locker: LockerInHand) -> None:
    locker.policy = a_policy(Rule("strict", evidence=("app",)))
    locker.deposit(1)
    assert locker.type_code(locker.code_of(1)) == EvidenceWanted(("app",))
    assert locker.use_app(P1) == OPENING


def test_a_driver_at_the_screen_is_no_recipient(stored: LockerInHand) -> None:
    stored.sign_in(NORTH)
    assert stored.use_app(P1, session=DRIVER) == refused(Refusal.BUSY)


def test_it_does_not_count_among_the_unlocks_from_afar(stored: LockerInHand) -> None:
    for visit in range(3):
        session = SessionId(f"visit-{visit}")
        stored.jam(A02)
        assert stored.use_app(P1, session=session) == OPENING
        stored.pass_ms(30_000)
        stored.leave(session)
    assert not stored.state.remote_unlocks


def test_the_same_command_again_is_a_duplicate_and_moves_nothing(stored: LockerInHand) -> None:
    command = AuthorisePickup(parcel=P1, presence="n")
    assert stored.command(command, jti=Jti("once"), present=RECIPIENT) == OPENING
    stored.closes(A02)
    again = stored.command(command, jti=Jti("once"), present=SessionId("another"))
    assert again == CommandAnswer("duplicate", first="opening")
    assert len(stored.all(ev.AppAccepted)) == 1


def test_with_the_clock_unknown_it_echoes_the_status_nonce(stored: LockerInHand) -> None:
    stored.set_clock(ClockQuality.UNKNOWN)
    command = AuthorisePickup(parcel=P1, presence="n")
    assert stored.command(command, present=RECIPIENT) == refused(Refusal.NONCE_REQUIRED)
    assert stored.command(command, present=RECIPIENT, nonce_good=True) == OPENING
