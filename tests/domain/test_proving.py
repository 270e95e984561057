"""What a plan demands besides the code: checked before the door opens, counted, kept, and erased in time."""

import pytest
from support.locker_heart import A02, MINUTE_MS, SECOND_MS
from support.locker_in_hand import RECIPIENT, LockerInHand, is_refused, norths
from support.locker_rules import SECRET
from support.policies import a_policy

from controller.domain import events as ev
from controller.domain import inputs
from controller.domain.answers import Answer, DoorUnlocked, EvidenceWanted, PinSent
from controller.domain.commands import ReportNotification
from controller.domain.ids import CodeHmac, FileId, PickupId, SessionId
from controller.domain.notices import ReportedAs
from controller.domain.preferences import Channel
from controller.domain.refusals import Refusal
from controller.domain.rules import Rule
from controller.domain.site import OBTAINED

P1, PICKUP = norths("P1"), PickupId("north/P1")
OBTAINS = (*OBTAINED, "signature")
PIN, WRONG_PIN = CodeHmac(f"{SECRET}pin-1"), CodeHmac(f"{SECRET}no-pin")
DAY_MS = 24 * 60 * MINUTE_MS


def a_locker(*evidence: str, **figures: object) -> LockerInHand:
    """P1 lies in A02, and this is demanded of who collects it."""
    locker = LockerInHand(a_policy(Rule("strict", evidence=evidence), obtains=OBTAINS, **figures))
    assert locker.deposit(1) == A02
    return locker


def ask_pin(locker: LockerInHand, hmac: CodeHmac = PIN, session: SessionId = RECIPIENT) -> Answer:
    return locker.put(inputs.PinAsked(session, inputs.FreshPin(PICKUP, hmac, "sealed")))


def type_pin(locker: LockerInHand, pin: CodeHmac = PIN, session: SessionId = RECIPIENT) -> Answer:
    return locker.put(inputs.FreshPinTyped(session, pin))


def sign(locker: LockerInHand, session: SessionId = RECIPIENT) -> Answer:
    return locker.put(inputs.SignatureGiven(session, inputs.KeptFile(FileId("f" * 64), "d" * 64, "5" * 32)))


def code_typed(locker: LockerInHand, session: SessionId = RECIPIENT) -> Answer:
    return locker.type_code(locker.code_of(1), session)


# --- before the unlock --------------------------------------------------------------------------------


def test_a_code_alone_opens_no_door_whose_plan_demands_more() -> None:
    locker = a_locker("pin|signature")
    assert code_typed(locker) == EvidenceWanted(("pin|signature",))
    assert len(locker.all(ev.UnlockAuthorised)) == 1, "the driver's"
    assert not locker.all(ev.CustodyCollecting)
    assert locker.state.recipient is not None
    locker.check_replay()


def test_the_pass_that_is_demanded_may_follow_the_code() -> None:
    locker = a_locker("pass")
    assert code_typed(locker) == EvidenceWanted(("pass",))
    assert locker.show_pass(P1) == DoorUnlocked((A02,))


def test_several_kinds_are_asked_for_until_all_are_there() -> None:
    locker = a_locker("pin", "signature")
    assert code_typed(locker) == EvidenceWanted(("pin", "signature"))
    assert sign(locker) == EvidenceWanted(("pin",)), "a signature records consent and stands for no PIN"
    ask_pin(locker)
    assert type_pin(locker) == DoorUnlocked((A02,))
    locker.closes(A02)
    evidence = locker.last(ev.CustodyCollected).evidence
    assert evidence.obtained == ("code", "signature", "pin", "door_cycle")
    assert evidence.demanded == ("pin", "signature", "code", "door_cycle")
    assert (evidence.shortfall, evidence.digests) == ((), (ev.EvidenceDigest("signature", "d" * 64),))
    locker.check_replay()


def test_what_nobody_can_give_here_takes_a_person() -> None:
    locker = a_locker("signature")
    locker.policy = a_policy(obtains=OBTAINED)
    assert is_refused(code_typed(locker), Refusal.EVIDENCE_MISSING)
    assert not locker.all(ev.CustodyCollecting)


def test_what_is_missing_at_the_deposit_is_a_fact_with_a_shortfall() -> None:
    locker = LockerInHand(a_policy(Rule("seen", evidence=("photo",)), obtains=(*OBTAINED, "photo")))
    locker.deposit(1)
    assert locker.last(ev.CustodyStored).evidence == ev.Evidence(
        ("badge", "door_cycle"), ("photo",), demanded=("photo",)
    )
    assert code_typed(locker) == DoorUnlocked((A02,))
    locker.closes(A02)
    assert locker.last(ev.CustodyCollected).evidence.shortfall == ()


def test_a_jam_asks_for_nothing_twice_for_a_while() -> None:
    locker = a_locker("pin")
    locker.jam(A02)
    code_typed(locker)
    ask_pin(locker)
    assert type_pin(locker) == DoorUnlocked((A02,))
    locker.pass_ms(30 * SECOND_MS)
    locker.leave(RECIPIENT)
    assert code_typed(locker) == DoorUnlocked((A02,))
    locker.pass_ms(16 * MINUTE_MS)
    locker.leave(RECIPIENT)
    assert code_typed(locker) == EvidenceWanted(("pin",))
    locker.check_replay()


# --- the PIN ------------------------------------------------------------------------------------------


