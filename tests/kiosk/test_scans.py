"""Whatever a scanner may deliver."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.doorway import BAD_PASS, GOOD_BADGE, GOOD_PASS, LABELS

from controller.domain.labels import LabelKind
from kiosk.scans import BadgeScan, LabelScan, PassScan, recognise


def test_each_kind_is_known_by_its_shape() -> None:
    assert recognise(GOOD_PASS, ()) == PassScan(GOOD_PASS)
    assert recognise(BAD_PASS, ()) == PassScan(BAD_PASS)
    assert recognise(GOOD_BADGE, ()) == BadgeScan(GOOD_BADGE)
    label = recognise(LABELS[0], ())
    assert isinstance(label, LabelScan)
    assert label.label.kind is LabelKind.S10


def test_a_carriers_own_label_is_known_by_its_pattern() -> None:
    scan = recognise("swift 004711", (r"SWIFT\d{6}",))

    assert isinstance(scan, LabelScan)
    assert (scan.label.kind, scan.label.text) == (LabelKind.CARRIER, "SWIFT004711")


@pytest.mark.parametrize("wrap", ["{}\r\n", "\x02{}\x03", "  {}  ", "\x00{}\t"])
def test_control_characters_are_dropped(wrap: str) -> None:
    assert recognise(wrap.format(GOOD_BADGE), ()) == BadgeScan(GOOD_BADGE)
    label = recognise(wrap.format(LABELS[0]), ())
    assert isinstance(label, LabelScan)
    assert label.label.text == LABELS[0]


def test_the_separator_of_a_gs1_label_is_no_control_character_to_drop() -> None:
    scan = recognise("]C1\x1d00340123450000000017401AB12\x1d43211\r\n", ())

    assert isinstance(scan, LabelScan)
    assert [(each.ai, each.value) for each in scan.label.elements] == [("401", "AB12"), ("4321", "1")]


@pytest.mark.parametrize("raw", ["", ".", "..", "hello", "😀" * 50, "9" * 10_000, "a.b.c" * 2_000, "\x1b[2J\x16MPCFG"])
def test_what_is_nothing_is_unreadable_and_only_its_length_is_kept(raw: str) -> None:
    scan = recognise(raw, ())

    if isinstance(scan, LabelScan):
        assert (scan.label.kind, scan.label.text) == (LabelKind.UNREADABLE, "")
    else:
        assert isinstance(scan, PassScan)


@pytest.mark.parametrize("head", ["e30", "bnVsbA", "W10", "IQ", "_w", "eyJ0eXAiOjF9", "a"])
def test_a_header_that_is_no_header_is_left_to_the_verifier(head: str) -> None:
    assert recognise(f"{head}.x.y", ()) == PassScan(f"{head}.x.y")


@given(st.text(max_size=200) | st.text(alphabet="abc.=-_{}\"'", max_size=200))
def test_nothing_that_can_be_scanned_raises(raw: str) -> None:
    assert isinstance(recognise(raw, (r"SWIFT\d{6}",)), PassScan | BadgeScan | LabelScan)
