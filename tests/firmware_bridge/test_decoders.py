"""What every decoder promises of bytes that nobody meant: arbitrary ones, mutated ones, cut anywhere."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.languages import LANGUAGES, Language

from firmware_bridge.cabinet import Cabinet
from firmware_bridge.codecs import Acknowledgement, Refusal, Status
from firmware_bridge.frames import FrameReader

all_languages = pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
few = settings(max_examples=30)
UNCHECKED = {"winnsen"}
"""These send no check bytes: most flipped bits cannot be noticed in one frame."""
LONGEST_KEPT = 300
PADDING = bytes(300)


MUTATIONS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 2), st.binary(max_size=3)), max_size=4)
"""Where, how many bytes go, and which come in their place."""
CUTS = st.lists(st.integers(1, 16), max_size=12)


def pushed(language: Language, data: st.DataObject) -> Cabinet:
    cabinet = language.cabinet()
    for channel in data.draw(st.sets(st.integers(1, language.codec.channels), max_size=6)):
        cabinet.force(channel)
    return cabinet


def said(language: Language, data: st.DataObject) -> list[bytes]:
    """What is said on the line of such boards: questions, an order, and the answers to them."""
    address = data.draw(st.sampled_from(language.addresses))
    frames = [language.unlock(address, 1), *language.codec.status_requests(address)]
    far_end = language.far_end({address: pushed(language, data)})
    answers = [response.answer for frame in frames for response in far_end.hear(frame)]
    return [frame for frame in frames + answers if frame]


def a_line(language: Language, data: st.DataObject) -> bytes:
    """What may be heard: noise, and frames more or less as they were said."""
    frames = st.sampled_from(said(language, data))
    line = bytearray(b"".join(data.draw(st.lists(frames | st.binary(max_size=24), max_size=4))))
    for at, gone, come in data.draw(MUTATIONS):
        line[at : at + gone] = come
    return bytes(line)


def heard(reader: FrameReader, line: bytes, data: st.DataObject) -> list[bytes]:
    """The frames in `line`, which comes in pieces, and then is quiet."""
    frames, at = [], 0
    for size in data.draw(CUTS):
        frames += reader.feed(line[at : at + size])
        at += size
    return frames + reader.feed(line[at:]) + reader.quiet()


@all_languages
@few
@given(data=st.data())
def test_where_a_line_is_cut_changes_nothing(language: Language, data: st.DataObject) -> None:
    line = a_line(language, data)
    whole, cut = language.codec.reader(), language.codec.reader()
    assert heard(cut, line, data) == whole.feed(line) + whole.quiet()
    assert cut.bad_checksums == whole.bad_checksums


@all_languages
@few
@given(data=st.data())
def test_whatever_is_heard_neither_crashes_nor_piles_up(language: Language, data: st.DataObject) -> None:
    address = data.draw(st.sampled_from(language.addresses))
    requests = [*language.codec.status_requests(address), language.unlock(address, 1)]
    reader = language.codec.reader()
    for _ in range(data.draw(st.integers(1, 4))):
        for frame in heard(reader, a_line(language, data) * data.draw(st.integers(1, 40)), data):
            for request in requests:
                answer = language.codec.answer(request, frame)
                assert isinstance(answer, Status | Acknowledgement | Refusal | None)
        assert len(vars(reader)["_kept"]) <= LONGEST_KEPT


@all_languages
@few
@given(data=st.data())
def test_an_answer_is_found_after_noise(language: Language, data: st.DataObject) -> None:
    """Noise that itself begins a frame may keep the reader waiting, but never for longer than that one frame."""
    address, cabinet = data.draw(st.sampled_from(language.addresses)), pushed(language, data)
    for question, answer in language.answers(address, cabinet):
        reader = language.codec.reader()
        frames = heard(reader, data.draw(st.binary(max_size=40)) + answer, data) + reader.feed(PADDING)
        alone = language.codec.reader()
        [frame] = alone.feed(answer) + alone.quiet()
        assert frame in frames
        assert language.codec.answer(question, frame) is not None


@all_languages
@few
@given(data=st.data())
def test_the_echo_before_an_answer_is_heard_as_what_it_is(language: Language, data: st.DataObject) -> None:
    """Whether or not there was a silence between the two."""
    address, cabinet = data.draw(st.sampled_from(language.addresses)), pushed(language, data)
    for question, answer in language.answers(address, cabinet):
        reader = language.codec.reader()
        frames = heard(reader, question, data) if data.draw(st.booleans()) else reader.feed(question)
        frames += heard(reader, answer, data)
        assert frames == [question, answer]


@pytest.mark.parametrize("name", sorted(LANGUAGES.keys() - UNCHECKED))
@few
@given(data=st.data())
def test_a_flipped_bit_is_never_believed(name: str, data: st.DataObject) -> None:
    language = LANGUAGES[name]
    address, cabinet = data.draw(st.sampled_from(language.addresses)), pushed(language, data)
    for question, answer in language.answers(address, cabinet):
        wrong = bytearray(answer)
        wrong[data.draw(st.integers(0, len(answer) - 1))] ^= 1 << data.draw(st.integers(0, 7))
        reader = language.codec.reader()
        for frame in reader.feed(bytes(wrong)) + reader.quiet() + reader.feed(PADDING):
            assert language.codec.answer(question, frame) is None


@all_languages
@few
@given(data=st.data())
def test_simulated_boards_stand_whatever_they_hear(language: Language, data: st.DataObject) -> None:
    cabinets = {address: language.cabinet() for address in language.addresses[:2]}
    far_end = language.far_end(cabinets)
    for _ in range(data.draw(st.integers(1, 3))):
        far_end.hear(a_line(language, data))
