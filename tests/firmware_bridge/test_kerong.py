"""Kerong CU48 where it differs from the rest; what all codecs promise is in test_codecs and test_decoders."""

import pytest

from firmware_bridge.codecs import Codec
from firmware_bridge.codecs.kerong import KerongCu48, frames, read_status, status_answer, status_request, unlock_frame

CODEC: Codec = KerongCu48()
STATUS_BOARD_0 = bytes.fromhex("02 00 00 50 03 55")
ANSWER_BOARD_0 = bytes.fromhex("02 00 00 65 07 00 00 00 00 C0 03 31")
STATUS_ALL_BOARDS = bytes.fromhex("02 0A 00 50 03 5F")
UNLOCK_LOCK_1 = bytes.fromhex("02 00 00 51 03 56")
UNLOCK_ALL_OF_BOARD_0 = bytes.fromhex("02 00 30 51 03 86")
PAGE = [STATUS_BOARD_0, ANSWER_BOARD_0, STATUS_ALL_BOARDS, UNLOCK_LOCK_1, UNLOCK_ALL_OF_BOARD_0]


@pytest.mark.parametrize("frame", PAGE, ids=bytes.hex)
def test_the_pages_frames_are_heard_in_both_directions(frame: bytes) -> None:
    reader = frames()
    assert reader.feed(frame) == [frame]
    assert reader.bad_checksums == 0


def test_the_pages_answer_means_what_the_page_says() -> None:
    status = read_status(0, ANSWER_BOARD_0)
    assert status is not None
    assert [channel for channel, bit in status.doors.items() if bit] == [1, 2, 3, 47, 48]
    assert list(status.doors) == list(range(1, 49))
    assert status.parcels == {}
    assert status_answer(0, dict.fromkeys((1, 2, 3, 47, 48), True)) == ANSWER_BOARD_0


@pytest.mark.parametrize(("address", "channel"), [(0x0A, 1), (0, 0x31), (0, 0)])
def test_all_boards_and_all_locks_cannot_be_said(address: int, channel: int) -> None:
    with pytest.raises(ValueError, match=r"does not exist on a Kerong CU48:|is no Kerong CU48's"):
        unlock_frame(address, channel)


def test_a_frame_must_end_as_frames_do() -> None:
    """Its sum fits, but where ETX belongs there is something else."""
    body = STATUS_BOARD_0[:4] + b"\x04"
    assert frames().feed(body + bytes((sum(body) & 0xFF,))) == []


def test_a_frame_of_another_kerong_board_is_not_waited_for() -> None:
    """CU48B sends commands that the CU48 does not know; what follows them is heard at once."""
    assert frames().feed(bytes.fromhex("02 00 0A 77") + STATUS_BOARD_0) == [STATUS_BOARD_0]


def test_the_codec_says_the_same_as_its_functions() -> None:
    assert tuple(CODEC.status_requests(3)) == (status_request(3),)
    assert CODEC.unlock_request(3, 7, 500) == unlock_frame(3, 7)
    assert (CODEC.channels, CODEC.baud, CODEC.answers_unlock) == (48, 19_200, False)
