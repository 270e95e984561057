"""The service lock-out: while it holds, no lock moves."""

import pytest
from support.locker_heart import A01, A03, HOUR_MS, SECOND_MS
from support.locker_in_hand import RECIPIENT, LockerInHand, is_refused, s10_label

from controller.domain import events as ev
from controller.domain import inputs
from controller.domain.allocation import status
from controller.domain.answers import CommandAnswer, DoorUnlocked, Noted
from controller.domain.commands import EmergencyUnlock, UnlockAll, UnlockCompartment
from controller.domain.refusals import Refusal
from controller.domain.state import Status


def lock_out(locker: LockerInHand) -> None:
    assert locker.put(inputs.LockOutAsked(None, "new lock in A03")) == Noted()


def test_nothing_is_unlocked_whoever_asks(locker: LockerInHand) -> None:
    stored = locker.deposit(1)
    locker.expect(2)
    locker.expect(3)
    locker.sign_in()
    locker.scan(s10_label(3))
    lock_out(locker)
    unlocks = len(locker.all(ev.UnlockAuthorised))
    assert is_refused(locker.acknowledge(), Refusal.LOCKED_OUT)
    assert is_refused(locker.scan(s10_label(2)), Refusal.LOCKED_OUT)
    locker.leave()
    assert is_refused(locker.type_code(locker.code_of(1)), Refusal.LOCKED_OUT)
    assert locker.operate(UnlockCompartment(compartment=stored)) == CommandAnswer("refused", "locked_out")
    assert locker.operate(EmergencyUnlock(compartment=A03)) == CommandAnswer("refused", "locked_out")
    assert locker.operate(UnlockAll()) == CommandAnswer("refused", "locked_out")
    here = locker.put(inputs.LocalCommand(UnlockCompartment(compartment=A03), "to look"))
    assert is_refused(here, Refusal.LOCKED_OUT)
    assert is_refused(locker.put(inputs.SomeoneInsideSaid(RECIPIENT)), Refusal.LOCKED_OUT)
    assert locker.counted[-1] == inputs.SomeoneInsideRefused("locked_out"), "but somebody is told"
    assert len(locker.all(ev.UnlockAuthorised)) == unlocks


def test_a_closed_door_is_not_opened_again_either(locker: LockerInHand) -> None:
    locker.deposit(1)
    answer = locker.type_code(locker.code_of(1))
    assert isinstance(answer, DoorUnlocked)
    locker.closes(answer.compartments[0])
    lock_out(locker)
    assert is_refused(locker.reopen(answer.compartments[0]), Refusal.LOCKED_OUT)


def test_it_outlives_a_restart_and_is_switched_off(locker: LockerInHand) -> None:
    lock_out(locker)
    locker.restart(off_ms=HOUR_MS)
    assert locker.state.lockout is not None
    assert status(locker[A01], locker.state) is Status.OUT_OF_SERVICE
    assert locker.put(inputs.LockoutEndAsked(None, "done")) == Noted()
    assert locker.state.lockout is None
    assert isinstance(locker.last(ev.LockoutEnded), ev.LockoutEnded)
    assert locker.operate(UnlockCompartment(compartment=A01)) == CommandAnswer("started")
    assert is_refused(locker.put(inputs.LockoutEndAsked(None, "again")), Refusal.NOT_LOCKED_OUT)


def test_forgotten_it_ends_with_an_alarm(locker: LockerInHand) -> None:
    lock_out(locker)
    locker.pass_ms(7 * HOUR_MS)
    lock_out(locker)
    locker.pass_ms(7 * HOUR_MS)
    assert locker.state.lockout is not None, "said again, it holds for its whole time again"
    locker.pass_ms(HOUR_MS)
    assert locker.state.lockout is None
    assert len(locker.all(ev.LockoutLapsed)) == 1
    assert not locker.all(ev.LockoutEnded)


@pytest.mark.parametrize("wait_ms", [0, 11 * SECOND_MS])
def test_not_while_a_lock_is_about_to_move(locker: LockerInHand, wait_ms: int) -> None:
    locker.jam(A01)
    locker.operate(UnlockCompartment(compartment=A01))
    locker.pass_ms(wait_ms)
    assert is_refused(locker.put(inputs.LockOutAsked(None)), Refusal.BUSY) is (wait_ms == 0)


def test_why_stays_here(locker: LockerInHand) -> None:
    lock_out(locker)
    assert locker.last(ev.LockedOut).note == "new lock in A03"
    assert "new lock" not in repr(locker.state)
