"""The far end of a line, heard from the near end with an ordinary port."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from firmware_bridge.cabinet import Cabinet
from firmware_bridge.codecs import Feedback
from firmware_bridge.codecs.kerong import status_answer, status_request, unlock_frame
from firmware_bridge.responders import Manner
from firmware_bridge.responders.kerong import Cu48Boards
from firmware_bridge.serial_port import Port, PortError, open_port
from firmware_bridge.simulated_line import SimulatedLine, Trouble
from firmware_bridge.timers import VirtualTimers

QUESTION = status_request(0)
CLOSED = status_answer(0, {1: True, 2: True})
LIMIT_MS = 5_000


@pytest.fixture
def timers() -> VirtualTimers:
    return VirtualTimers()


@pytest.fixture
def cabinet(timers: VirtualTimers) -> Cabinet:
    return Cabinet((1, 2), timers)


@pytest.fixture
def line(cabinet: Cabinet) -> Iterator[SimulatedLine]:
    line = SimulatedLine(Cu48Boards({0: cabinet}))
    yield line
    line.close()


@pytest.fixture
def port(line: SimulatedLine) -> Iterator[Port]:
    port = open_port(line.port, 19_200)
    yield port
    port.close()


def hear(port: Port, count: int) -> bytes:
    heard = b""
    until = time.monotonic() + LIMIT_MS / 1000
    while len(heard) < count and time.monotonic() < until:
        heard += port.read(LIMIT_MS)
    return heard


def test_a_question_is_answered(port: Port) -> None:
    port.write(QUESTION)
    assert hear(port, 12) == CLOSED


def test_a_question_cut_in_two_is_answered_once_it_is_whole(port: Port, line: SimulatedLine) -> None:
    port.write(QUESTION[:3])
    port.write(QUESTION[3:])
    assert hear(port, 12) == CLOSED
    assert [heard.frame for heard in line.frames] == [QUESTION]


def test_an_answer_takes_its_time_on_the_wire(line: SimulatedLine, port: Port) -> None:
    """Six bytes there, 4 ms to turn around, twelve bytes back, each of ten bits at 19200 baud."""
    began = time.monotonic()
    port.write(QUESTION)
    hear(port, 12)
    assert time.monotonic() - began >= 18 * 10 / 19_200 + 0.004


def test_an_unlock_is_obeyed_without_an_answer_and_noted_with_its_time(
    line: SimulatedLine, port: Port, cabinet: Cabinet
) -> None:
    before_ns = time.monotonic_ns()
    port.write(unlock_frame(0, 2))
    heard = line.wait_for(lambda heard: heard.frame[3] == 0x51)
    assert before_ns < heard.at_ns < time.monotonic_ns()
    assert [pulse.channel for pulse in cabinet.pulses] == [2]
    assert port.read(20) == b""


def test_a_frame_that_does_not_come_is_an_error(line: SimulatedLine) -> None:
    with pytest.raises(TimeoutError, match="no such frame"):
        line.wait_for(lambda heard: True, limit_s=0.01)


def test_another_boards_question_is_nobodys(line: SimulatedLine, port: Port) -> None:
    port.write(status_request(3))
    line.wait_for(lambda heard: heard.frame[1] == 3)
    assert port.read(30) == b""


def test_the_dangerous_frames_do_what_the_vendor_says(line: SimulatedLine, port: Port, cabinet: Cabinet) -> None:
    """So that a test which sends one is noticed."""
    port.write(bytes.fromhex("02 00 30 51 03 86"))
    line.wait_for(lambda heard: heard.frame[2] == 0x30)
    assert [pulse.channel for pulse in cabinet.pulses] == [1, 2]
    port.write(bytes.fromhex("02 0A 00 51 03 60"))
    line.wait_for(lambda heard: heard.frame[1] == 0x0A)
    assert [pulse.channel for pulse in cabinet.pulses] == [1, 2, 1]


@pytest.mark.parametrize("speed", [19_200, 9_600])
def test_boards_that_heed_the_speed_understand_no_other(cabinet: Cabinet, speed: int) -> None:
    line = SimulatedLine(Cu48Boards({0: cabinet}), baud=9_600, heeds_speed=True)
    port = open_port(line.port, speed)
    port.write(QUESTION)
    assert (port.read(300) if speed == 19_200 else hear(port, 12)) == (b"" if speed == 19_200 else CLOSED)
    port.close()
    line.close()


def test_the_port_may_be_linked_where_one_wants_it(cabinet: Cabinet, tmp_path: Path) -> None:
    line = SimulatedLine(Cu48Boards({0: cabinet}), link=tmp_path / "cabinet")
    assert line.port == f"pty:{tmp_path / 'cabinet'}"
    open_port(line.port, 19_200).close()
    line.close()
    assert not (tmp_path / "cabinet").is_symlink()


def test_switches_may_be_wired_the_other_way_round(cabinet: Cabinet) -> None:
    line = SimulatedLine(Cu48Boards({0: cabinet}, Manner(feedback=Feedback.CLOSED_IS_0)))
    port = open_port(line.port, 19_200)
    cabinet.force(2)
    port.write(QUESTION)
    assert hear(port, 12) == status_answer(0, {2: True})
    port.close()
    line.close()


def test_trouble_can_be_switched_on_and_off(line: SimulatedLine, port: Port, cabinet: Cabinet) -> None:
    line.trouble(Trouble(echo=True))
    port.write(QUESTION)
    assert hear(port, 18) == QUESTION + CLOSED
    line.trouble(Trouble(noise=b"\xa5\x5a"))
    port.write(QUESTION)
    assert hear(port, 14) == b"\xa5\x5a" + CLOSED
    line.trouble(Trouble(lost_bytes=5))
    port.write(QUESTION)
    assert hear(port, 7) == CLOSED[5:]
    line.trouble(Trouble(deaf=True))
    port.write(QUESTION)
    assert port.read(40) == b""
    line.trouble(Trouble())
    cabinet.lose_replies(True)
    port.write(QUESTION)
    assert port.read(40) == b""
    cabinet.lose_replies(False)
    port.write(QUESTION)
    assert hear(port, 12) == CLOSED


def test_a_late_answer_comes_as_it_was_then(line: SimulatedLine, port: Port, cabinet: Cabinet) -> None:
    line.trouble(Trouble(late=1, late_ms=600))
    began = time.monotonic()
    port.write(QUESTION)
    line.wait_for(lambda heard: True)
    cabinet.force(2)
    assert port.read(100) == b""
    assert hear(port, 12) == CLOSED
    answered = time.monotonic()
    port.write(QUESTION)
    assert hear(port, 12) == status_answer(0, {1: True})
    assert time.monotonic() - answered < answered - began, "only the first one was late"


def test_boards_may_speak_unasked(line: SimulatedLine, port: Port) -> None:
    line.say(b"\x82\x01")
    assert hear(port, 2) == b"\x82\x01"


def test_a_pulled_adapter_is_gone_and_comes_back_under_its_name(line: SimulatedLine, port: Port) -> None:
    path = Path(line.port.removeprefix("pty:"))
    line.unplug()
    assert not path.is_symlink()
    with pytest.raises(PortError, match="port_lost"):
        port.read(LIMIT_MS)
    with pytest.raises(PortError, match="port_missing"):
        open_port(line.port, 19_200)
    line.plug()
    again = open_port(line.port, 19_200)
    again.write(QUESTION)
    assert hear(again, 12) == CLOSED
    again.close()


def test_a_closed_line_leaves_nothing_behind(cabinet: Cabinet) -> None:
    line = SimulatedLine(Cu48Boards({0: cabinet}))
    directory = Path(line.port.removeprefix("pty:")).parent
    line.close()
    assert not directory.exists()
    assert "simulated line" not in {thread.name for thread in threading.enumerate()}
