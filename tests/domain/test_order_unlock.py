"""Doors opened from afar and from the terminal: counted, limited, never in anybody's way."""

import pytest
from support.locker_heart import A01, A02, A03, HOUR_MS, MINUTE_MS, SECOND_MS
from support.locker_in_hand import DRIVER, LockerInHand, is_refused, norths

from controller.domain import events as ev
from controller.domain import inputs
from controller.domain.answers import CommandAnswer, DoorUnlocked
from controller.domain.commands import BlockCompartment, CancelParcel, UnlockCompartment
from controller.domain.ids import Jti, Purpose, Role
from controller.domain.refusals import Refusal

STARTED = CommandAnswer("started")
OPEN_A01, OPEN_A02 = UnlockCompartment(compartment=A01), UnlockCompartment(compartment=A02)


def refused(reason: Refusal) -> CommandAnswer:
    return CommandAnswer("refused", reason.value)


def with_counter(locker: LockerInHand, ctr: int | None, role: Role = Role.OPERATOR) -> CommandAnswer:
    answer = locker.command(OPEN_A01, role=role, carrier=None, ctr=ctr)
    locker.closes(A01)
    return answer


def test_an_unlock_is_told_when_the_door_has_spoken(locker: LockerInHand) -> None:
    mark = len(locker.history)
    assert locker.operate(OPEN_A01) == STARTED
    assert locker.names_since(mark) == [
        "command.received",
        "unlock.authorised",
        "unlock.reported",
        "door.opened",
        "command.executed",
    ]
    authorised = locker.last(ev.UnlockAuthorised)
    assert (authorised.purpose, authorised.role, authorised.parcel) == (Purpose.SERVICE, Role.OPERATOR, None)
    assert locker.last(ev.CommandExecuted) == ev.CommandExecuted(jti=authorised.jti or Jti(""), outcome="opened")


@pytest.mark.parametrize("sent", ["not_sent", "rejected"])
def test_an_unlock_that_moved_nothing_is_refused(locker: LockerInHand, sent: str) -> None:
    locker.power_fails_before_pulse = True
    locker.operate(OPEN_A01)
    locker.put(inputs.UnlockEnded(A01, sent))
    assert locker.last(ev.CommandRefused).reason == sent
    assert locker.all(ev.DoorDidNotOpen)
    assert locker[A01].quarantine is None


def test_the_same_command_while_its_door_moves(locker: LockerInHand) -> None:
    locker.power_fails_before_pulse = True
    jti = Jti("twice")
    assert locker.command(OPEN_A01, role=Role.OPERATOR, carrier=None, ctr=1, jti=jti) == STARTED
    assert locker.command(OPEN_A01, role=Role.OPERATOR, carrier=None, ctr=1, jti=jti) == STARTED
    assert len(locker.all(ev.UnlockAuthorised)) == 1
    locker.put(inputs.UnlockEnded(A01, "no_reply"))
    locker.pass_ms(11 * SECOND_MS)
    again = locker.command(OPEN_A01, role=Role.OPERATOR, carrier=None, ctr=1, jti=jti)
    assert again == CommandAnswer("duplicate", first="no_reply")


def test_a_report_that_comes_after_nobody_could_see(locker: LockerInHand) -> None:
    locker.power_fails_before_pulse = True
    locker.silence(A01)
    locker.operate(OPEN_A01)
    locker.pass_ms(11 * SECOND_MS)
    assert locker.last(ev.UnlockReported).sent == "no_feedback"
    assert locker.last(ev.CommandExecuted).outcome == "no_feedback"
    locker.put(inputs.UnlockEnded(A01, "no_reply"))
    assert len(locker.all(ev.CommandExecuted)) == 1, "one answer"


@pytest.mark.parametrize("sent", ["written", "acknowledged", "no_reply"])
@pytest.mark.parametrize("sees", [True, False])
def test_a_door_that_stays_shut_is_told_apart_from_a_board_or_a_sensor_that_says_nothing(
    locker: LockerInHand, sent: str, sees: bool
) -> None:
    locker.power_fails_before_pulse = True
    if not sees:
        locker.silence(A01)
    locker.operate(OPEN_A01)
    locker.put(inputs.UnlockEnded(A01, sent))
    assert not locker.all(ev.CommandExecuted), "the door has its time"
    locker.pass_ms(11 * SECOND_MS)
    expected = "no_reply" if sent == "no_reply" else "did_not_open" if sees else "no_feedback"
    assert locker.last(ev.CommandExecuted).outcome == expected
    assert bool(locker.all(ev.DoorDidNotOpen)) is sees


@pytest.mark.parametrize("sent", ["written", "acknowledged", "no_reply"])
def test_a_door_that_stands_open_is_open_already_whatever_the_board_says(locker: LockerInHand, sent: str) -> None:
    locker.opens(A01)
    locker.pass_ms(3 * MINUTE_MS)
    locker.power_fails_before_pulse = True
    locker.operate(OPEN_A01)
    locker.put(inputs.UnlockEnded(A01, sent))
    assert locker.last(ev.UnlockReported).sent == "already_open"
    assert locker.last(ev.CommandExecuted).outcome == "already_open"


