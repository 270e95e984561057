"""LCUS relays: the frames of the seller's list as golden vectors, both ways, and what is not one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.cabinet import Cabinet
from firmware_bridge.codecs import Relays
from firmware_bridge.codecs.lcus import Lcus, frames
from firmware_bridge.responders import Response
from firmware_bridge.responders.lcus import LcusBoard
from firmware_bridge.timers import VirtualTimers

RELAYS: Relays = Lcus()
ON_1, OFF_1, ON_8 = bytes.fromhex("A0 01 01 A2"), bytes.fromhex("A0 01 00 A1"), bytes.fromhex("A0 08 01 A9")
QUERY = b"\xff"


@pytest.fixture
def cabinet() -> Cabinet:
    return Cabinet(range(1, 9), VirtualTimers())


@pytest.fixture
def board(cabinet: Cabinet) -> LcusBoard:
    return LcusBoard({0: cabinet})


def energised(cabinet: Cabinet) -> list[int]:
    return [channel for channel in cabinet.channels if cabinet.energised(channel)]


def test_we_say_the_lists_frames() -> None:
    assert (RELAYS.on(1), RELAYS.off(1), RELAYS.on(8)) == (ON_1, OFF_1, ON_8)
    assert (RELAYS.channels, RELAYS.baud, RELAYS.rest_ms) == (8, 9_600, 50)


def test_the_simulated_board_obeys_the_lists_frames(board: LcusBoard, cabinet: Cabinet) -> None:
    assert board.hear(ON_1 + ON_8) == [Response(ON_1, b""), Response(ON_8, b"")]
    assert energised(cabinet) == [1, 8]
    assert board.hear(OFF_1) == [Response(OFF_1, b"")]
    assert energised(cabinet) == [8]


def test_the_simulated_board_answers_a_query_with_a_byte_for_each_relay(board: LcusBoard) -> None:
    board.hear(b"".join(RELAYS.on(channel) for channel in (1, 2, 3, 4)))
    assert board.hear(QUERY) == [Response(QUERY, bytes.fromhex("01 01 01 01 00 00 00 00"))]


@given(st.integers(), st.sampled_from([1, 2, 4, 8]))
def test_no_number_whatever_switches_more_than_one_relay(channel: int, size: int) -> None:
    relays = Lcus(size)
    for switch, state in ((relays.on, 1), (relays.off, 0)):
        if 1 <= channel <= size:
            assert switch(channel)[:3] == bytes((0xA0, channel, state))
        else:
            with pytest.raises(ValueError, match=f"channel {channel} does not exist on an LCUS-{size}"):
                switch(channel)


@pytest.mark.parametrize("size", [0, 3, 16])
def test_there_are_boards_with_1_2_4_and_8_relays(size: int) -> None:
    with pytest.raises(ValueError, match=f"channels is {size}"):
        Lcus(size)


@given(st.binary(max_size=8), st.data())
def test_a_frame_is_heard_among_noise_and_a_spoilt_one_is_not(noise: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, 4))
    reader = frames()
    heard = [*reader.feed(noise + ON_8[:at]), *reader.feed(ON_8[at:] + bytes(4))]
    assert ON_8 in heard
    spoilt = bytearray(ON_8)
    spoilt[data.draw(st.integers(0, 3))] ^= 1 << data.draw(st.integers(0, 7))
    assert all(len(frame) == 1 for frame in frames().feed(bytes(spoilt) + bytes(4)))


def test_two_boards_cannot_be_told_apart(cabinet: Cabinet) -> None:
    with pytest.raises(ValueError, match="2 boards were asked for"):
        LcusBoard({1: cabinet, 2: cabinet})
