import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.typist import LEFT_ALT, LEFT_CTRL, LEFT_SHIFT, LOST, event, stroke, typed

from firmware_bridge.key_events import EV_SYN, EVENT, LONGEST_LINE, PLAIN, SYN_DROPPED, KeyReader

KEY_A, KEY_M, KEY_F4, KEY_CAPSLOCK = 30, 50, 62, 58
PRINTABLE = string.ascii_letters + string.digits + string.punctuation + " "


def read(strokes: bytes) -> bytes:
    return KeyReader().feed(strokes)


def test_every_printable_character_of_a_us_keyboard_is_read() -> None:
    assert read(typed(PRINTABLE + "\r")).decode() == PRINTABLE + "\r"


def test_a_captured_scan_of_the_kernels_own_bytes() -> None:
    strokes = b"".join(
        (
            bytes.fromhex("00f15365 00000000 05000000 00000000 0100 2a00 01000000"),  # left shift down
            bytes.fromhex("00f15365 00000000 05000000 00000000 0100 1300 01000000"),  # r down
            bytes.fromhex("00f15365 00000000 05000000 00000000 0100 1300 00000000"),  # r up
            bytes.fromhex("00f15365 00000000 05000000 00000000 0100 2a00 00000000"),  # left shift up
            bytes.fromhex("00f15365 00000000 05000000 00000000 0100 0500 01000000"),  # 4 down
            bytes.fromhex("00f15365 00000000 05000000 00000000 0100 6000 01000000"),  # enter on the keypad down
        )
    )
    assert read(strokes) == b"R4\r"


def test_the_gs1_separator_is_typed_with_control() -> None:
    assert read(typed("10ABC\x1d00106141412345678908\r")) == b"10ABC\x1d00106141412345678908\r"


@pytest.mark.parametrize("held", [LEFT_CTRL, LEFT_ALT])
def test_what_a_set_up_barcode_types_with_other_keys_held_is_dropped(held: int) -> None:
    assert read(typed("a") + stroke(KEY_M, held) + stroke(KEY_F4, held) + typed("b\r")) == b"ab\r"


def test_a_key_that_is_held_down_is_one_stroke_and_caps_lock_none() -> None:
    held = event(KEY_A, 1) + event(KEY_A, 2) * 30 + event(KEY_A, 0)
    assert read(stroke(KEY_CAPSLOCK) + held + typed("\r")) == b"a\r"


def test_a_line_of_which_strokes_were_lost_is_dropped_and_the_next_is_not() -> None:
    lost = typed("RR4731") + event(LEFT_SHIFT, 1) + LOST + typed("29GB\r")
    assert read(lost + typed("whole\r")) == b"whole\r"


def test_a_line_whose_end_was_lost_ends_with_the_next_pause() -> None:
    lost = typed("RR4731", 7) + EVENT.pack(7, 5, EV_SYN, SYN_DROPPED, 0) + typed("29", 7)
    assert read(lost + typed("whole\r", 8)) == b"whole\r"
    assert read(lost + typed("GB\r", 7) + typed("whole\r", 7)) == b"whole\r"


def test_a_pause_within_a_line_is_none_of_our_business_otherwise() -> None:
    assert read(typed("slow", 7) + typed("ly\r", 60)) == b"slowly\r"


def test_a_line_without_end_stays_within_bounds() -> None:
    reader = KeyReader()
    assert reader.feed(stroke(KEY_A) * 20_000) == b""
    assert len(reader.feed(typed("\r"))) == LONGEST_LINE + 2


@given(st.binary(max_size=4 * EVENT.size), st.integers(0, 40))
def test_any_bytes_however_cut_type_nothing_but_what_keys_can(noise: bytes, cut: int) -> None:
    events = noise + typed("ab\r")
    reader = KeyReader()
    heard = reader.feed(events[:cut]) + reader.feed(events[cut:])
    assert heard == read(events)
    assert set(heard.decode()) <= {*PRINTABLE, "\r", "\x1d"}


def test_no_key_has_two_places() -> None:
    assert len(PLAIN) == len({*range(2, 14), *range(16, 28), *range(30, 42), 43, *range(44, 54), 57, 55, 98}) + 13
