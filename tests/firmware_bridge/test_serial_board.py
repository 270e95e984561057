"""Boards on serial lines where they differ from others: pace, polarity, boards that answer unlocks, pulses."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pytest
from support.line_notes import Notes
from support.line_port import LOST, ScriptedPort

from firmware_bridge import serial_poll
from firmware_bridge.codecs import REPLY_MS, Acknowledgement, Codec, Feedback, Status
from firmware_bridge.codecs.kerong import KerongCu48, status_answer, status_request, unlock_frame
from firmware_bridge.faults import FaultKind
from firmware_bridge.frames import FrameReader
from firmware_bridge.lock_board import Door, Sent
from firmware_bridge.serial_board import SerialBoard
from firmware_bridge.serial_bus import SerialBus
from firmware_bridge.serial_poll import Wiring
from firmware_bridge.serial_port import Port
from firmware_bridge.supply import LockKind, Supply, SupplyRules
from firmware_bridge.timers import ThreadTimers

QUESTION, ORDER = status_request(0), unlock_frame(0, 1)
WIRING = Wiring(0, frozenset((1, 2)))
BOTH_CLOSED = status_answer(0, {1: True, 2: True})


@pytest.fixture
def timers() -> Iterator[ThreadTimers]:
    timers = ThreadTimers("supply")
    yield timers
    timers.close()


@dataclass
class Bench:
    """A board on a scripted port."""

    board: SerialBoard
    notes: Notes
    port: ScriptedPort

    def open(self) -> None:
        self.board.open(self.notes.observe)


def bench(
    timers: ThreadTimers, port: ScriptedPort, codec: Codec | None = None, wiring: Wiring = WIRING, pulse_ms: int = 500
) -> Bench:
    def open_port(name: str, baud: int) -> Port:
        if port.closed:
            raise LOST
        return port

    bus = SerialBus("/dev/test", 19_200, open_port=open_port)
    supply = Supply(SupplyRules("psu", gap_ms=0), timers)
    kind = LockKind.ELECTROMAGNET
    board = SerialBoard("main", codec or KerongCu48(), wiring, bus, supply, pulse_ms=pulse_ms, kind=kind)
    return Bench(board, Notes(), port)


def questions(port: ScriptedPort) -> int:
    return port.written.count(QUESTION)


@pytest.mark.parametrize("feedback", list(Feedback))
def test_polarity_is_the_installations(timers: ThreadTimers, feedback: Feedback) -> None:
    it = bench(
        timers, ScriptedPort(lambda frame: status_answer(0, {1: True})), wiring=replace(WIRING, feedback=feedback)
    )
    it.open()
    ones, zeros = (Door.CLOSED, Door.OPEN) if feedback is Feedback.CLOSED_IS_1 else (Door.OPEN, Door.CLOSED)
    it.notes.wait(lambda: (it.notes.door(1), it.notes.door(2)) == (ones, zeros))
    it.board.close()


def test_one_switch_may_be_wired_otherwise_than_the_rest(timers: ThreadTimers) -> None:
    odd = replace(WIRING, switches={2: Feedback.CLOSED_IS_0})
    it = bench(timers, ScriptedPort(lambda frame: BOTH_CLOSED), wiring=odd)
    it.open()
    it.notes.wait(lambda: (it.notes.door(1), it.notes.door(2)) == (Door.CLOSED, Door.OPEN))
    it.board.close()


def test_channels_that_are_not_wired_are_neither_told_nor_unlocked(timers: ThreadTimers) -> None:
    it = bench(timers, ScriptedPort(lambda frame: BOTH_CLOSED))
    it.open()
    it.notes.wait(lambda: it.notes.door(1) is Door.CLOSED)
    assert set(it.notes.observations[0].doors) == {1, 2}
    with pytest.raises(ValueError, match="board main has no lock on channel 3"):
        it.board.unlock(3, it.notes.report)
    it.board.close()


def test_a_door_is_told_after_two_questions_and_the_second_comes_soon(
    timers: ThreadTimers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serial_poll, "IDLE_MS", 3_600_000)
    it = bench(timers, ScriptedPort(lambda frame: BOTH_CLOSED))
    it.open()
    it.notes.wait(lambda: it.notes.door(1) is Door.CLOSED)
    assert it.port.written == [QUESTION, QUESTION]
    it.board.close()


def test_attending_asks_often_and_ends(timers: ThreadTimers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serial_poll, "IDLE_MS", 3_600_000)
    monkeypatch.setattr(serial_poll, "ATTENDING_MS", 5)
    enough = threading.Event()

    def answer(frame: bytes) -> bytes:
        if len(it.port.written) >= 20:
            enough.set()
        return BOTH_CLOSED

    it = bench(timers, ScriptedPort(answer))
    it.open()
    it.notes.wait(lambda: it.notes.door(1) is Door.CLOSED)
    it.board.attend(60_000)
    assert enough.wait(5)
    it.board.close()


def test_an_idle_board_is_asked_no_more_often_than_it_needs(
    timers: ThreadTimers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serial_poll, "IDLE_MS", 3_600_000)
    monkeypatch.setattr(serial_poll, "ATTENDING_MS", 0)
    it = bench(timers, ScriptedPort(lambda frame: BOTH_CLOSED))
    it.open()
    it.notes.wait(lambda: it.notes.door(1) is Door.CLOSED)
    it.board.attend(0)
    it.board.survey(it.notes.answer)
    it.notes.wait(lambda: len(it.notes.surveys) == 1)
    assert it.port.written == [QUESTION] * 4
    it.board.close()


def test_a_single_lost_answer_is_no_fault(timers: ThreadTimers) -> None:
    it = bench(timers, ScriptedPort(lambda frame: b"" if questions(it.port) == 3 else BOTH_CLOSED))
    it.open()
    it.notes.wait(lambda: it.notes.door(1) is Door.CLOSED)
    it.board.attend(5_000)
    it.board.survey(it.notes.answer)
    it.notes.wait(lambda: len(it.notes.surveys) == 1)
    assert len(it.notes.observations) == 1
    assert questions(it.port) == 5, "one was lost, and was asked again"
    it.board.close()


def test_answers_lost_now_and_then_do_not_add_up_to_a_fault(timers: ThreadTimers) -> None:
    it = bench(timers, ScriptedPort(lambda frame: b"" if questions(it.port) in (3, 6) else BOTH_CLOSED))
    it.open()
    it.notes.wait(lambda: it.notes.door(1) is Door.CLOSED)
    it.board.survey(it.notes.answer)
    it.notes.wait(lambda: len(it.notes.surveys) == 1)
    it.board.survey(it.notes.answer)
    it.notes.wait(lambda: len(it.notes.surveys) == 2)
    assert questions(it.port) >= 7
    assert [observation.fault for observation in it.notes.observations] == [None]
    it.board.close()


def test_a_silent_board_is_named_with_its_address(timers: ThreadTimers) -> None:
    it = bench(timers, ScriptedPort(), wiring=replace(WIRING, address=7))
    it.open()
    it.notes.wait(lambda: it.notes.fault_kind is FaultKind.NO_REPLY)
    assert it.notes.fault is not None
    assert it.notes.fault.detail == "address 7 on /dev/test"
    assert it.notes.fault.board == "main"
    it.board.close()


def test_a_flush_that_fails_leaves_it_open_whether_the_lock_moved(timers: ThreadTimers) -> None:
    it = bench(timers, ScriptedPort(lambda frame: BOTH_CLOSED))
    it.open()
    it.notes.wait(lambda: it.notes.door(1) is Door.CLOSED)
    it.port.break_at("flush")
    it.board.unlock(1, it.notes.report)
    it.notes.wait(lambda: len(it.notes.reports) == 1)
    report = it.notes.reports[0]
    assert report.sent in (Sent.NO_REPLY, Sent.NOT_SENT)
    assert (report.sent is Sent.NO_REPLY) is (ORDER in it.port.written)
    assert report.fault is not None
    assert report.fault.kind is FaultKind.PORT_LOST
    it.board.close()


def test_what_was_not_sent_does_not_tire_the_lock(timers: ThreadTimers) -> None:
    """A lock that was not energised need not rest: it is pulsed as soon as the port is there again."""
    it = bench(timers, ScriptedPort(lambda frame: BOTH_CLOSED))
    it.board.unlock(1, it.notes.report)
    it.board.unlock(1, it.notes.report)
    assert [report.sent for report in it.notes.reports] == [Sent.NOT_SENT, Sent.NOT_SENT]
    it.open()
    it.board.unlock(1, it.notes.report)
    it.notes.wait(lambda: len(it.notes.reports) == 3)
    assert it.notes.reports[2].sent is Sent.WRITTEN
    it.board.close()


def test_a_pulse_or_an_address_that_cannot_be_is_refused(timers: ThreadTimers) -> None:
    with pytest.raises(ValueError, match="1001 ms is too long"):
        bench(timers, ScriptedPort(), pulse_ms=1_001)
    with pytest.raises(ValueError, match="address 10 is no Kerong"):
        bench(timers, ScriptedPort(), wiring=replace(WIRING, address=10))
    with pytest.raises(ValueError, match="channel 49: there is none such"):
        bench(timers, ScriptedPort(), wiring=Wiring(0, frozenset((49,))))


@dataclass(frozen=True)
class Answering:
    """A made-up board that answers unlocks: the CU48's frames, with a status answer of one bit as the answer."""

    channels: int = 48
    baud: int = 19_200
    feedback: Feedback = Feedback.CLOSED_IS_1
    reply_ms: int = REPLY_MS
    answers_unlock: bool = True
    unlock_reply_ms: int = REPLY_MS
    sensors: bool = True

    def status_requests(self, address: int) -> Sequence[bytes]:
        return (QUESTION, status_request(1)) if self.sensors else ()

    def unlock_request(self, address: int, channel: int, pulse_ms: int) -> bytes:
        return unlock_frame(address, channel)

    def reader(self) -> FrameReader:
        return KerongCu48().reader()

    def answer(self, request: bytes, frame: bytes) -> Status | Acknowledgement | None:
        status = KerongCu48().answer(QUESTION, frame)
        if request == ORDER and isinstance(status, Status):
            return Acknowledgement(1, status.doors[1])
        asked = KerongCu48().answer(request, frame)
        first = 1 if request == QUESTION else 2
        return Status({first: asked.doors[first]}) if isinstance(asked, Status) else None


