"""The 8A board where it differs from all others: frames that only silence ends, echoes, seconds, uploads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.line_port import ScriptedPort
from support.scripted_board import scripted, surveyed

from firmware_bridge.codecs import Status
from firmware_bridge.codecs.lockboard_8a import (
    LockBoard8a,
    StatusOrder,
    door_answer,
    motor_frame,
    status_answer,
    status_request,
    unlock_frame,
)
from firmware_bridge.faults import FaultKind
from firmware_bridge.lock_board import Door, Sent

CODEC = LockBoard8a()
QUESTION, ORDER = status_request(1), unlock_frame(1, 1)
ADDRESSES = st.integers(1, 32)
SIZES = st.sampled_from([3, 4, 5, 7])
DOORS = st.dictionaries(st.integers(1, 24), st.booleans())


def closed(size: int = 3) -> bytes:
    return status_answer(1, dict.fromkeys(range(1, 25), True), size, StatusOrder.LAST_BYTE_FIRST)


@given(ADDRESSES, SIZES, DOORS, st.sampled_from(StatusOrder))
def test_a_status_may_be_of_any_length_that_boards_have(
    address: int, size: int, doors: dict[int, bool], order: StatusOrder
) -> None:
    answer = status_answer(address, doors, size, order)
    reader = LockBoard8a(order).reader()
    assert reader.feed(answer) == []
    assert reader.quiet() == [answer]
    status = LockBoard8a(order).answer(status_request(address), answer)
    assert isinstance(status, Status)
    assert len(status.doors) == min(8 * size, 50)
    assert {channel for channel, bit in status.doors.items() if bit} == {it for it, bit in doors.items() if bit}


@given(ADDRESSES, SIZES, DOORS, st.integers(1, 10))
def test_a_pause_within_an_answer_costs_nothing(address: int, size: int, doors: dict[int, bool], at: int) -> None:
    answer = status_answer(address, doors, size, StatusOrder.LAST_BYTE_FIRST)
    reader = CODEC.reader()
    reader.feed(answer[:at])
    first = reader.quiet()
    reader.feed(answer[at:])
    assert [*first, *reader.quiet()] == [answer]


def test_garbage_before_an_answer_is_passed_over_and_after_it_costs_the_answer() -> None:
    reader = CODEC.reader()
    reader.feed(bytes.fromhex("FA FD 99 99") + closed())
    assert reader.quiet() == [closed()]
    reader.feed(closed() + b"\xfa")
    assert reader.quiet() == []
    assert reader.bad_checksums == 0


def test_an_answer_whose_check_fails_is_counted_once_and_the_next_is_heard() -> None:
    reader = CODEC.reader()
    reader.feed(closed()[:-1] + b"\x00")
    assert reader.quiet() == []
    reader.feed(closed())
    assert reader.quiet() == [closed()]
    assert reader.bad_checksums == 1


def test_frames_without_a_silence_between_them_are_told_apart() -> None:
    """An echo and its answer check together just as well as each alone."""
    upload = door_answer(0x82, 1, 5, bit=True)
    for size in (3, 4, 5, 7):
        for before in ([QUESTION], [upload], [QUESTION, upload], [upload, QUESTION]):
            reader = CODEC.reader()
            reader.feed(b"".join(before) + closed(size))
            assert reader.quiet() == [*before, closed(size)]


def test_channels_that_an_answer_does_not_tell_of_are_not_made_up() -> None:
    status = CODEC.answer(QUESTION, closed(3))
    assert isinstance(status, Status)
    assert set(status.doors) == set(range(1, 25))


def test_seconds_are_for_motors_alone_and_whole() -> None:
    assert CODEC.unlock_request(1, 1, 1_000) == ORDER, "an electromagnet has the pulse that the board is set to"
    assert LockBoard8a(motor=True).unlock_request(1, 1, 3_000) == motor_frame(1, 1, 3_000)
    assert motor_frame(1, 1, 9_000).hex(" ") == "8a 01 01 11 09 92"
    for pulse_ms in (0, 500, 1_500, 10_000):
        with pytest.raises(ValueError, match=f"a pulse of {pulse_ms} ms cannot be said to a lock board 8A"):
            motor_frame(1, 1, pulse_ms)


@pytest.mark.parametrize("bit", [True, False])
def test_whatever_an_answer_says_of_the_door_the_order_was_taken(bit: bool) -> None:
    """A door may open a moment after the board looked, or wait to be pulled."""
    port = ScriptedPort(lambda frame: door_answer(0x8A, 1, 1, bit) if frame == ORDER else closed())
    with scripted(CODEC, port) as (board, notes):
        board.unlock(1, notes.report)
        notes.wait(lambda: len(notes.reports) == 1)
        surveyed(board, notes)
    assert notes.reports[0].sent is Sent.ACKNOWLEDGED
    assert notes.changes(1) == [Door.CLOSED], "only a question tells of a door"
    assert port.written.count(ORDER) == 1


def test_the_echo_of_the_very_first_unlock_is_not_taken_for_its_answer() -> None:
    port = ScriptedPort(lambda frame: frame + (door_answer(0x8A, 1, 1, bit=False) if frame == ORDER else closed()))
    with scripted(CODEC, port) as (board, notes):
        board.unlock(1, notes.report)
        notes.wait(lambda: len(notes.reports) == 1)
    assert notes.reports[0].sent is Sent.ACKNOWLEDGED
    assert port.written[0] == QUESTION, "the line is tried with a question before the order is said"


def test_a_dead_board_behind_an_echoing_adapter_did_not_fail_but_said_nothing() -> None:
    port = ScriptedPort(lambda frame: frame)
    with scripted(CODEC, port) as (board, notes):
        notes.wait(lambda: notes.fault_kind is FaultKind.ECHO)
        board.unlock(1, notes.report)
        notes.wait(lambda: len(notes.reports) == 1)
    assert notes.reports[0].sent is Sent.NO_REPLY
    assert port.written.count(ORDER) == 1


def test_what_a_board_sends_unasked_moves_no_door() -> None:
    """An upload is a hint at most: only what was asked for counts."""
    port = ScriptedPort(lambda frame: door_answer(0x82, 1, 1, bit=False) + closed())
    with scripted(CODEC, port) as (board, notes):
        for _ in range(3):
            port.say(door_answer(0x82, 1, 1, bit=False))
            surveyed(board, notes)
    assert notes.changes(1) == [Door.CLOSED]
