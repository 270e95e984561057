"""Eletechsup's relay boards: the frames of the maker's lists as golden vectors, both ways, and what is not one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.cabinet import Cabinet
from firmware_bridge.codecs import Acknowledgement, Codec, Refusal, Status
from firmware_bridge.codecs import modbus as rtu
from firmware_bridge.codecs.eletechsup import Eletechsup, EletechsupOptions, Inputs
from firmware_bridge.responders import Manner
from firmware_bridge.responders.eletechsup import EletechsupBoards
from firmware_bridge.timers import VirtualTimers

CODEC: Codec = Eletechsup()
BITMAP: Codec = Eletechsup(EletechsupOptions(inputs=Inputs.BITMAP))
RELAYS = range(1, 9)
MOMENTARY = bytes.fromhex("01 06 00 01 05 00 DB 5A")
READ_RELAY = bytes.fromhex("01 03 00 01 00 01 D5 CA")
RELAY_IS_ON = bytes.fromhex("01 03 02 00 01 79 84")
READ_BITMAP = bytes.fromhex("01 03 00 C0 00 01 84 36")
INPUT_8 = bytes.fromhex("01 03 02 00 80 B9 E4")


@pytest.fixture
def timers() -> VirtualTimers:
    return VirtualTimers()


@pytest.fixture
def cabinet(timers: VirtualTimers) -> Cabinet:
    return Cabinet(RELAYS, timers)


@pytest.fixture
def boards(cabinet: Cabinet) -> EletechsupBoards:
    return EletechsupBoards({1: cabinet}, Manner(options={"inputs": "bitmap"}))


def say(boards: EletechsupBoards, request: bytes) -> bytes:
    [response] = boards.hear(request)
    assert response.frame == request
    return response.answer


def energised(cabinet: Cabinet) -> list[int]:
    return [relay for relay in RELAYS if cabinet.energised(relay)]


def test_we_say_the_lists_frames() -> None:
    assert CODEC.unlock_request(1, 1, 1_000) == MOMENTARY
    assert CODEC.status_requests(1) == (READ_RELAY,)
    assert BITMAP.status_requests(1) == (READ_BITMAP,)


def test_we_understand_the_lists_answers() -> None:
    assert CODEC.answer(READ_RELAY, RELAY_IS_ON) == Status({}), "relays tell of no door"
    assert BITMAP.answer(READ_BITMAP, INPUT_8) == Status({channel: channel == 8 for channel in RELAYS})
    assert CODEC.answer(MOMENTARY, MOMENTARY) == Acknowledgement(1, taken=True)


@pytest.mark.parametrize(
    ("frame", "before", "on"),
    [
        ("01 06 00 01 01 00 D9 9A", [], [1]),
        ("01 06 00 01 02 00 D9 6A", [1, 2], [2]),
        ("01 06 00 01 03 00 D8 FA", [], [1]),
        ("01 06 00 01 03 00 D8 FA", [1], []),
        ("01 06 00 01 04 00 DA CA", [2, 3], [1]),
        ("01 06 00 01 05 00 DB 5A", [], [1]),
        ("01 06 00 00 07 00 8B FA", [], list(RELAYS)),
        ("01 06 00 00 08 00 8E 0A", list(RELAYS), []),
    ],
)
def test_the_simulated_board_obeys_the_lists_commands_and_echoes_them(
    boards: EletechsupBoards, cabinet: Cabinet, frame: str, before: list[int], on: list[int]
) -> None:
    for relay in before:
        cabinet.energise(relay)
    assert say(boards, bytes.fromhex(frame)) == bytes.fromhex(frame)
    assert energised(cabinet) == on


def test_the_simulated_board_answers_the_lists_questions(boards: EletechsupBoards, cabinet: Cabinet) -> None:
    cabinet.energise(1)
    for channel in RELAYS[:-1]:
        cabinet.force(channel)
    assert say(boards, READ_RELAY) == RELAY_IS_ON
    assert say(boards, READ_BITMAP) == INPUT_8


def test_a_momentary_ends_by_itself_after_a_second(
    boards: EletechsupBoards, cabinet: Cabinet, timers: VirtualTimers
) -> None:
    say(boards, MOMENTARY)
    timers.advance(999)
    assert energised(cabinet) == [1]
    timers.advance(1)
    assert energised(cabinet) == []


@pytest.mark.parametrize(
    "data", [rtu.words(1, 0x0900), rtu.words(9, 0x0500), rtu.words(1, 0x0700), rtu.words(0, 0x0500)]
)
def test_what_the_simulated_board_does_not_know_it_passes_over(
    boards: EletechsupBoards, cabinet: Cabinet, data: bytes
) -> None:
    assert say(boards, rtu.frame(1, rtu.WRITE_REGISTER, data)) == b""
    assert say(boards, rtu.frame(1, rtu.READ_REGISTERS, rtu.words(0x0081, 1))) == b"", "its inputs are a bitmap"
    assert energised(cabinet) == []


@given(st.integers(-2, 300) | st.integers(), st.integers(-2, 40) | st.integers(), st.sampled_from([1_000, 500, 2_000]))
def test_no_numbers_whatever_make_an_unlock_of_more_than_one_relay(address: int, channel: int, pulse_ms: int) -> None:
    codec = Eletechsup(EletechsupOptions(32))
    if address in range(1, 248) and channel in range(1, 33) and pulse_ms == 1_000:
        frame = codec.unlock_request(address, channel, pulse_ms)
        assert (frame[0], frame[1], len(frame)) == (address, rtu.WRITE_REGISTER, 8)
        assert rtu.numbers(frame[2:6]) == [channel, 0x0500]
    else:
        with pytest.raises(ValueError, match=r"does not exist|cannot be given|addresses are 1 to 247"):
            codec.unlock_request(address, channel, pulse_ms)


@pytest.mark.parametrize("inputs", [Inputs.BITMAP, Inputs.REGISTERS])
@pytest.mark.parametrize("channels", [1, 4, 8, 16, 17, 32])
def test_every_input_is_read_wherever_the_model_keeps_them(
    timers: VirtualTimers, inputs: Inputs, channels: int
) -> None:
    codec = Eletechsup(EletechsupOptions(channels, inputs))
    cabinet = Cabinet(range(1, channels + 1), timers)
    boards = EletechsupBoards({3: cabinet}, Manner(options={"channels": channels, "inputs": inputs.value}))
    [question] = codec.status_requests(3)
    for channel in cabinet.channels:
        cabinet.force(channel)
        [answer] = rtu.answers().feed(say(boards, question))
        assert codec.answer(question, answer) == Status({it: it > channel for it in cabinet.channels})


@pytest.mark.parametrize("channels", [0, 33])
def test_a_board_of_no_known_size_is_refused(channels: int) -> None:
    with pytest.raises(ValueError, match=f"channels is {channels}"):
        EletechsupOptions(channels)


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        (READ_BITMAP, READ_BITMAP),
        (READ_BITMAP, MOMENTARY),
        (READ_BITMAP, rtu.frame(2, rtu.READ_REGISTERS, b"\x02\x00\x00")),
        (MOMENTARY, rtu.frame(1, rtu.WRITE_REGISTER, rtu.words(2, 0x0500))),
        (MOMENTARY, INPUT_8),
    ],
    ids=["echo", "an order's echo", "other board", "other relay's ack", "a late answer"],
)
def test_what_does_not_answer_the_question_is_no_answer(request_: bytes, answer: bytes) -> None:
    assert BITMAP.answer(request_, answer) is None


def test_an_exception_is_a_refusal_with_its_name() -> None:
    assert CODEC.answer(MOMENTARY, rtu.frame(1, 0x86, b"\x02")) == Refusal("illegal data address")


@given(st.lists(st.binary(max_size=40), max_size=10))
def test_arbitrary_bytes_are_answers_only_if_they_check(chunks: list[bytes]) -> None:
    reader = BITMAP.reader()
    for chunk in chunks:
        for frame in (*reader.feed(chunk), *reader.quiet()):
            if BITMAP.answer(READ_BITMAP, frame) is not None:
                assert frame[0] == 1
                assert rtu.crc(frame[:-2]) == frame[-2:]
