"""The worked frames of the vendors' pages, byte for byte, as we say them, as boards say them, and as both hear them."""

from dataclasses import dataclass

import pytest
from support.languages import LANGUAGES, Language

from firmware_bridge.cabinet import Cabinet
from firmware_bridge.codecs import Acknowledgement, Status
from firmware_bridge.timers import VirtualTimers

Said = Status | Acknowledgement | None


def bits(ways: int, *ones: int) -> dict[int, bool]:
    return {channel: channel in ones for channel in range(1, ways + 1)}


@dataclass(frozen=True)
class Worked:
    """A frame to a board, what the board answers, and what that means to us where it is an answer to us.

    The board has `ways` doors, of which those in `closed` are; `jammed` is the lock that is. `moves` are the locks that
    the frame energises.
    """

    language: str
    frame: str
    answer: str = ""
    means: Said = None
    ways: int = 16
    closed: tuple[int, ...] = ()
    jammed: int = 0
    address: int = 0
    moves: tuple[int, ...] = ()

    def __str__(self) -> str:
        return f"{self.language} {self.frame}"

    def board(self) -> Cabinet:
        cabinet = Cabinet(range(1, self.ways + 1), VirtualTimers())
        for channel in set(cabinet.channels) - set(self.closed):
            cabinet.force(channel)
        if self.jammed:
            cabinet.jam(self.jammed, True)
        return cabinet


CU16, CU48, CU48B, A8, WKLY = "kerong-cu16", "kerong-cu48", "kerong-cu48b", "lockboard-8a", "wkly"
NBSE, DC, WINNSEN = "wkly-nbse", "dingchang", "winnsen"
TAKEN, REFUSED = Acknowledgement(1, taken=True), Acknowledgement(1, taken=False)
ALL_16, ALL_48 = tuple(range(1, 17)), tuple(range(1, 49))

OURS = [
    Worked(CU16, "02 00 31 03 36", moves=(1,)),
    Worked(CU16, "02 00 30 03 35", "02 00 35 00 00 00 00 03 3A", Status(bits(16), bits(16))),
    Worked(CU16, "02 10 30 03 45", "02 10 35 00 00 00 00 03 4A", Status(bits(16), bits(16)), address=1),
    Worked(CU48, "02 00 00 51 03 56", ways=48, moves=(1,)),
    Worked(
        CU48,
        "02 00 00 50 03 55",
        "02 00 00 65 07 00 00 00 00 C0 03 31",
        Status(bits(48, 1, 2, 3, 47, 48)),
        48,
        (1, 2, 3, 47, 48),
    ),
    Worked(CU48B, "02 00 00 61 03 66", ways=48, moves=(1,)),
    Worked(CU48B, "02 00 00 60 03 65", f"02 00 00 75 {'00 ' * 12}03 7A", Status(bits(48), bits(48)), 48),
    Worked(CU48B, "02 00 00 60 03 65", f"02 00 00 75 01 {'00 ' * 11}03 7B", Status(bits(48, 1), bits(48)), 48, (1,)),
    Worked(A8, "8A 01 01 11 9B", "8A 01 01 00 8A", TAKEN, closed=(1,), address=1, moves=(1,)),
    Worked(A8, "8A 01 01 11 9B", "8A 01 01 11 9B", TAKEN, 24, (1,), 1, address=1, moves=(1,)),
    Worked(A8, "8A 01 02 11 98", "8A 01 02 00 89", Acknowledgement(2, taken=True), address=1, moves=(2,)),
    Worked(A8, "80 01 00 33 B2", "80 01 00 00 00 33 B2", Status(bits(24)), 24, address=1),
    Worked(A8, "80 01 00 33 B2", "80 01 00 00 00 33 B2", Status(bits(24)), 8, address=1),
    Worked(A8, "80 01 00 33 B2", "80 01 00 00 02 33 B0", Status(bits(24, 2)), 24, (2,), address=1),
    Worked(A8, "80 01 00 33 B2", "80 01 00 00 20 33 92", Status(bits(24, 6)), 24, (6,), address=1),
    Worked(A8, "80 01 00 33 B2", "80 01 01 00 00 00 33 B3", Status(bits(32, 25)), 32, (25,), address=1),
    Worked(A8, "80 01 00 33 B2", "80 01 02 00 00 00 00 00 01 33 B1", Status(bits(50, 1, 50)), 50, (1, 50), address=1),
    Worked(
        "lockboard-8a-forwards", "80 01 00 33 B2", "80 01 02 00 80 33 30", Status(bits(24, 2, 24)), 24, (2, 24), 0, 1
    ),
    Worked("lockboard-8a-motors", "8A 01 01 11 02 99", "8A 01 01 00 8A", TAKEN, address=1, moves=(1,)),
    Worked(WKLY, "57 4B 4C 59 09 00 82 01 83", "57 4B 4C 59 0B 00 82 00 01 00 81", TAKEN, 24, moves=(1,)),
    Worked(
        WKLY, "57 4B 4C 59 09 00 82 01 83", "57 4B 4C 59 0B 00 82 00 01 01 80", TAKEN, 24, (1,), jammed=1, moves=(1,)
    ),
    Worked(WKLY, "57 4B 4C 59 08 00 84 85", f"57 4B 4C 59 22 00 84 00 18 {'00 ' * 24}B7", Status(bits(24)), 24),
    Worked(NBSE, "4E 42 53 45 09 01 82 01 91", "4E 42 53 45 0B 01 82 00 01 00 93", TAKEN, 24, (), 0, 1, (1,)),
    Worked(DC, "DC 02 01 10 01 01 13", "DC FE 01 10 02 01 01 15", TAKEN, 12, address=1, moves=(1,)),
    Worked(DC, "DC 02 01 10 01 01 13", "DC FE 01 10 02 01 00 14", TAKEN, 12, (1,), 1, 1, (1,)),
    Worked(DC, "DC 02 01 12 00 13", "DC FE 01 12 02 00 00 15", Status(bits(12)), 12, tuple(range(1, 13)), address=1),
    Worked(
        DC, "DC 02 01 12 00 13", "DC FE 01 12 03 80 00 01 97", Status(bits(24, 1, 24)), 24, tuple(range(2, 24)), 0, 1
    ),
    Worked(WINNSEN, "90 06 05 01 01 03", "90 07 85 01 01 01 03", TAKEN, address=1, moves=(1,)),
    Worked(WINNSEN, "90 06 05 01 01 03", "90 07 85 01 01 00 03", TAKEN, 16, (1,), 1, 1, (1,)),
    Worked(
        WINNSEN, "90 07 02 01 FF FF 03", "90 07 82 01 01 80 03", Status(bits(16, 1, 16)), 16, tuple(range(2, 16)), 0, 1
    ),
]
"""What we say ourselves."""

