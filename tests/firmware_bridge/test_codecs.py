"""What every codec promises: one order moves one lock of one board, and what a board says is what is read."""

from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.languages import LANGUAGES, Language

from firmware_bridge.cabinet import Cabinet
from firmware_bridge.codecs import Acknowledgement, Status
from firmware_bridge.lock_board import Door

few = settings(max_examples=40)
all_languages = pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)


def heard_status(language: Language, address: int, cabinet: Cabinet) -> Status:
    doors: dict[int, bool] = {}
    parcels: dict[int, bool] = {}
    for question, answer in language.answers(address, cabinet):
        reader = language.codec.reader()
        [frame] = reader.feed(answer) + reader.quiet()
        status = language.codec.answer(question, frame)
        assert isinstance(status, Status)
        doors.update(status.doors)
        parcels.update(status.parcels)
    return Status(doors, parcels)


@pytest.mark.parametrize(
    ("driver", "addresses", "channels"),
    [
        ("dingchang", range(1, 16), 24),
        ("kerong-cu16", range(10), 16),
        ("kerong-cu48", range(10), 48),
        ("kerong-cu48b", range(10), 48),
        ("lockboard-8a", range(1, 33), 50),
        ("waveshare-modbus", range(1, 248), 8),
        ("winnsen", range(256), 16),
        ("wkly", range(32), 24),
    ],
)
def test_a_board_has_the_addresses_and_channels_of_its_kind(driver: str, addresses: range, channels: int) -> None:
    language = LANGUAGES[driver]
    assert language.addresses == tuple(addresses)
    assert language.codec.channels == channels


@all_languages
def test_every_order_that_can_be_said_moves_one_lock_of_one_board(language: Language) -> None:
    """All boards that a line can have are on it, and obey whatever their vendor lets them."""
    moved: list[tuple[int, int | None]] = []

    def note(address: int, channel: int | None) -> None:
        moved.append((address, channel))

    cabinets = {address: language.cabinet() for address in language.addresses}
    for address, cabinet in cabinets.items():
        cabinet.on_change(partial(note, address))
    far_end = language.far_end(cabinets)
    for address in language.addresses:
        for channel in range(1, language.codec.channels + 1):
            frame = language.unlock(address, channel)
            assert [response.frame for response in far_end.hear(frame)] == [frame]
            assert moved == [(address, channel)], frame.hex(" ")
            moved.clear()


@all_languages
@few
@given(data=st.data())
def test_no_other_number_whatever_makes_an_order(language: Language, data: st.DataObject) -> None:
    channels = range(1, language.codec.channels + 1)
    address = data.draw(st.integers() | st.sampled_from(language.addresses) | st.integers(-1, 300))
    channel = data.draw(st.integers() | st.sampled_from(channels) | st.integers(-1, 300))
    if address in language.addresses and channel in channels:
        assert language.unlock(address, channel)
    else:
        with pytest.raises(
            ValueError, match=rf"address {address} .*addresses are|channel {channel} does not exist on a"
        ):
            language.unlock(address, channel)


@all_languages
@few
@given(address=st.integers() | st.integers(-1, 300))
def test_a_question_to_all_boards_cannot_be_asked(language: Language, address: int) -> None:
    if address in language.addresses:
        assert language.codec.status_requests(address)
    else:
        with pytest.raises(ValueError, match=f"address {address} .*addresses are"):
            language.codec.status_requests(address)


@all_languages
@few
@given(data=st.data())
def test_what_a_board_says_of_its_doors_is_what_is_read(language: Language, data: st.DataObject) -> None:
    channels = st.integers(1, language.codec.channels)
    address, opened = data.draw(st.sampled_from(language.addresses)), data.draw(st.sets(channels))
    cabinet = language.cabinet()
    for channel in opened:
        cabinet.force(channel)
    bits = heard_status(language, address, cabinet).doors
    doors = {channel: language.codec.feedback.door(bit) for channel, bit in bits.items()}
    assert set(cabinet.channels) <= set(doors)
    assert {channel for channel in cabinet.channels if doors[channel] is Door.OPEN} == opened


@all_languages
@few
@given(data=st.data())
def test_only_the_board_that_was_asked_answers(language: Language, data: st.DataObject) -> None:
    asked, other = data.draw(st.lists(st.sampled_from(language.addresses), min_size=2, max_size=2, unique=True))
    for question in language.codec.status_requests(asked):
        for _, answer in language.answers(other, language.cabinet()):
            reader = language.codec.reader()
            for frame in reader.feed(answer) + reader.quiet():
                assert language.codec.answer(question, frame) is None


@all_languages
def test_an_order_is_acknowledged_or_not_answered_at_all(language: Language) -> None:
    address, cabinet = language.addresses[-1], language.cabinet()
    far_end = language.far_end({address: cabinet})
    [response] = far_end.hear(language.unlock(address, 2))
    assert bool(response.answer) is language.codec.answers_unlock
    reader = language.codec.reader()
    for frame in reader.feed(response.answer) + reader.quiet():
        assert language.codec.answer(response.frame, frame) == Acknowledgement(2, taken=True)
        assert language.codec.answer(language.unlock(address, 1), frame) is None, "another lock's"


@all_languages
def test_a_question_is_told_from_its_echo(language: Language) -> None:
    for address in language.addresses:
        for question in language.codec.status_requests(address):
            assert language.codec.answer(question, question) is None


@all_languages
def test_a_board_that_keeps_silent_says_nothing(language: Language) -> None:
    cabinet = language.cabinet()
    cabinet.lose_replies(True)
    assert all(answer == b"" for _, answer in language.answers(language.addresses[0], cabinet))
