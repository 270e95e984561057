"""The reader for frames that tell their length, on a toy protocol: `55 LEN … XOR`, 3 to 9 bytes."""

from functools import reduce
from operator import xor

from hypothesis import example, given
from hypothesis import strategies as st

from firmware_bridge.frames import MeasuredFrames


def measure(heard: bytes) -> int | None:
    if heard[0] != 0x55:
        return 0
    if len(heard) < 2:
        return None
    return heard[1] if 3 <= heard[1] <= 9 else 0


def fits(frame: bytes) -> bool:
    return reduce(xor, frame) == 0


def toy(body: bytes) -> bytes:
    head = bytes((0x55, len(body) + 3)) + body
    return head + bytes((reduce(xor, head),))


def reader() -> MeasuredFrames:
    return MeasuredFrames(measure, fits)


BODIES = st.binary(max_size=6)


@given(st.lists(BODIES, min_size=1, max_size=5), st.data())
def test_frames_cut_anywhere_come_out_whole_and_in_order(bodies: list[bytes], data: st.DataObject) -> None:
    line = b"".join(map(toy, bodies))
    frames, heard = reader(), []
    at = 0
    while at < len(line):
        size = data.draw(st.integers(1, 9))
        heard += frames.feed(line[at : at + size])
        at += size
    assert heard == [toy(body) for body in bodies]
    assert frames.bad_checksums == 0


@given(st.lists(st.integers(0, 255).filter(lambda byte: byte != 0x55), max_size=30).map(bytes), BODIES)
def test_garbage_before_a_frame_is_passed_over(garbage: bytes, body: bytes) -> None:
    assert reader().feed(garbage + toy(body)) == [toy(body)]


def test_a_frame_that_does_not_check_costs_one_byte_only() -> None:
    false_start = bytes((0x55, 0x09, 0x01))
    frames = reader()
    assert frames.feed(false_start + toy(b"ab") + toy(b"c")) == [toy(b"ab"), toy(b"c")]
    assert frames.bad_checksums == 1


def test_silence_does_not_throw_away_a_frame_that_has_begun() -> None:
    frames = reader()
    assert frames.feed(toy(b"abc")[:4]) == []
    assert frames.quiet() == []
    assert frames.feed(toy(b"abc")[4:]) == [toy(b"abc")]


@given(st.lists(st.binary(max_size=64), max_size=20))
@example([b"\x55\x09" * 40])
def test_arbitrary_bytes_neither_crash_nor_pile_up(chunks: list[bytes]) -> None:
    frames = reader()
    for chunk in chunks:
        for frame in frames.feed(chunk):
            assert measure(frame) == len(frame)
            assert fits(frame)
    line = b"".join(chunks)
    assert frames.feed(b"\x00" * 9 + toy(b"end"))[-1] == toy(b"end"), f"lost after {line.hex()}"
