"""What is read from a draft, and what is guessed."""

from pathlib import Path

import pytest

from controller.device.commissioning.draft import Draft, Terminal, read_draft
from controller.device.settings_errors import SettingsError
from firmware_bridge.codecs import Feedback

HEAD = """
[[supplies]]
name = "psu"
"""
CU48 = """
[[boards]]
name = "main"
driver = "kerong-cu48"
port = "/dev/serial/by-path/x"
supply = "psu"
feedback = "closed_is_0"
"""
PINS = """
[[boards]]
name = "pins"
driver = "gpio"
supply = "psu"
continuous_duty = true
"""


def door(id: str, *keys: str) -> str:
    return "\n".join(["\n[[compartments]]", f'id = "{id}"', 'size = "M"', *keys, ""])


def read(folder: Path, text: str) -> Draft:
    path = folder / "draft.toml"
    path.write_text(text)
    return read_draft(path)


def test_compartments_that_say_nothing_are_guessed_onto_the_next_free_channels(tmp_path: Path) -> None:
    draft = read(tmp_path, HEAD + CU48 + door("A01") + door("A02", 'board = "main"', "channel = 1") + door("A03"))
    assert [(table.id, table.channel) for table in draft.compartments] == [("A01", 2), ("A02", 1), ("A03", 3)]
    assert draft.guessed(Terminal("main", 3)) == draft.beside(Terminal("main", 3)) == "A03"
    assert draft.guessed(Terminal("main", 4)) is None


def test_every_channel_is_watched_as_its_bits_stand_and_as_many_tried_as_the_draft_says(tmp_path: Path) -> None:
    all_48 = read(tmp_path, HEAD + CU48 + door("A01"))
    assert len(all_48.locks) == 48
    some = read(tmp_path, HEAD + CU48 + "try_channels = 3\n" + door("A01"))
    assert some.locks == (Terminal("main", 1), Terminal("main", 2), Terminal("main", 3))
    assert some.specs[0].locks == {1, 2, 3}
    assert len(some.specs[0].channels) == 48
    assert some.specs[0].feedback is Feedback.CLOSED_IS_1


def test_a_board_that_is_only_read_is_not_pulsed(tmp_path: Path) -> None:
    inputs = CU48.replace('"main"', '"inputs"').replace("/x", "/y") + "try_channels = 0\n"
    draft = read(tmp_path, HEAD + inputs + CU48 + "try_channels = 2\n" + door("A01") + door("A02"))
    assert draft.locks == (Terminal("main", 1), Terminal("main", 2))
    assert [table.board for table in draft.compartments] == ["main", "main"]


def test_of_gpio_lines_those_are_tried_that_are_named(tmp_path: Path) -> None:
    lines = ['board = "pins"', "lock_line = 17", "door_line = 27"]
    apart = ['board = "main"', "channel = 1", "door_line = 22", 'door = { board = "pins", channel = 5 }']
    draft = read(tmp_path, HEAD + CU48 + "try_channels = 1\n" + PINS + door("B01", *lines) + door("B02", *apart))
    assert draft.locks == (Terminal("main", 1), Terminal("pins", 1))
    assert draft.lines(Terminal("pins", 1)).lock_line == 17
    assert draft.lines(Terminal("pins", 5)).door_line == 22


def test_other_tables_are_nobodys_business_and_a_change_makes_another_draft(tmp_path: Path) -> None:
    draft = read(tmp_path, "[locker]\nid = 1\n" + HEAD + CU48 + door("A01"))
    other = read(tmp_path, "[locker]\nid = 1\n" + HEAD + CU48 + door("A02"))
    assert draft.ids == ("A01",)
    assert draft.digest != other.digest


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (HEAD + CU48 + "try_channels = 49\n" + door("A01"), "boards: board main has 48 channels, not 49"),
        (HEAD + CU48 + 'try_channels = "a"\n' + door("A01"), "boards[0].try_channels: must be 0 to 1024, not 'a'"),
        (HEAD + CU48 + "speed = 1\n" + door("A01"), "boards[0].speed: there is no such key"),
        (HEAD + CU48 + "try_channels = 1\n" + door("A01") + door("A02"), "compartments[1].board: is missing"),
        (HEAD + CU48, "compartments: is missing"),
        ("", "is empty"),
    ],
)
def test_mistakes_are_named_with_file_and_key(tmp_path: Path, text: str, line: str) -> None:
    with pytest.raises(SettingsError) as wrong:
        read(tmp_path, text)
    assert f"{tmp_path / 'draft.toml'}: {line}" in str(wrong.value)
