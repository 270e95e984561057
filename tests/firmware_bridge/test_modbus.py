"""Modbus RTU itself: its CRC, its frames, and finding them on a line."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from firmware_bridge.codecs import modbus as rtu

ANSWER = bytes.fromhex("01 02 01 00 A1 88")
EXCEPTION = bytes.fromhex("01 85 03 02 91")
ECHO = bytes.fromhex("01 02 00 00 00 08 79 CC")
ORDER = bytes.fromhex("01 05 02 00 00 07 8D B0")


@pytest.mark.parametrize("address", [0, -1, 248, 255, 256])
def test_nobody_is_spoken_to_but_one_board(address: int) -> None:
    with pytest.raises(ValueError, match=rf"address {address} .*: addresses are 1 to 247"):
        rtu.frame(address, rtu.WRITE_COIL, rtu.words(0, 0xFF00))


def test_address_0_is_refused_for_what_it_means() -> None:
    with pytest.raises(ValueError, match="address 0 means every board on the line"):
        rtu.frame(0, rtu.READ_COILS, rtu.words(0, 8))


@pytest.mark.parametrize("frame", [ANSWER, EXCEPTION, ECHO, ORDER], ids=bytes.hex)
def test_what_comes_back_is_found_however_it_is_cut(frame: bytes) -> None:
    reader = rtu.answers()
    assert [found for byte in frame for found in reader.feed(bytes((byte,)))] == [frame]
    assert reader.bad_checksums == 0


def test_noise_that_begins_like_a_longer_frame_hides_none_once_the_line_is_silent() -> None:
    reader = rtu.answers()
    noise = bytes.fromhex("02 02 40 11")
    assert reader.feed(noise + ANSWER) == []
    assert reader.quiet() == [ANSWER]
    assert reader.quiet() == []


def test_a_pause_in_the_middle_of_a_frame_costs_nothing() -> None:
    """An adapter may deliver a frame in two pieces."""
    reader = rtu.answers()
    assert reader.feed(ANSWER[:4]) == []
    assert reader.quiet() == []
    assert reader.feed(ANSWER[4:]) == [ANSWER]
    assert reader.bad_checksums == 0


@pytest.mark.parametrize(
    ("code", "why"), [(1, "illegal function"), (2, "illegal data address"), (4, "device failure"), (99, "exception 99")]
)
def test_an_exception_has_a_name(code: int, why: str) -> None:
    answer = rtu.frame(1, rtu.WRITE_COIL | rtu.EXCEPTION, bytes((code,)))
    assert rtu.answers().feed(answer) == [answer]
    assert rtu.refusal(ORDER, answer) == why
    assert rtu.refusal(ECHO, answer) is None, "another function"
    assert rtu.refusal(rtu.frame(2, rtu.WRITE_COIL, bytes(4)), answer) is None, "another board"


@given(st.lists(st.booleans(), min_size=1, max_size=32))
def test_bits_are_packed_as_they_are_unpacked(bits: list[bool]) -> None:
    assert rtu.unpacked(rtu.packed(bits), len(bits)) == bits


@given(st.integers(1, 247), st.sampled_from([*rtu.READS, *rtu.WRITES]), st.binary(min_size=4, max_size=4), st.data())
def test_a_request_with_a_flipped_bit_is_not_heard(
    address: int, function: int, data: bytes, more: st.DataObject
) -> None:
    request = bytearray(rtu.frame(address, function, data if function < rtu.WRITE_COILS else bytes(5)))
    assert rtu.requests().feed(bytes(request)) == [bytes(request)]
    request[more.draw(st.integers(0, len(request) - 1))] ^= 1 << more.draw(st.integers(0, 7))
    assert bytes(request) not in rtu.requests().feed(bytes(request) + bytes(300))


@given(st.lists(st.binary(max_size=64), max_size=20))
@example([ANSWER[:-1], bytes(20)])
def test_whatever_is_heard_every_frame_found_checks_and_little_is_kept(chunks: list[bytes]) -> None:
    reader = rtu.answers()
    for chunk in chunks:
        for frame in (*reader.feed(chunk), *reader.quiet()):
            assert rtu.crc(frame[:-2]) == frame[-2:]
            assert frame[0] in rtu.ADDRESSES
    assert reader.feed(ANSWER + bytes(rtu.LONGEST_DATA + 5)) == [ANSWER]