NEVER_OURS = [
    Worked(CU16, "02 F0 32 03 27", "02 00 36 00 00 00 00 03 3B"),
    Worked(CU16, "02 F0 32 03 27", "02 10 36 00 00 00 00 03 4B", address=1),
    Worked(CU16, "02 00 32 03 37", "02 00 36 00 00 00 00 03 3B"),
    Worked(CU16, "02 00 33 03 38", moves=ALL_16),
    Worked(CU16, "02 F0 33 03 28", moves=ALL_16),
    Worked(CU48, "02 0A 00 50 03 5F", f"02 00 00 65 {'00 ' * 6}03 6A", ways=48),
    Worked(CU48, "02 00 30 51 03 86", ways=48, moves=ALL_48),
    Worked(CU48, "02 0A 00 51 03 60", ways=48, moves=(1,)),
    Worked(CU48B, "02 00 30 61 03 96", ways=48, moves=ALL_48),
    Worked(A8, "8A 01 00 11 9A", "8A 01 00 00 8B", address=1, moves=ALL_16),
    Worked(A8, "8A 02 00 11 99", "8A 02 00 00 88", address=2, moves=ALL_16),
    Worked(A8, "80 01 01 33 B3", "80 01 01 00 80", address=1),
    Worked(A8, "90 01 02 02 02 93", ways=24, address=1, moves=(2, 10, 18)),
    Worked(A8, "90 01 01 00 00 00 00 00 02 92", ways=50, address=1, moves=(1, 50)),
    Worked(A8, "9A 01 01 11 8B", address=1, moves=(1,)),
    Worked(A8, "9B 01 01 11 8A", address=1),
    Worked(A8, "82 01 00 22 A1", address=1),
    Worked(A8, "8A 01 01 33 B9", "8A 01 01 00 8A", address=1, moves=(1,)),
    Worked(WKLY, "57 4B 4C 59 09 00 83 01 82", "57 4B 4C 59 0B 00 83 00 01 00 80"),
    Worked(WKLY, "57 4B 4C 59 08 00 86 87", "57 4B 4C 59 09 00 86 00 86", moves=ALL_16),
    Worked(WKLY, "57 4B 4C 59 0C 00 80 03 01 02 03 86", "57 4B 4C 59 09 00 80 00 80", moves=(1, 2, 3)),
    Worked(WKLY, "57 4B 4C 59 0C 00 87 03 01 02 03 81", moves=(1, 2, 3)),
    Worked(DC, "DC 02 01 01 00 02", "DC FE 01 01 02 01 00 05", address=1),
    Worked(DC, "DC 02 01 11 01 01 14", "DC FE 01 11 02 01 01 16", address=1),
    Worked(DC, "DC 02 01 14 00 15", "DC FE 01 14 02 0F FF 25", ways=12, address=1, moves=tuple(range(1, 13))),
    Worked(DC, "DC 02 01 15 02 00 07 1F", "DC FE 01 15 02 00 07 1F", ways=12, address=1, moves=(1, 2, 3)),
    Worked(DC, "DC 02 01 16 02 01 01 1B", "DC FE 01 16 01 01 19", address=1, moves=(1,)),
    Worked(DC, "DC 02 01 18 02 00 07 22", "DC FE 01 18 02 00 07 22", ways=12, address=1, moves=(1, 2, 3)),
    Worked(DC, "DC 02 01 1A 02 00 07 24", "DC FE 01 1A 01 01 1D", ways=12, address=1, moves=(1, 2, 3)),
    Worked(WINNSEN, "90 06 12 01 01 03", "90 07 92 01 01 01 03", address=1),
]
"""What boards understand and we never say: all at once, many at once, current without end, and what we do not need."""