@pytest.mark.parametrize(
    ("answer", "sent"),
    [
        (status_answer(0, {1: True}), Sent.ACKNOWLEDGED),
        (status_answer(0, {}), Sent.REJECTED),
        (b"", Sent.NO_REPLY),
        (ORDER, Sent.NO_REPLY),
    ],
)
def test_a_board_that_answers_unlocks_is_listened_to_and_never_told_twice(
    timers: ThreadTimers, answer: bytes, sent: Sent
) -> None:
    it = bench(timers, ScriptedPort(lambda frame: answer), codec=Answering(sensors=False))
    it.open()
    it.board.unlock(1, it.notes.report)
    it.notes.wait(lambda: len(it.notes.reports) == 1)
    assert it.notes.reports[0].sent is sent
    assert (it.notes.reports[0].fault is not None) is (sent is Sent.NO_REPLY)
    assert it.port.written == [ORDER]
    it.board.close()


def test_a_board_without_sensors_is_not_asked_and_knows_no_door(timers: ThreadTimers) -> None:
    it = bench(timers, ScriptedPort(), codec=Answering(sensors=False))
    it.open()
    it.board.survey(it.notes.answer)
    assert {reading.door for reading in it.notes.surveys[0].values()} == {Door.UNKNOWN}
    it.board.unlock(1, it.notes.report)
    it.notes.wait(lambda: len(it.notes.reports) == 1)
    assert it.port.written == [ORDER]
    it.board.close()


