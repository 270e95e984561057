import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from controller.domain.gs1 import Element
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
        f"(420)10115(00){SSCC}",
        f"]C100{SSCC}",
        f"]d200{SSCC}",
        f"]Q300{SSCC}",
        f"]C1{GS}00{SSCC}",
        f"00{SSCC}42010115",
        f"]C142010115{GS}00{SSCC}",
        f"https://id.gs1.org/00/{SSCC}",
        f"HTTPS://ID.GS1.ORG/00/{SSCC}",
        f"http://carrier.example/track/00/{SSCC}?linkType=all&20=7",
        f"https://id.gs1.org/00/{SSCC}/420/10115#x",
    ],
)
def test_sscc_in_any_dress(raw: str) -> None:
    assert parse_label(raw) == Label(LabelKind.SSCC, SSCC, len(raw))


@pytest.mark.parametrize(
    "raw",
    [
        f"(00){SSCC[:-1]}8",
        f"(00){SSCC}(00)340123450000000024",
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


EVERYTHING = {
    "401": "ABC-123",
    "402": "12345678901234568",
    "403": "123+1021JK",
    "4321": "1",
    "4322": "0",
    "4323": "1",
    "4324": "2611271000",
    "4325": "2611279999",
    "4331": "000800",
    "4333": "000200-",
}
KEPT = tuple(Element(ai, value) for ai, value in EVERYTHING.items())
SCANNED = "".join(f"{ai}{value}{GS}" for ai, value in EVERYTHING.items())
PRINTED = "".join(f"({ai}){value}" for ai, value in EVERYTHING.items())
QUERY = "&".join(f"{ai}={value}" for ai, value in EVERYTHING.items())


@pytest.mark.parametrize(
    "raw",
    [
        f"]C100{SSCC}{SCANNED}",
        f"]d2{SCANNED}00{SSCC}",
        f"00{SSCC}{SCANNED.rstrip(GS)}",
        f"(00){SSCC}{PRINTED}",
        f"(00) {SSCC} {PRINTED.replace('(', ' (')}",
        f"{PRINTED}(00){SSCC}",
        f"https://id.gs1.org/00/{SSCC}?{QUERY}",
        f"https://id.gs1.org/00/{SSCC}/401/ABC-123?{QUERY}#top",
    ],
)
def test_what_a_transport_label_says_is_kept(raw: str) -> None:
    label = parse_label(raw)
    assert (label.kind, label.text) == (LabelKind.SSCC, SSCC)
    assert label.elements == KEPT


@pytest.mark.parametrize(
    "raw",
    [
        f"]C100{SSCC}4300Jane Doe{GS}43021 High Street{GS}42010115{GS}4308+4930{GS}3302001250{GS}43210",
        f"(00){SSCC}(4300)Jane Doe(4305)Berlin(4307)DE(4308)+49301234567(420)10115(4321)0",
        f"https://id.gs1.org/00/{SSCC}?4300=Jane%20Doe&420=10115&4308=%2B4930&4321=0&linkType=gs1:pip",
        f"]C100{SSCC}330200125041040063813339314326260427{GS}9912345{GS}43210",
    ],
)
def test_names_and_addresses_are_not(raw: str) -> None:
    label = parse_label(raw)
    assert label.elements == (Element("4321", "0"),)
    assert not any(word in repr(label) for word in ("Jane", "Berlin", "4930", "10115"))


@pytest.mark.parametrize(
    "element",
    [
        "43212",
        "4321",
        "432110",
        "4322Y",
        "4323",
        "4324261127",
        "43242611271060",
        "43252602310000",
        "4331080",
        "4333000200+",
        "4021",
        "401",
        "401" + "A" * 31,
    ],
)
def test_an_element_that_matters_and_cannot_be_read_makes_the_label_unreadable(element: str) -> None:
    for raw in (f"]C100{SSCC}{element}", f"00{SSCC}{element}{GS}9912"):
        assert parse_label(raw) == Label(LabelKind.UNREADABLE, "", len(raw))


def test_a_label_that_contradicts_itself_is_unreadable() -> None:
    assert parse_label(f"(00){SSCC}(4321)0(4321)1").kind is LabelKind.UNREADABLE
    assert parse_label(f"(00){SSCC}(4321)1(4321)1").elements == (Element("4321", "1"),)