def test_an_order_that_never_left_is_refused_even_where_the_door_stands_open(locker: LockerInHand) -> None:
    locker.opens(A01)
    locker.pass_ms(3 * MINUTE_MS)
    locker.power_fails_before_pulse = True
    locker.operate(OPEN_A01)
    locker.put(inputs.UnlockEnded(A01, "not_sent"))
    assert locker.last(ev.UnlockReported).sent == "not_sent"
    assert locker.last(ev.CommandRefused).reason == "not_sent"


def test_a_door_that_opens_late_changes_no_answer(locker: LockerInHand) -> None:
    locker.jam(A01)
    locker.operate(OPEN_A01)
    locker.pass_ms(20 * SECOND_MS)
    locker.opens(A01)
    assert locker.last(ev.DoorOpened).cause == "late"
    assert [event.outcome for event in locker.all(ev.CommandExecuted)] == ["did_not_open"]


def test_each_counter_must_be_above_every_earlier_one_of_its_key(locker: LockerInHand) -> None:
    assert with_counter(locker, None) == refused(Refusal.COUNTER_BACK)
    assert with_counter(locker, 5) == STARTED
    assert with_counter(locker, 5) == refused(Refusal.COUNTER_BACK)
    assert with_counter(locker, 4) == refused(Refusal.COUNTER_BACK)
    assert with_counter(locker, None) == refused(Refusal.COUNTER_BACK)
    assert with_counter(locker, 1, Role.TECHNICIAN) == STARTED, "another key counts for itself"
    locker.restart()
    assert with_counter(locker, 5) == refused(Refusal.COUNTER_BACK)
    assert with_counter(locker, 6) == STARTED
    assert len(locker.all(ev.UnlockAuthorised)) == 3


def test_a_counter_is_used_up_even_where_the_door_stays_shut(locker: LockerInHand) -> None:
    locker.sign_in()
    assert with_counter(locker, 7) == refused(Refusal.BUSY)
    locker.leave()
    assert with_counter(locker, 7) == refused(Refusal.COUNTER_BACK)


def test_only_what_must_be_counted_is(locker: LockerInHand) -> None:
    locker.command(BlockCompartment(compartment=A03), role=Role.OPERATOR, carrier=None, ctr=100)
    assert with_counter(locker, 1) == STARTED


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.TECHNICIAN])
def test_three_occupied_compartments_an_hour(locker: LockerInHand, role: Role) -> None:
    id = locker.deposit(1)
    unlock = UnlockCompartment(compartment=id)
    for ctr in (1, 2):
        assert locker.command(unlock, role=role, carrier=None, ctr=ctr) == STARTED
        locker.closes(id)
    assert locker.put(inputs.LocalCommand(unlock, "a look")) == CommandAnswer("executed")
    locker.closes(id)
    assert locker.command(unlock, role=role, carrier=None, ctr=3) == refused(Refusal.UNLOCK_LIMIT)
    assert is_refused(locker.put(inputs.LocalCommand(unlock, "again")), Refusal.UNLOCK_LIMIT)
    locker.restart(off_ms=5 * HOUR_MS)
    assert locker.command(unlock, role=role, carrier=None, ctr=4) == refused(Refusal.UNLOCK_LIMIT)
    vacant = UnlockCompartment(compartment=A03)
    assert locker.command(vacant, role=role, carrier=None, ctr=5) == STARTED, "nothing is behind this one"
    locker.closes(A03)
    locker.pass_ms(HOUR_MS)
    assert locker.command(unlock, role=role, carrier=None, ctr=6) == STARTED


def test_busy_while_a_driver_is_there(locker: LockerInHand) -> None:
    locker.sign_in()
    assert locker.operate(OPEN_A01) == refused(Refusal.BUSY)


def test_busy_while_a_door_moves(locker: LockerInHand) -> None:
    id = locker.deposit(1)
    locker.type_code(locker.code_of(1))
    assert locker.operate(OPEN_A01) == refused(Refusal.BUSY)
    locker.pass_ms(2 * MINUTE_MS)
    assert locker.operate(OPEN_A01) == STARTED, "a door left open holds up nobody"
    locker.closes(id)


def test_busy_while_a_deposit_waits_for_its_answer(locker: LockerInHand) -> None:
    locker.expect(1)
    id = locker.put_in(1)
    locker.leave(DRIVER)
    assert locker.operate(UnlockCompartment(compartment=id)) == refused(Refusal.BUSY)
    locker.pass_ms(46 * SECOND_MS)
    assert locker.operate(UnlockCompartment(compartment=id)) == STARTED


def test_at_the_terminal_only_compartments_are_commanded(locker: LockerInHand) -> None:
    id = locker.deposit(1)
    assert is_refused(locker.put(inputs.LocalCommand(CancelParcel(parcel=norths("P1")), "")), Refusal.NOT_ALLOWED)
    assert locker.put(inputs.LocalCommand(BlockCompartment(compartment=A01), "broken hinge")) == CommandAnswer(
        "executed"
    )
    assert locker[A01].blocked
    locker.put(inputs.LocalCommand(UnlockCompartment(compartment=id), "Ms Doe forgot a glove"))
    authorised = locker.last(ev.UnlockAuthorised)
    assert authorised.note == "Ms Doe forgot a glove"
    assert "Doe" not in repr(locker.state)
    locker.closes(id)
    assert isinstance(locker.type_code(locker.code_of(1)), DoorUnlocked)