def test_a_board_without_sensors_has_its_fault_until_the_port_is_back(timers: ThreadTimers) -> None:
    it = bench(timers, ScriptedPort(), codec=Answering(sensors=False))
    it.port.closed = True
    it.open()
    it.notes.wait(lambda: it.notes.fault_kind is FaultKind.PORT_LOST)
    it.port.closed = False
    it.notes.wait(lambda: it.notes.fault is None)
    it.board.close()


def test_a_board_that_needs_several_questions_is_told_as_a_whole(timers: ThreadTimers) -> None:
    def answer(frame: bytes) -> bytes:
        return status_answer(frame[1], {1: True, 2: True})

    it = bench(timers, ScriptedPort(answer), codec=Answering())
    it.open()
    it.notes.wait(lambda: it.notes.door(2) is Door.CLOSED)
    assert it.notes.observations[0].doors == {1: Door.CLOSED, 2: Door.CLOSED}
    assert it.port.written == [QUESTION, status_request(1)] * 2
    it.board.close()


def test_the_lines_health_can_be_read(timers: ThreadTimers) -> None:
    it = bench(timers, ScriptedPort(lambda frame: BOTH_CLOSED))
    it.open()
    it.notes.wait(lambda: it.notes.door(1) is Door.CLOSED)
    line = it.board.state().line
    assert line is not None
    assert (line.requests, line.replies) == (2, 2)
    it.board.close()


@dataclass(frozen=True)
class Seeing(KerongCu48):
    """A made-up board with parcel sensors: they say what the door bits say."""

    def answer(self, request: bytes, frame: bytes) -> Status | Acknowledgement | None:
        status = super().answer(request, frame)
        return Status(status.doors, status.doors) if isinstance(status, Status) else status


def test_parcel_sensors_are_told_once_settled_and_forgotten_with_the_board(timers: ThreadTimers) -> None:
    bits = {1: True}
    it = bench(timers, ScriptedPort(lambda frame: status_answer(0, bits) if bits else b""), codec=Seeing())
    it.open()
    it.notes.wait(lambda: it.notes.parcels(1) == [True])
    assert it.notes.parcels(2) == [False]
    assert {channel: reading.parcel for channel, reading in it.board.state().doors.items()} == {1: True, 2: False}
    it.board.survey(it.notes.answer)
    it.notes.wait(lambda: len(it.notes.surveys) == 1)
    assert it.notes.surveys[0][1].parcel is True
    bits.clear()
    it.board.attend(5_000)
    it.notes.wait(lambda: it.notes.parcels(1) == [True, None])
    assert {reading.parcel for reading in it.board.state().doors.values()} == {None}
    it.board.close()