def test_a_pin_is_asked_for_by_another_way_than_the_code() -> None:
    locker = a_locker("pin", channels=(Channel.SMS, Channel.EMAIL))
    notice = locker.state.notices[P1]
    locker.command(ReportNotification(notice=notice.id, outcome=ReportedAs.FAILED, channel=notice.channel))
    code_typed(locker)
    answer = ask_pin(locker)
    requested = locker.last(ev.PinRequested)
    assert answer == PinSent(requested.until)
    assert (requested.parcel, requested.pickup, requested.pin_jwe) == (P1, PICKUP, "sealed")
    assert requested.not_by == (Channel.SMS, Channel.EMAIL)
    assert requested.until - locker.at.mono == 10 * MINUTE_MS


def test_a_pin_is_good_once_and_then_erased() -> None:
    locker = a_locker("pin")
    code_typed(locker)
    ask_pin(locker)
    number = locker.state.pins[PICKUP].sequence
    assert type_pin(locker) == DoorUnlocked((A02,))
    assert not locker.state.pins
    assert any(number in erased.sequences for erased in locker.all(ev.PrivateErased))
    assert is_refused(type_pin(locker), Refusal.PIN_EXPIRED)
    locker.check_replay()


def test_a_pin_that_came_too_late_is_asked_for_again() -> None:
    locker = a_locker("pin")
    code_typed(locker)
    ask_pin(locker)
    locker.pass_ms(10 * MINUTE_MS)
    assert locker.last(ev.PrivateErased).reason == "pin_expired"
    assert is_refused(type_pin(locker), Refusal.PIN_EXPIRED)
    assert isinstance(ask_pin(locker), PinSent)
    assert type_pin(locker) == DoorUnlocked((A02,))


def test_five_wrong_ones_make_it_void_even_for_the_right_one() -> None:
    locker = a_locker("pin")
    code_typed(locker)
    ask_pin(locker)
    for _ in range(4):
        assert is_refused(type_pin(locker, WRONG_PIN), Refusal.PIN_WRONG)
    assert is_refused(type_pin(locker, WRONG_PIN), Refusal.PIN_VOID)
    assert [refused.left for refused in locker.all(ev.PinRefused)] == [4, 3, 2, 1, 0]
    assert is_refused(type_pin(locker), Refusal.PIN_VOID)
    assert is_refused(ask_pin(locker), Refusal.PIN_VOID), "another one would be another five tries"
    locker.pass_ms(10 * MINUTE_MS)
    assert isinstance(ask_pin(locker), PinSent)
    locker.check_replay()


def test_wrong_pins_use_up_the_allowance_of_wrong_codes() -> None:
    locker = a_locker("pin", code_burst=3)
    code_typed(locker)
    ask_pin(locker)
    for _ in range(3):
        type_pin(locker, WRONG_PIN)
    assert locker.all(ev.SecurityGuessing)
    assert is_refused(type_pin(locker), Refusal.TOO_MANY_TRIES)
    assert locker.counted[-1] == inputs.TriesBackedOff()


def test_asking_again_at_once_sends_nothing() -> None:
    locker = a_locker("pin")
    code_typed(locker)
    ask_pin(locker)
    assert is_refused(ask_pin(locker), Refusal.PIN_SENT)
    locker.pass_ms(MINUTE_MS)
    assert isinstance(ask_pin(locker, WRONG_PIN), PinSent)
    assert is_refused(type_pin(locker), Refusal.PIN_WRONG), "the later one counts"
    assert type_pin(locker, WRONG_PIN) == DoorUnlocked((A02,))


def test_a_carrier_that_does_not_hear_can_send_none() -> None:
    locker = a_locker("pin")
    code_typed(locker)
    assert is_refused(locker.put(inputs.PinAsked(RECIPIENT, None)), Refusal.CARRIER_DEAF)
    assert not locker.state.pins


@pytest.mark.parametrize("gives", [ask_pin, type_pin, sign])
def test_nothing_is_taken_from_who_was_not_let_in(gives: object) -> None:
    locker = a_locker("pin")
    assert is_refused(gives(locker), Refusal.NOTHING_WAITING)  # type: ignore[operator]  # each of them is called alike


def test_a_restart_forgets_the_pin() -> None:
    locker = a_locker("pin")
    code_typed(locker)
    ask_pin(locker)
    locker.restart()
    assert not locker.state.pins
    assert code_typed(locker) == EvidenceWanted(("pin",))
    locker.check_replay()


# --- the signature ------------------------------------------------------------------------------------


def test_a_signature_is_on_record_before_the_door_is_unlocked() -> None:
    locker = a_locker("signature")
    code_typed(locker)
    mark = len(locker.history)
    assert sign(locker) == DoorUnlocked((A02,))
    assert locker.names_since(mark)[:3] == ["recipient.signed", "custody.collecting", "unlock.authorised"]


def test_a_signature_is_erased_when_its_time_is_over_and_a_disputed_one_later() -> None:
    locker = a_locker("signature")
    code_typed(locker)
    sign(locker)
    locker.closes(A02)
    locker.pass_ms(29 * DAY_MS)
    assert FileId("f" * 64) in locker.state.files
    locker.pass_ms(2 * DAY_MS)
    erased = locker.last(ev.PrivateErased)
    assert (erased.files, erased.reason) == ((FileId("f" * 64),), "retention")
    assert not locker.state.files
    locker.check_replay()
