import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from controller.domain.labels import MAX_LABEL_CHARS, Label, LabelKind, is_s10, is_sscc, parse_label

SSCC = "340123450000000017"
GS = "\x1d"


def gs1_check(digits: str) -> str:
    odd, even = digits[-1::-2], digits[-2::-2]
    return str(-(3 * sum(map(int, odd)) + sum(map(int, even))) % 10)


@pytest.mark.parametrize("raw", ["RR473124829GB", "rr 473 124 829 gb", " RR473124829GB ", "Rr 473124829 gB"])
def test_s10_in_any_writing(raw: str) -> None:
    assert parse_label(raw) == Label(LabelKind.S10, "RR473124829GB", len(raw))


@pytest.mark.parametrize(
    "raw",
    ["RR473124828GB", "RR473124820GB", "RR47312482GB", "RR4731248299GB", "R1473124829GB", "RR473124829G", "473124829"],
)
def test_no_s10(raw: str) -> None:
    assert parse_label(raw).kind is LabelKind.UNREADABLE


def test_s10_check_digits_zero_and_five_stand_for_ten_and_eleven() -> None:
    by_remainder = {}
    for serial in range(10_000_000, 10_000_200):
        total = sum(int(d) * w for d, w in zip(str(serial), (8, 6, 4, 2, 3, 5, 9, 7), strict=True))
        by_remainder[total % 11] = serial
    assert is_s10(f"RR{by_remainder[1]}0GB")
    assert is_s10(f"RR{by_remainder[0]}5GB")
    for remainder in range(2, 11):
        assert is_s10(f"RR{by_remainder[remainder]}{11 - remainder}GB")


@given(st.integers(0, 99_999_999))
def test_exactly_one_check_digit_is_right(serial: int) -> None:
    assert sum(is_s10(f"RR{serial:08d}{check}GB") for check in range(10)) == 1


def test_sscc_check_digit() -> None:
    assert "34012345000000001" + gs1_check("34012345000000001") == SSCC
    assert is_sscc(SSCC)
    assert not is_sscc(SSCC[:-1] + "8")
    assert not is_sscc(SSCC[:-1])
    assert not is_sscc("٣" * 18)


@pytest.mark.parametrize(
    "raw",
    [
        SSCC,
        f"00{SSCC}",
        f"(00){SSCC}",
        f"(00) {SSCC[:9]} {SSCC[9:]}",
        f"(00){SSCC}(401)ABC123",
        f"(420)10115(00){SSCC}",
        f"]C100{SSCC}",
        f"]d200{SSCC}",
        f"]Q300{SSCC}",
        f"]C1{GS}00{SSCC}",
        f"]C100{SSCC}401ABC123",
        f"00{SSCC}42010115",
        f"]d200{SSCC}{GS}401ABC123",
        f"]C142010115{GS}00{SSCC}",
        f"https://id.gs1.org/00/{SSCC}",
        f"HTTPS://ID.GS1.ORG/00/{SSCC}",
        f"http://carrier.example/track/00/{SSCC}?4321=1",
        f"https://id.gs1.org/00/{SSCC}/420/10115#x",
    ],
)
def test_sscc_in_any_dress(raw: str) -> None:
    assert parse_label(raw) == Label(LabelKind.SSCC, SSCC, len(raw))


@pytest.mark.parametrize(
    "raw",
    [
        f"(00){SSCC[:-1]}8",
        f"(01){SSCC}",
        f"01{SSCC}",
        f"(00){SSCC}9",
        f"https://id.gs1.org/01/{SSCC}",
        f"https://id.gs1.org/?00={SSCC}",
        f"ftp://id.gs1.org/00/{SSCC}",
    ],
)
def test_no_sscc(raw: str) -> None:
    assert parse_label(raw).kind is LabelKind.UNREADABLE


@pytest.mark.parametrize(
    "raw",
    [
        "",
        " ",
        "📦",
        "RR473124829GB📦",
        "RR４７３１２４８２９GB",
        "ＲＲ473124829ＧＢ",
        "\x00RR473124829GB",
        "RR473124829GB\n",
        "\x1b[2J",
        "9" * 10_240,
        "(00)" * 2560,
        f"{GS}00" * 170,
        "https://" + "a/" * 250,
    ],
)
def test_what_is_no_label_leaves_nothing_but_its_length(raw: str) -> None:
    assert parse_label(raw, (r".*X",)) == Label(LabelKind.UNREADABLE, "", len(raw))


def test_a_carriers_own_pattern_must_match_the_whole_label() -> None:
    patterns = (r"NL-\d{6}", r"Z[0-9A-F]{4}")
    assert parse_label("nl-123456", patterns) == Label(LabelKind.CARRIER, "NL-123456", 9)
    assert parse_label("Z0 0A f", patterns) == Label(LabelKind.CARRIER, "Z00AF", 7)
    assert parse_label("NL-1234567", patterns).kind is LabelKind.UNREADABLE
    assert parse_label("NL-123456").kind is LabelKind.UNREADABLE


@given(st.one_of(st.text(max_size=600), st.from_regex(r"[\]()0-9A-Z:/?#\x1d ]{0,60}", fullmatch=True)))
@example("]C1" + GS)
def test_any_scan_gives_a_label(raw: str) -> None:
    label = parse_label(raw)
    assert label.length == len(raw)
    assert (label.text == "") is (label.kind is LabelKind.UNREADABLE)
    assert len(label.text) <= MAX_LABEL_CHARS
    if label.kind is not LabelKind.UNREADABLE:
        assert re.fullmatch(r"[A-Z0-9]+", label.text)
        assert parse_label(label.text) == Label(label.kind, label.text, len(label.text)), (
            "a plain form is its own plain form"
        )
