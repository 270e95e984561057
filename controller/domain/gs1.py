"""GS1 elements: what a transport label says besides its number (GS1 General Specifications 24, GS1 Digital Link 1.5).

Of everything that such a label may hold, names and addresses included, only `KEPT` is kept.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from controller.domain.site_time import first_moment

SSCC = "00"
GROUP_SEPARATOR = "\x1d"
"""What scanners send for FNC1, the end of an element of variable length."""
_FLAG, _TIME, _TEMPERATURE = re.compile("[01]"), re.compile("[0-9]{10}"), re.compile("[0-9]{6}-?")
_NUMBER, _TEXT = re.compile("[0-9]{17}"), re.compile("[!-~]{1,30}")
KEPT = {
    "401": _TEXT,  # consignment
    "402": _NUMBER,  # shipment
    "403": _TEXT,  # routing code
    "4321": _FLAG,  # dangerous goods
    "4322": _FLAG,  # authority to leave
    "4323": _FLAG,  # signature required
    "4324": _TIME,  # not before: YYMMDDHHMM at the place of delivery
    "4325": _TIME,  # not after
    "4330": _TEMPERATURE,  # at most, in hundredths of a degree Fahrenheit; a hyphen stands for minus
    "4331": _TEMPERATURE,  # at most, Celsius
    "4332": _TEMPERATURE,  # at least, Fahrenheit
    "4333": _TEMPERATURE,  # at least, Celsius
}
_PREFIX = re.compile(rf"\](?:C1|D2|Q3|E0){GROUP_SEPARATOR}?", re.IGNORECASE)
_PRINTED = re.compile(r"(?:\([0-9]{2,4}\)[^(]+)+")
_PRINTED_ELEMENT = re.compile(r"\(([0-9]{2,4})\)([^(]+)")
_LINK = re.compile(r"https?://[A-Za-z0-9.:-]+/(?:[^?#]*/)?00/([0-9]{18})((?:/[^?#/]+)*)/?(?:\?([^#]*))?(?:#.*)?", re.I)
_THREE_DIGITS = ("23", "24", "25", "40", "41", "42", "71")
_FOUR_DIGITS = ("31", "32", "33", "34", "35", "36", "39", "43", "70", "72", "80", "81", "82")
_FIXED_CHARS = {
    **dict.fromkeys(("00",), 20),
    **dict.fromkeys(("01", "02", "03"), 16),
    "04": 18,
    **dict.fromkeys(("11", "12", "13", "14", "15", "16", "17", "18", "19"), 8),
    "20": 4,
    **dict.fromkeys(("31", "32", "33", "34", "35", "36"), 10),
    "41": 16,
}
"""Identifier and value together, of those that need no separator after them."""


@dataclass(frozen=True, slots=True)
class Element:
    """One application identifier and what stands behind it."""

    ai: str
    value: str


class BadElement(ValueError):
    """An element that matters is not as it must be, so that nobody knows what the label means."""


def read_elements(raw: str) -> tuple[str, tuple[Element, ...]] | None:
    """The SSCC and the kept elements of an element string, as printed or as scanned, or of a Digital Link.

    None where there is no SSCC. Raises BadElement.
    """
    found: dict[str, str] = {}
    for ai, value in _all_elements(raw):
        if found.setdefault(ai, value) != value:
            raise BadElement(f"two values for {ai}")
    number = found.pop(SSCC, None)
    if number is None:
        return None
    kept = tuple(Element(ai, found[ai]) for ai in KEPT if ai in found)
    for element in kept:
        if not KEPT[element.ai].fullmatch(element.value):
            raise BadElement(f"{element.ai} is not in its form")
        if KEPT[element.ai] is _TIME:
            _check_time(element)
    return number, kept


def _check_time(element: Element) -> None:
    try:
        first_moment(element.value, ())
    except ValueError:
        raise BadElement(f"{element.ai} is no date that the calendar has") from None


def _all_elements(raw: str) -> Iterator[tuple[str, str]]:
    link = _LINK.fullmatch(raw)
    if link is not None:
        yield SSCC, link[1]
        path = link[2].split("/")[1:]
        yield from zip(path[::2], path[1::2], strict=False)
        pairs = (pair.partition("=") for pair in (link[3] or "").split("&"))
        yield from ((ai, value) for ai, _, value in pairs if ai.isdecimal())
        return
    text = raw.replace(" ", "")
    if _PRINTED.fullmatch(text):
        yield from _PRINTED_ELEMENT.findall(text)
        return
    yield from _scanned(_PREFIX.sub("", text, count=1).removeprefix(GROUP_SEPARATOR))


def _scanned(text: str) -> Iterator[tuple[str, str]]:
    while text:
        start = text[:2]
        digits = 3 if start in _THREE_DIGITS else 4 if start in _FOUR_DIGITS else 2
        element = text.partition(GROUP_SEPARATOR)[0][: _FIXED_CHARS.get(start)]
        text = text[len(element) :].removeprefix(GROUP_SEPARATOR)
        yield element[:digits], element[digits:]