UNASKED = [
    (CU48B, "02 00 0A 77 01 00 00 00 00 00 01 00 00 00 00 00 03 88"),
    (A8, "82 01 01 00 82"),
    (A8, "82 01 01 11 93"),
    (WKLY, "57 4B 4C 59 0A 00 85 01 01 86"),
]

MISPRINTED = [
    (CU16, "02 10 30 03 3E"),
    (DC, "DC FE 01 18 02 00 07 E3"),
]

OTHER_ANSWERS = [
    (CU16, "02 00 30 03 35", "02 00 36 01 80 02 00 03 BE", Status(bits(16, 1, 16), bits(16, 2))),
    (CU48B, "02 00 00 60 03 65", f"02 00 00 75 {'00 ' * 6}01 00 00 00 00 80 03 FB", Status(bits(48), bits(48, 1, 48))),
    (WKLY, "57 4B 4C 59 08 00 84 85", "57 4B 4C 59 0D 00 84 00 03 00 01 FF 7D", Status({1: False, 2: True})),
    (WKLY, "57 4B 4C 59 09 00 82 01 83", "57 4B 4C 59 0B 00 82 FF 01 01 7F", REFUSED),
    (DC, "DC 02 01 10 01 01 13", "DC FE 01 10 01 01 13", TAKEN),
    (DC, "DC 02 01 10 01 01 13", "DC FE 01 10 01 00 12", TAKEN),
    (DC, "DC 02 01 10 01 05 17", "DC FE 01 10 01 05 17", Acknowledgement(5, taken=True)),
    (WINNSEN, "90 06 05 01 01 03", "90 07 A5 01 01 01 03", TAKEN),
    (WINNSEN, "90 06 05 01 01 03", "90 07 85 01 01 02 03", REFUSED),
    (WINNSEN, "90 07 02 01 FF FF 03", "90 07 A2 01 02 00 03", Status(bits(16, 2))),
]
"""What boards of other makes or in other moods say; the simulated ones do not."""

NO_ANSWERS = [
    (CU16, "02 00 31 03 36", "02 00 35 00 00 00 00 03 3A"),
    (CU48, "02 00 00 51 03 56", f"02 00 00 65 {'00 ' * 6}03 6A"),
    (CU48B, "02 00 00 61 03 66", f"02 00 00 75 {'00 ' * 12}03 7A"),
    (A8, "80 01 00 33 B2", "80 01 01 00 80"),
    (A8, "8A 01 01 11 9B", "8A 01 02 00 89"),
    (A8, "8A 01 01 11 9B", "80 01 01 00 80"),
    (A8, "8A 01 01 11 9B", "82 01 01 00 82"),
    (WKLY, "57 4B 4C 59 08 00 84 85", f"57 4B 4C 59 22 00 84 FF 18 {'00 ' * 24}48"),
    (WKLY, "57 4B 4C 59 08 00 84 85", "57 4B 4C 59 0C 00 84 00 03 00 01 83"),
    (WKLY, "57 4B 4C 59 09 00 82 01 83", "57 4B 4C 59 0B 00 82 00 02 00 82"),
    (WKLY, "57 4B 4C 59 09 00 82 01 83", "57 4B 4C 59 0B 00 82 07 01 00 86"),
    (DC, "DC 02 01 10 01 01 13", "DC 02 01 10 01 01 13"),
    (DC, "DC 02 01 10 01 01 13", "DC FE 01 10 02 02 01 16"),
    (DC, "DC 02 01 10 01 01 13", "DC FE 01 10 01 02 14"),
    (DC, "DC 02 01 12 00 13", "DC FE 01 12 04 00 00 00 00 17"),
    (WINNSEN, "90 06 05 01 01 03", "90 07 85 01 02 01 03"),
    (WINNSEN, "90 06 05 01 01 03", "90 07 85 01 01 07 03"),
    (WINNSEN, "90 06 05 01 01 03", "90 07 82 01 01 01 03"),
]
"""Whole frames that check, and are not the answer: another lock's, another question's, or no sense."""


