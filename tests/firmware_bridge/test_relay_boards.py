"""Relay boards on a line: what they say no to, what they are set up to do by themselves, and those without inputs."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from support.cabinet_rig import CHANNELS, LINES
from support.line_notes import Notes
from support.line_port import ScriptedPort

from firmware_bridge.bench import Bench
from firmware_bridge.board_spec import BoardSpec
from firmware_bridge.codecs import modbus as rtu
from firmware_bridge.drivers import build_boards
from firmware_bridge.faults import BoardFault, FaultKind
from firmware_bridge.lock_board import Door, LockBoard, Sent
from firmware_bridge.supply import Supply, SupplyRules
from firmware_bridge.timers import ThreadTimers

PORT = "/dev/serial/by-path/x"
SPEC = BoardSpec("main", "waveshare-modbus", "psu", LINES, port=PORT, address=1, pulse_ms=200)
WITHOUT_INPUTS = replace(SPEC, options={"inputs": False})
ALL_CLOSED = rtu.frame(1, rtu.READ_INPUTS, b"\x01\xff")
UNKNOWN = dict.fromkeys(CHANNELS, Door.UNKNOWN)
CLOSED = dict.fromkeys(CHANNELS, Door.CLOSED)


class Played:
    """One board on a port whose answers are a table, by function; 0 stands for silence."""

    def __init__(self, spec: BoardSpec, put_up: Callable[[LockBoard], None], timers: ThreadTimers) -> None:
        self.answers = {rtu.READ_INPUTS: ALL_CLOSED, rtu.READ_REGISTERS: self.modes(), rtu.READ_COILS: _coils()}
        self.port, self.notes = ScriptedPort(self._answer), Notes()
        supply = Supply(SupplyRules("psu"), timers)
        bench = Bench({"psu": supply}, timers, open_port=lambda port, baud: self.port)
        self.board = build_boards([spec], bench)["main"]
        self.board.open(self.notes.observe)
        put_up(self.board)

    @staticmethod
    def modes(**modes: int) -> bytes:
        values = [modes.get(f"relay_{channel}", 0) for channel in CHANNELS]
        return rtu.frame(1, rtu.READ_REGISTERS, b"\x10" + rtu.words(*values))

    def asked(self, function: int) -> int:
        """How often."""
        return sum(frame[1] == function for frame in self.port.written)

    def refuse(self, function: int, code: int) -> None:
        self.answers[function] = rtu.frame(1, function | rtu.EXCEPTION, bytes((code,)))

    def doors(self) -> dict[int, Door]:
        return {channel: self.notes.door(channel) for channel in CHANNELS}

    def survey(self) -> dict[int, Door]:
        self.board.survey(self.notes.answer)
        self.notes.wait(lambda: len(self.notes.surveys) == 1)
        return {channel: reading.door for channel, reading in self.notes.surveys[0].items()}

    def _answer(self, request: bytes) -> bytes:
        return self.answers.get(request[1], b"")


def _coils() -> bytes:
    return rtu.frame(1, rtu.READ_COILS, b"\x01\x00")


@pytest.fixture
def play() -> Iterator[Callable[[BoardSpec], Played]]:
    timers, boards = ThreadTimers("supply"), list[LockBoard]()
    yield lambda spec: Played(spec, boards.append, timers)
    for board in boards:
        board.close()
    timers.close()


Play = Callable[[BoardSpec], Played]


def test_a_relay_that_its_input_switches_is_a_fault_until_somebody_sets_it_right(play: Play) -> None:
    it = play(SPEC)
    it.notes.wait(lambda: it.doors() == CLOSED)
    assert it.notes.fault is None
    it.board.close()
    it.answers[rtu.READ_REGISTERS] = it.modes(relay_3=1, relay_5=1)
    it.board.open(it.notes.observe)
    it.notes.wait(lambda: it.notes.fault_kind is FaultKind.REFUSED)
    assert it.notes.fault is not None
    assert it.notes.fault.detail.startswith("address 1: its inputs switch relay 3, 5 by themselves")
    assert it.survey() == CLOSED, "its inputs are still true"
    it.answers[rtu.READ_REGISTERS] = it.modes()
    it.board.attend(5_000)
    it.notes.wait(lambda: it.notes.fault is None)


def test_control_modes_are_asked_after_once_as_long_as_the_board_answers(play: Play) -> None:
    it = play(SPEC)
    it.board.attend(5_000)
    it.notes.wait(lambda: it.doors() == CLOSED)
    assert it.survey() == CLOSED
    assert (it.asked(rtu.READ_REGISTERS), it.asked(rtu.READ_INPUTS) > 2) == (1, True)


def test_a_board_that_passes_over_the_question_after_its_control_modes_is_trusted(play: Play) -> None:
    it = play(SPEC)
    it.board.close()
    it.answers[rtu.READ_REGISTERS] = b""
    it.board.open(it.notes.observe)
    it.notes.wait(lambda: it.doors() == CLOSED)
    assert it.notes.fault is None


def test_a_board_that_refuses_the_question_after_its_doors_is_a_fault_with_its_reason(play: Play) -> None:
    it = play(SPEC)
    it.notes.wait(lambda: it.doors() == CLOSED)
    it.refuse(rtu.READ_INPUTS, 1)
    it.board.attend(5_000)
    it.notes.wait(lambda: it.notes.fault is not None)
    assert it.notes.fault == BoardFault("main", FaultKind.REFUSED, "address 1: illegal function")
    it.notes.wait(lambda: it.doors() == UNKNOWN)
    it.answers[rtu.READ_INPUTS] = ALL_CLOSED
    it.notes.wait(lambda: it.notes.fault is None and it.doors() == CLOSED)


def test_a_refused_unlock_is_rejected_with_its_reason(play: Play) -> None:
    it = play(SPEC)
    it.refuse(rtu.WRITE_COIL, 4)
    it.board.unlock(2, it.notes.report)
    it.notes.wait(lambda: len(it.notes.reports) == 1)
    [report] = it.notes.reports
    assert (report.channel, report.sent) == (2, Sent.REJECTED)
    assert report.fault == BoardFault("main", FaultKind.REFUSED, "unlock of 2: device failure")
    assert it.asked(rtu.WRITE_COIL) == 1


def test_a_board_without_inputs_knows_no_door_and_is_missed_all_the_same(play: Play) -> None:
    it = play(WITHOUT_INPUTS)
    it.board.attend(5_000)
    assert it.survey() == UNKNOWN
    assert (it.notes.fault, it.asked(rtu.READ_INPUTS), it.asked(rtu.READ_REGISTERS)) == (None, 0, 0)
    it.answers[rtu.READ_COILS] = b""
    it.notes.wait(lambda: it.notes.fault_kind is FaultKind.NO_REPLY)
    it.answers[rtu.READ_COILS] = _coils()
    it.notes.wait(lambda: it.notes.fault is None)
