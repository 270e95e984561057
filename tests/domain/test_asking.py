"""Commands that only ask: on record like any other, and refused where nothing can be told."""

import pytest
from support.locker_in_hand import LockerInHand

from controller.domain import events as ev
from controller.domain.answers import CommandAnswer
from controller.domain.commands import ASKS, Command, ReplayJournal, RunDiagnostics, SnapshotState
from controller.domain.decide.asking import MOST_REPLAYED
from controller.domain.ids import Jti, Role
from controller.domain.inputs import Telling
from controller.domain.refusals import Refusal

KEPT = Telling(first=100, last=5000)


def asked(locker: LockerInHand, command: Command, telling: Telling = KEPT) -> CommandAnswer:
    return locker.command(command, role=Role.OPERATOR, carrier=None, telling=telling)


@pytest.mark.parametrize("command", [ReplayJournal(first=100, last=100), SnapshotState(), RunDiagnostics()])
def test_who_asks_is_on_record_and_nothing_else_changes(locker: LockerInHand, command: Command) -> None:
    before = locker.state
    assert asked(locker, command) == CommandAnswer("executed")
    assert isinstance(command, ASKS)
    assert locker.last(ev.CommandReceived).command == command.TYPE
    assert locker.state.parcels == before.parcels
    assert locker.state.compartments == before.compartments


@pytest.mark.parametrize("command", [ReplayJournal(first=100, last=100), SnapshotState(), RunDiagnostics()])
def test_who_comes_while_others_are_being_told_asks_again_later(locker: LockerInHand, command: Command) -> None:
    busy = Telling(first=100, last=5000, busy=True)
    assert asked(locker, command, busy) == CommandAnswer("refused", Refusal.BUSY.value)
    assert asked(locker, command) == CommandAnswer("executed")


@pytest.mark.parametrize(
    ("first", "last", "reason"),
    [
        (100, 5000 - 1, Refusal.TOO_MANY_RECORDS),
        (100, 100 + MOST_REPLAYED, Refusal.TOO_MANY_RECORDS),
        (99, 110, Refusal.NOT_KEPT),
        (0, 0, Refusal.NOT_KEPT),
        (-5, 110, Refusal.NOT_KEPT),
        (4990, 5001, Refusal.NOT_KEPT),
        (200, 199, Refusal.NOT_KEPT),
        (100, 99 + MOST_REPLAYED, None),
        (5000, 5000, None),
    ],
)
def test_only_what_is_kept_and_was_said_is_said_again(
    locker: LockerInHand, first: int, last: int, reason: Refusal | None
) -> None:
    expected = CommandAnswer("executed") if reason is None else CommandAnswer("refused", reason.value)
    assert asked(locker, ReplayJournal(first=first, last=last)) == expected


def test_the_same_question_is_not_answered_twice(locker: LockerInHand) -> None:
    once = Jti("once")
    for expected in (CommandAnswer("executed"), CommandAnswer("duplicate", first="executed")):
        assert locker.command(SnapshotState(), jti=once) == expected
