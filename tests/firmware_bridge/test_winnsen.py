"""Winnsen boards, whose frames nothing checks: what must fit instead, and how much a single frame is worth."""

import pytest
from support.line_port import ScriptedPort
from support.scripted_board import scripted, surveyed

from firmware_bridge.codecs.winnsen import Winnsen, status_answer, status_request, unlock_frame
from firmware_bridge.faults import FaultKind
from firmware_bridge.lock_board import Door, Sent

CODEC = Winnsen()
QUESTION, ORDER = status_request(1), unlock_frame(1, 1)
BOTH_CLOSED, FIRST_OPEN = status_answer(1, {}), status_answer(1, {1: True})


@pytest.mark.parametrize(
    "wrong",
    [
        "90 08 82 01 00 00 03",
        "90 06 82 01 00 00 03",
        "90 07 83 01 00 00 03",
        "90 07 85 01 00 00 03",
        "90 07 82 02 00 00 03",
        "90 07 82 01 00 00 04",
        "91 07 82 01 00 00 03",
        "90 07 82 01 00 03",
    ],
)
def test_length_function_station_and_end_must_fit(wrong: str) -> None:
    assert [CODEC.answer(QUESTION, frame) for frame in CODEC.reader().feed(bytes.fromhex(wrong)) if frame] in (
        [],
        [None],
    )


def test_a_frame_that_nothing_checks_is_not_believed_until_a_second_says_the_same() -> None:
    """In every other poll a bit has fallen over."""
    port = ScriptedPort(lambda frame: FIRST_OPEN if len(port.written) % 2 else BOTH_CLOSED)
    with scripted(CODEC, port) as (board, notes):
        surveyed(board, notes)
        notes.wait(lambda: notes.door(2) is Door.CLOSED)
        for _ in range(3):
            surveyed(board, notes)
    assert len(port.written) > 8
    assert notes.changes(1) == []
    assert notes.changes(2) == [Door.CLOSED]


def test_a_door_that_two_polls_running_say_is_open_is_open() -> None:
    port = ScriptedPort(lambda frame: FIRST_OPEN if len(port.written) > 4 else BOTH_CLOSED)
    with scripted(CODEC, port) as (board, notes):
        surveyed(board, notes)
        surveyed(board, notes)
        notes.wait(lambda: notes.door(1) is Door.OPEN)
    assert notes.changes(1) == [Door.CLOSED, Door.OPEN]


@pytest.mark.parametrize(
    ("result", "sent"), [(1, Sent.ACKNOWLEDGED), (0, Sent.ACKNOWLEDGED), (2, Sent.REJECTED), (7, Sent.NO_REPLY)]
)
def test_opened_not_opened_cooling_down_and_nonsense(result: int, sent: Sent) -> None:
    told = bytes((0x90, 7, 0x85, 1, 1, result, 3))
    port = ScriptedPort(lambda frame: told if frame == ORDER else BOTH_CLOSED)
    with scripted(CODEC, port) as (board, notes):
        board.unlock(1, notes.report)
        notes.wait(lambda: len(notes.reports) == 1)
    report = notes.reports[0]
    assert report.sent is sent
    assert (report.fault and report.fault.kind) == (FaultKind.BAD_REPLY if sent is Sent.NO_REPLY else None)
    assert port.written.count(ORDER) == 1
