"""Kerong CU48: the worked frames of the vendor's page as golden vectors, and everything that is not one."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from firmware_bridge.codecs import Acknowledgement, Codec, Status
from firmware_bridge.codecs.kerong import KerongCu48, frames, read_status, status_answer, status_request, unlock_frame

ADDRESSES = st.integers(0, 9)
CHANNELS = st.integers(1, 48)
DOORS = st.dictionaries(CHANNELS, st.booleans())
CODEC: Codec = KerongCu48()

STATUS_BOARD_0 = bytes.fromhex("02 00 00 50 03 55")
ANSWER_BOARD_0 = bytes.fromhex("02 00 00 65 07 00 00 00 00 C0 03 31")
STATUS_ALL_BOARDS = bytes.fromhex("02 0A 00 50 03 5F")
UNLOCK_LOCK_1 = bytes.fromhex("02 00 00 51 03 56")
UNLOCK_ALL_OF_BOARD_0 = bytes.fromhex("02 00 30 51 03 86")
PAGE = [STATUS_BOARD_0, ANSWER_BOARD_0, STATUS_ALL_BOARDS, UNLOCK_LOCK_1, UNLOCK_ALL_OF_BOARD_0]


def test_the_pages_frames_are_what_we_say() -> None:
    assert status_request(0) == STATUS_BOARD_0
    assert unlock_frame(0, 1) == UNLOCK_LOCK_1
    assert status_answer(0, dict.fromkeys((1, 2, 3, 47, 48), True)) == ANSWER_BOARD_0


@pytest.mark.parametrize("frame", PAGE, ids=bytes.hex)
def test_the_pages_frames_are_what_we_hear(frame: bytes) -> None:
    reader = frames()
    assert reader.feed(frame) == [frame]
    assert reader.bad_checksums == 0


def test_the_pages_answer_means_what_the_page_says() -> None:
    status = read_status(0, ANSWER_BOARD_0)
    assert status is not None
    assert [channel for channel, bit in status.doors.items() if bit] == [1, 2, 3, 47, 48]
    assert list(status.doors) == list(range(1, 49))
    assert status.parcels == {}


@given(st.integers() | ADDRESSES | st.sampled_from([0x0A, 0x30]), st.integers() | CHANNELS | st.sampled_from([0, 49]))
def test_no_number_whatever_makes_an_unlock_of_more_than_one_lock(address: int, channel: int) -> None:
    if address in range(10) and channel in range(1, 49):
        frame = unlock_frame(address, channel)
        assert len(frame) == 6
        assert frame[1] == address <= 9
        assert frame[2] == channel - 1 <= 0x2F
        assert frame not in PAGE or frame == UNLOCK_LOCK_1
    else:
        with pytest.raises(ValueError, match=r"does not exist on a|is no Kerong"):
            unlock_frame(address, channel)


@pytest.mark.parametrize("address", [-1, 10, 0x30, 255, 256])
def test_a_question_to_all_boards_cannot_be_asked(address: int) -> None:
    with pytest.raises(ValueError, match=f"address {address} is no Kerong CU48's: addresses are 0 to 9"):
        status_request(address)


@given(ADDRESSES, DOORS)
def test_what_a_board_answers_is_what_we_read(address: int, doors: dict[int, bool]) -> None:
    status = read_status(address, status_answer(address, doors))
    assert status is not None
    assert status.doors == {channel: doors.get(channel, False) for channel in range(1, 49)}


@given(ADDRESSES, ADDRESSES, DOORS)
def test_only_the_board_that_was_asked_answers(asked: int, answering: int, doors: dict[int, bool]) -> None:
    answer = CODEC.answer(status_request(asked), status_answer(answering, doors))
    assert (answer is not None) is (asked == answering)


@pytest.mark.parametrize("frame", [STATUS_BOARD_0, UNLOCK_LOCK_1, STATUS_ALL_BOARDS], ids=bytes.hex)
def test_an_echo_is_no_answer(frame: bytes) -> None:
    assert CODEC.answer(STATUS_BOARD_0, frame) is None


def test_an_unlock_has_no_answer() -> None:
    assert CODEC.answers_unlock is False
    assert CODEC.answer(UNLOCK_LOCK_1, ANSWER_BOARD_0) is None


@given(ADDRESSES, DOORS, st.lists(st.binary(max_size=20), max_size=4), st.data())
def test_an_answer_is_found_among_noise_however_it_is_cut(
    address: int, doors: dict[int, bool], noise: list[bytes], data: st.DataObject
) -> None:
    """Noise that itself begins a frame may keep the reader waiting, but never for longer than that one frame."""
    answer = status_answer(address, doors)
    line = b"".join(noise) + answer + bytes(12)
    reader, heard, at = CODEC.reader(), [], 0
    while at < len(line):
        size = data.draw(st.integers(1, 14))
        heard += reader.feed(line[at : at + size])
        at += size
    assert answer in heard
    assert CODEC.answer(status_request(address), heard[heard.index(answer)]) == read_status(address, answer)


@given(ADDRESSES, DOORS, st.data())
def test_a_flipped_bit_is_never_believed(address: int, doors: dict[int, bool], data: st.DataObject) -> None:
    answer = bytearray(status_answer(address, doors))
    answer[data.draw(st.integers(0, 11))] ^= 1 << data.draw(st.integers(0, 7))
    for frame in CODEC.reader().feed(bytes(answer) + bytes(12)):
        assert CODEC.answer(status_request(address), frame) is None


def test_a_frame_must_end_as_frames_do() -> None:
    """Its sum fits, but where ETX belongs there is something else."""
    body = STATUS_BOARD_0[:4] + b"\x04"
    assert frames().feed(body + bytes((sum(body) & 0xFF,))) == []


def test_a_frame_of_another_kerong_board_is_not_waited_for() -> None:
    """CU48B sends commands that the CU48 does not know; what follows them is heard at once."""
    assert frames().feed(bytes.fromhex("02 00 0A 77") + STATUS_BOARD_0) == [STATUS_BOARD_0]


@given(st.lists(st.binary(max_size=64), max_size=20))
@example([ANSWER_BOARD_0[:-1] + b"\x00", bytes(12)])
@example([bytes.fromhex("02 03 00 65 07 00 00 00 00 C0 03 34")])
def test_arbitrary_bytes_are_answers_only_if_they_check(chunks: list[bytes]) -> None:
    reader = CODEC.reader()
    for chunk in chunks:
        for frame in reader.feed(chunk):
            answer = CODEC.answer(STATUS_BOARD_0, frame)
            assert not isinstance(answer, Acknowledgement)
            if isinstance(answer, Status):
                assert (frame[1], frame[3], frame[10]) == (0, 0x65, 0x03)
                assert frame[-1] == sum(frame[:-1]) & 0xFF


def test_the_codec_says_the_same_as_its_functions() -> None:
    assert tuple(CODEC.status_requests(3)) == (status_request(3),)
    assert CODEC.unlock_request(3, 7, 500) == unlock_frame(3, 7)
    assert (CODEC.channels, CODEC.baud) == (48, 19_200)
    with pytest.raises(ValueError, match="channel 49 does not exist on a Kerong CU48"):
        CODEC.unlock_request(0, 49, 500)
