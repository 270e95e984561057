"""The board without wires, on virtual time: it repeats itself exactly, and does nothing of its own accord."""

from collections.abc import Callable

import pytest
from support.line_notes import Notes

from firmware_bridge.cabinet import Cabinet, Mechanics
from firmware_bridge.faults import FaultKind
from firmware_bridge.lock_board import Door, LockBoard, Sent
from firmware_bridge.simulated_board import SimulatedBoard
from firmware_bridge.supply import LockKind, Supply, SupplyRules
from firmware_bridge.timers import VirtualTimers


class Locker:
    """A board on virtual time."""

    def __init__(self, mechanics: Mechanics | None = None, *, parcel_sensors: bool = False) -> None:
        self.timers = VirtualTimers()
        self.cabinet = Cabinet(range(1, 61), self.timers, mechanics)
        self.notes = Notes()
        supply = Supply(SupplyRules("psu"), self.timers)
        self.board: LockBoard = SimulatedBoard("main", self.cabinet, supply, self.timers, parcel_sensors=parcel_sensors)
        self.board.open(self.notes.observe)


def visit() -> list[tuple[int, str]]:
    """Somebody opens two doors, closes them, and leaves the third forced."""
    locker = Locker()
    log: list[tuple[int, str]] = []
    locker.timers.advance(100)
    for channel in (7, 8):
        locker.board.unlock(channel, lambda report: log.append((locker.timers.now_ms(), str(report))))
    locker.timers.advance(2_000)
    for channel in (8, 7):
        locker.cabinet.close_door(channel)
        locker.timers.advance(300)
    locker.cabinet.force(9)
    locker.timers.advance(1_000)
    return log + [(0, str(observation)) for observation in locker.notes.observations]


def test_the_same_visit_is_the_same_history() -> None:
    assert visit() == visit()
    assert len(visit()) == 2 + 1 + 5


def test_nothing_is_called_before_the_callers_call_returned() -> None:
    locker = Locker()
    locker.board.unlock(1, locker.notes.report)
    locker.board.survey(locker.notes.answer)
    assert (locker.notes.observations, locker.notes.reports, locker.notes.surveys) == ([], [], [])
    locker.timers.advance(200)
    assert len(locker.notes.reports) == len(locker.notes.surveys) == 1


def test_all_doors_are_told_in_one_observation_at_the_start() -> None:
    locker = Locker()
    locker.timers.advance(50)
    [observation] = locker.notes.observations
    assert observation.doors == dict.fromkeys(range(1, 61), Door.CLOSED)


def test_an_idle_board_asks_for_no_time() -> None:
    locker = Locker()
    locker.timers.advance(1_000)
    assert locker.timers.due_ms() is None
    locker.board.attend(10_000)
    assert locker.timers.due_ms() is None


def test_a_closed_board_no_longer_listens_to_its_cabinet() -> None:
    locker = Locker()
    locker.timers.advance(1_000)
    locker.board.close()
    locker.cabinet.force(1)
    locker.timers.advance(1_000)
    assert locker.notes.changes(1) == [Door.CLOSED]


def test_a_contact_that_never_rests_is_surveyed_as_it_was_last_settled() -> None:
    locker = Locker(Mechanics(bounce_ms=()))
    locker.timers.advance(1_000)
    locker.board.survey(locker.notes.answer)

    def flap(door: Door) -> None:
        """25 ms open and 25 ms closed, and open whenever the survey looks."""
        locker.cabinet.stick_sensor(3, door)
        locker.timers.call_later(25, lambda: flap(Door.OPEN if door is Door.CLOSED else Door.CLOSED))

    flap(Door.OPEN)
    locker.timers.advance(1_000)
    assert locker.notes.surveys[0][3].door is Door.CLOSED
    assert locker.notes.changes(3) == [Door.CLOSED]


def test_an_unlock_whose_reply_is_lost_says_so() -> None:
    locker = Locker()
    locker.cabinet.lose_replies(True)
    locker.board.unlock(1, locker.notes.report)
    locker.timers.advance(1_000)
    [report] = locker.notes.reports
    assert report.sent is Sent.NO_REPLY
    assert report.fault is not None
    assert report.fault.kind is FaultKind.NO_REPLY
    assert locker.cabinet.doors()[1].open


def test_a_board_that_is_silent_from_the_start_says_so_though_no_door_changes() -> None:
    locker = Locker()
    locker.cabinet.lose_replies(True)
    locker.timers.advance(1_000)
    assert locker.notes.fault_kind is FaultKind.NO_REPLY
    assert locker.notes.changes(1) == []


def test_nothing_is_done_on_the_callers_thread_but_posting() -> None:
    timers = VirtualTimers()
    cabinet, notes = Cabinet((1,), timers), Notes()
    posted: list[Callable[[], None]] = []
    supply = Supply(SupplyRules("psu"), timers)
    board = SimulatedBoard("main", cabinet, supply, timers, posted.append)
    board.open(notes.observe)
    board.unlock(1, notes.report)
    board.survey(notes.answer)
    assert len(posted) == 3
    assert timers.due_ms() is None
    look, claim, survey = posted
    look()
    claim()
    survey()
    assert cabinet.pulses == []
    posted[3]()
    assert [pulse.channel for pulse in cabinet.pulses] == [1]
    board.close()
    still_posted = len(posted)
    cabinet.force(1)
    assert len(posted) == still_posted


def test_a_pulse_that_cannot_be_is_refused_at_once() -> None:
    timers = VirtualTimers()
    with pytest.raises(ValueError, match="too long for a lock of kind electromagnet"):
        SimulatedBoard(
            "main",
            Cabinet((1,), timers),
            Supply(SupplyRules("psu"), timers),
            timers,
            pulse_ms=2_000,
            kind=LockKind.ELECTROMAGNET,
        )


def parcels(locker: Locker) -> list[dict[int, bool | None]]:
    return [dict(it.parcels) for it in locker.notes.observations if it.parcels]


def test_parcel_sensors_tell_what_is_put_in_and_taken_out() -> None:
    locker = Locker(parcel_sensors=True)
    locker.timers.advance(100)
    assert parcels(locker) == [dict.fromkeys(range(1, 61), False)]
    locker.cabinet.force(7)
    locker.cabinet.put_item(7)
    locker.timers.advance(100)
    locker.cabinet.take_item(7)
    locker.timers.advance(100)
    assert parcels(locker)[1:] == [{7: True}, {7: False}]
    assert locker.board.state().doors[7].parcel is False
    locker.cabinet.lose_replies(True)
    locker.timers.advance(100)
    assert parcels(locker)[3:] == [dict.fromkeys(range(1, 61), None)]
    locker.board.survey(locker.notes.answer)
    locker.timers.advance(1_000)
    assert {reading.parcel for reading in locker.notes.surveys[-1].values()} == {None}


def test_a_cabinet_without_parcel_sensors_tells_of_none() -> None:
    locker = Locker()
    locker.cabinet.force(7)
    locker.cabinet.put_item(7)
    locker.timers.advance(1_000)
    assert parcels(locker) == []
    assert {reading.parcel for reading in locker.board.state().doors.values()} == {None}


def test_what_the_cabinet_still_says_is_no_older_than_now() -> None:
    locker = Locker()
    locker.timers.advance(3_600_000)
    assert {reading.age_ms for reading in locker.board.state().doors.values()} == {0}