def hexed(text: str) -> bytes:
    return bytes.fromhex(text)


def everything_said(language: Language) -> set[bytes]:
    channels = range(1, language.codec.channels + 1)
    orders = {language.unlock(address, channel) for address in language.addresses for channel in channels}
    return orders.union(*(language.codec.status_requests(address) for address in language.addresses))


def frames_in(language: Language, line: str) -> list[bytes]:
    reader = language.codec.reader()
    return reader.feed(hexed(line)) + reader.quiet()


@pytest.mark.parametrize("worked", OURS, ids=str)
def test_we_say_it_as_the_page_does_and_read_the_answer(worked: Worked) -> None:
    language, codec = LANGUAGES[worked.language], LANGUAGES[worked.language].codec
    if worked.moves:
        assert language.unlock(worked.address, *worked.moves) == hexed(worked.frame)
    else:
        assert list(codec.status_requests(worked.address)) == [hexed(worked.frame)]
    answers = frames_in(language, worked.answer)
    assert answers == ([hexed(worked.answer)] if worked.answer else [])
    assert [codec.answer(hexed(worked.frame), answer) for answer in answers] == ([worked.means] if answers else [])


@pytest.mark.parametrize("worked", NEVER_OURS, ids=str)
def test_we_never_say_it_for_any_board_and_channel(worked: Worked) -> None:
    language = LANGUAGES[worked.language]
    assert hexed(worked.frame) not in everything_said(language)


@pytest.mark.parametrize("worked", OURS + NEVER_OURS, ids=str)
def test_a_simulated_board_obeys_and_answers_as_the_page_does(worked: Worked) -> None:
    board, bystander = worked.board(), worked.board()
    far_end = LANGUAGES[worked.language].far_end({worked.address: board, 9: bystander})
    [response] = far_end.hear(hexed(worked.frame))
    assert response.frame == hexed(worked.frame)
    assert response.answer[: len(hexed(worked.answer))] == hexed(worked.answer)
    assert [pulse.channel for pulse in board.pulses] == list(worked.moves)
    if worked in OURS:
        assert response.answer == hexed(worked.answer)
        assert bystander.pulses == []


@pytest.mark.parametrize(("name", "frame"), UNASKED)
def test_what_boards_send_unasked_is_a_frame_and_answers_nothing(name: str, frame: str) -> None:
    language = LANGUAGES[name]
    assert frames_in(language, frame) == [hexed(frame)]
    for address in language.addresses:
        for request in (*language.codec.status_requests(address), language.unlock(address, 1)):
            assert language.codec.answer(request, hexed(frame)) is None


@pytest.mark.parametrize(("name", "frame"), MISPRINTED)
def test_what_a_page_misprinted_does_not_check(name: str, frame: str) -> None:
    assert frames_in(LANGUAGES[name], frame) == []


@pytest.mark.parametrize(("name", "request_", "answer", "means"), OTHER_ANSWERS)
def test_every_way_to_answer_is_understood(name: str, request_: str, answer: str, means: Said) -> None:
    language = LANGUAGES[name]
    assert hexed(request_) in everything_said(language)
    assert frames_in(language, answer) == [hexed(answer)]
    assert language.codec.answer(hexed(request_), hexed(answer)) == means


@pytest.mark.parametrize(("name", "request_", "answer"), NO_ANSWERS)
def test_a_frame_that_is_not_the_answer_is_none(name: str, request_: str, answer: str) -> None:
    language = LANGUAGES[name]
    assert hexed(request_) in everything_said(language)
    assert frames_in(language, answer) == [hexed(answer)]
    assert language.codec.answer(hexed(request_), hexed(answer)) is None
