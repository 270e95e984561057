"""Waveshare's relay boards: the vendor page's frames as golden vectors, both ways, and everything that is not one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.cabinet import Cabinet
from firmware_bridge.codecs import Acknowledgement, Codec, Refusal, Status
from firmware_bridge.codecs import modbus as rtu
from firmware_bridge.codecs.waveshare import WaveshareModbus, WaveshareOptions
from firmware_bridge.lock_board import Door
from firmware_bridge.responders import Manner
from firmware_bridge.responders.waveshare import WaveshareBoards
from firmware_bridge.timers import VirtualTimers

CODEC: Codec = WaveshareModbus()
RELAYS = range(1, 9)
FLASH_700 = bytes.fromhex("01 05 02 00 00 07 8D B0")
FLASH_500 = bytes.fromhex("01 05 02 00 00 05 0C 71")
READ_COILS = bytes.fromhex("01 01 00 00 00 08 3D CC")
READ_INPUTS = bytes.fromhex("01 02 00 00 00 08 79 CC")
NO_COILS = bytes.fromhex("01 01 01 00 51 88")
NO_INPUTS = bytes.fromhex("01 02 01 00 A1 88")
ALL_ON = "01 05 00 FF FF 00 BC 0A"


@pytest.fixture
def timers() -> VirtualTimers:
    return VirtualTimers()


@pytest.fixture
def cabinet(timers: VirtualTimers) -> Cabinet:
    return Cabinet(RELAYS, timers)


@pytest.fixture
def boards(cabinet: Cabinet) -> WaveshareBoards:
    return WaveshareBoards({1: cabinet})


def say(boards: WaveshareBoards, frame: str | bytes) -> bytes:
    request = bytes.fromhex(frame) if isinstance(frame, str) else frame
    [response] = boards.hear(request)
    assert response.frame == request
    return response.answer


def energised(cabinet: Cabinet) -> list[int]:
    return [relay for relay in RELAYS if cabinet.energised(relay)]


def test_we_say_the_pages_frames() -> None:
    assert CODEC.unlock_request(1, 1, 700) == FLASH_700
    assert CODEC.unlock_request(1, 1, 500) == FLASH_500
    assert CODEC.status_requests(1) == (READ_INPUTS,)
    assert WaveshareModbus(WaveshareOptions(inputs=False)).status_requests(1) == (READ_COILS,)


def test_we_understand_the_pages_answers() -> None:
    assert CODEC.answer(READ_INPUTS, NO_INPUTS) == Status(dict.fromkeys(RELAYS, False))
    assert CODEC.answer(READ_COILS, NO_COILS) == Status({}), "relays tell of no door"
    assert CODEC.answer(FLASH_700, FLASH_700) == Acknowledgement(1, taken=True)


@pytest.mark.parametrize(
    ("frame", "on"),
    [
        ("01 05 00 00 FF 00 8C 3A", [1]),
        ("01 05 00 00 00 00 CD CA", []),
        ("01 05 00 00 55 00 F2 9A", [1]),
        (ALL_ON, list(RELAYS)),
        ("01 05 00 FF 00 00 FD FA", []),
        ("01 05 00 FF FF FF FC 4A", list(RELAYS)),
        ("01 05 02 00 00 07 8D B0", [1]),
        ("01 05 02 00 00 05 0C 71", [1]),
        ("01 05 04 00 00 05 0C F9", []),
    ],
)
def test_the_simulated_board_obeys_the_pages_orders_and_echoes_them(
    boards: WaveshareBoards, cabinet: Cabinet, frame: str, on: list[int]
) -> None:
    assert say(boards, frame) == bytes.fromhex(frame)
    assert energised(cabinet) == on


def test_the_simulated_board_answers_the_pages_questions(boards: WaveshareBoards, cabinet: Cabinet) -> None:
    for channel in RELAYS:
        cabinet.force(channel)
    assert say(boards, READ_COILS) == NO_COILS
    assert say(boards, READ_INPUTS) == NO_INPUTS


def test_the_simulated_board_writes_several_coils_and_echoes_their_head(
    boards: WaveshareBoards, cabinet: Cabinet
) -> None:
    request = bytes.fromhex("01 0F 00 00 00 08 01 FF BE D5")
    assert say(boards, request) == rtu.frame(1, rtu.WRITE_COILS, request[2:6])
    assert energised(cabinet) == list(RELAYS)


def test_a_flash_ends_by_itself(boards: WaveshareBoards, cabinet: Cabinet, timers: VirtualTimers) -> None:
    say(boards, FLASH_700)
    timers.advance(699)
    assert energised(cabinet) == [1]
    timers.advance(1)
    assert energised(cabinet) == []


@pytest.mark.parametrize("address", [1, 2])
def test_the_pages_frames_that_give_a_board_its_address_are_whole(address: int) -> None:
    """They are for a board alone on its line, and for everyone on any other: we hear them, and cannot say them."""
    request = bytes.fromhex({1: "00 06 40 00 00 01 5C 1B", 2: "00 06 40 00 00 02 1C 1A"}[address])
    assert rtu.requests().feed(request) == [request]


def test_a_broadcast_is_obeyed_by_all_and_answered_by_none(timers: VirtualTimers) -> None:
    cabinets = {at: Cabinet(RELAYS, timers) for at in (1, 2)}
    body = bytes.fromhex("00 05 00 00 FF 00")
    assert say(WaveshareBoards(cabinets), body + rtu.crc(body)) == b""
    assert [energised(it) for it in cabinets.values()] == [[1], [1]]


@given(st.integers(-2, 300) | st.integers(), st.integers(-2, 0x300) | st.integers(), st.integers(-100, 4_000_000))
def test_no_numbers_whatever_make_an_unlock_of_more_than_one_relay(address: int, channel: int, pulse_ms: int) -> None:
    codec = WaveshareModbus(WaveshareOptions(32))
    if address in range(1, 248) and channel in range(1, 33) and pulse_ms in range(100, 0x7FFF * 100 + 1, 100):
        frame = codec.unlock_request(address, channel, pulse_ms)
        assert (frame[0], frame[1], len(frame)) == (address, rtu.WRITE_COIL, 8)
        assert rtu.numbers(frame[2:6]) == [0x0200 + channel - 1, pulse_ms // 100]
    else:
        with pytest.raises(ValueError, match=r"does not exist|cannot be given|addresses are 1 to 247"):
            codec.unlock_request(address, channel, pulse_ms)


@pytest.mark.parametrize("pulse_ms", [50, 99, 101, 550])
def test_a_pulse_that_the_board_cannot_count_is_refused(pulse_ms: int) -> None:
    with pytest.raises(ValueError, match=f"counts in 100 ms, so a pulse of {pulse_ms} ms cannot be given"):
        CODEC.unlock_request(1, 1, pulse_ms)


@pytest.mark.parametrize("channels", [0, 4, 9, 64])
def test_there_are_boards_with_8_16_and_32_relays(channels: int) -> None:
    assert [WaveshareModbus(WaveshareOptions(size)).channels for size in (8, 16, 32)] == [8, 16, 32]
    with pytest.raises(ValueError, match=f"channels is {channels}"):
        WaveshareOptions(channels)


@pytest.mark.parametrize("size", [8, 16, 32])
def test_every_input_of_every_size_is_read(timers: VirtualTimers, size: int) -> None:
    codec, options = WaveshareModbus(WaveshareOptions(size)), {"channels": size}
    cabinet = Cabinet(range(1, size + 1), timers)
    boards = WaveshareBoards({7: cabinet}, Manner(options=options))
    [question] = codec.status_requests(7)
    for channel in cabinet.channels:
        cabinet.force(channel)
        status = codec.answer(question, say(boards, question))
        assert isinstance(status, Status)
        assert [it for it, closed in status.doors.items() if not closed] == list(range(1, channel + 1))
    assert all(truth.sensor is Door.OPEN for truth in cabinet.doors().values())


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        (READ_INPUTS, READ_INPUTS),
        (READ_INPUTS, NO_COILS),
        (READ_INPUTS, rtu.frame(2, rtu.READ_INPUTS, b"\x01\x00")),
        (READ_INPUTS, rtu.frame(1, rtu.READ_INPUTS, b"\x02\x00\x00")),
        (FLASH_700, FLASH_500),
        (FLASH_700, rtu.frame(2, rtu.WRITE_COIL, FLASH_700[2:6])),
        (FLASH_700, NO_INPUTS),
    ],
    ids=["echo", "other function", "other board", "other size", "other pulse", "other board's ack", "a late answer"],
)
def test_what_does_not_answer_the_question_is_no_answer(request_: bytes, answer: bytes) -> None:
    assert CODEC.answer(request_, answer) is None


@pytest.mark.parametrize(
    ("request_", "code", "why"),
    [(FLASH_700, 4, "device failure"), (READ_INPUTS, 1, "illegal function"), (FLASH_700, 6, "device busy")],
)
def test_an_exception_is_a_refusal_with_its_name(request_: bytes, code: int, why: str) -> None:
    answer = rtu.frame(1, request_[1] | rtu.EXCEPTION, bytes((code,)))
    assert CODEC.answer(request_, answer) == Refusal(why)


def test_a_relay_that_its_input_switches_is_named(boards: WaveshareBoards) -> None:
    codec = WaveshareModbus()
    [question] = codec.setup_requests(1)
    assert codec.answer(question, say(boards, question)) == Status({})
    say(boards, rtu.frame(1, rtu.WRITE_REGISTER, rtu.words(0x1002, 1)))
    answer = codec.answer(question, say(boards, question))
    assert isinstance(answer, Refusal)
    assert answer.why.startswith("its inputs switch relay 3 by themselves")


def test_a_board_that_knows_no_control_modes_is_fine() -> None:
    codec = WaveshareModbus()
    [question] = codec.setup_requests(1)
    assert codec.answer(question, rtu.frame(1, 0x83, b"\x01")) == Status({})
    assert WaveshareModbus(WaveshareOptions(inputs=False)).setup_requests(1) == ()


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (rtu.frame(1, rtu.WRITE_COIL, rtu.words(0, 0x1234)), 3),
        (rtu.frame(1, rtu.WRITE_COIL, rtu.words(0x0208, 5)), 2),
        (rtu.frame(1, rtu.READ_INPUTS, rtu.words(0, 9)), 2),
        (rtu.frame(1, rtu.READ_INPUTS, rtu.words(0, 0)), 2),
        (rtu.frame(1, rtu.WRITE_REGISTERS, rtu.words(0, 1) + b"\x02\x00\x00"), 1),
    ],
)
def test_the_simulated_board_refuses_what_is_not_there(boards: WaveshareBoards, frame: bytes, code: int) -> None:
    assert say(boards, frame) == rtu.frame(1, frame[1] | rtu.EXCEPTION, bytes((code,)))


@given(st.lists(st.binary(max_size=40), max_size=10))
def test_arbitrary_bytes_are_answers_only_if_they_check(chunks: list[bytes]) -> None:
    reader = CODEC.reader()
    for chunk in chunks:
        for frame in (*reader.feed(chunk), *reader.quiet()):
            if CODEC.answer(READ_INPUTS, frame) is not None:
                assert frame[0] == 1
                assert rtu.crc(frame[:-2]) == frame[-2:]
