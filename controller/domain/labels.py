"""Parcel labels: what a scanner or a person's fingers deliver, recognised by shape and check digit.

UPU S10 (weights 8 6 4 2 3 5 9 7), SSCC (GS1 mod 10), GS1 element strings and Digital Links carrying an SSCC, or a
carrier's own pattern from the configuration.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from controller.domain.gs1 import GROUP_SEPARATOR, BadElement, Element, read_elements

MAX_LABEL_CHARS = 512
_S10 = re.compile(r"([A-Z]{2})([0-9]{8})([0-9])([A-Z]{2})")
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


class LabelKind(StrEnum):
    """How a label was recognised."""

    S10 = "s10"
    SSCC = "sscc"
    CARRIER = "carrier"
    """A pattern of the carrier's own."""
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Label:
    """A label in its plain form; `text` is empty for an unreadable one, of which only the length is kept."""

    kind: LabelKind
    text: str
    length: int
    elements: tuple[Element, ...] = ()
    """What else a GS1 label says that a plan can go by."""


def parse_label(raw: str, patterns: Sequence[str] = ()) -> Label:
    """Recognise one scan. Spaces and letter case do not matter; `patterns` are full-match regular expressions."""
    length = len(raw)
    unreadable = Label(LabelKind.UNREADABLE, "", length)
    if length > MAX_LABEL_CHARS or not raw.isascii() or not raw.replace(GROUP_SEPARATOR, "").isprintable():
        return unreadable
    text = raw.replace(" ", "").upper()
    if is_s10(text):
        return Label(LabelKind.S10, text, length)
    if is_sscc(text):
        return Label(LabelKind.SSCC, text, length)
    try:
        transport = read_elements(raw.strip())
    except BadElement:
        return unreadable
    if transport is not None and is_sscc(transport[0]):
        return Label(LabelKind.SSCC, transport[0], length, transport[1])
    if any(re.fullmatch(pattern, text) for pattern in patterns):
        return Label(LabelKind.CARRIER, text, length)
    return unreadable


def is_s10(text: str) -> bool:
    """Whether `text` is a UPU S10 item identifier with a right check digit."""
    match = _S10.fullmatch(text)
    if match is None:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(match[2], _S10_WEIGHTS, strict=True))
    check = 11 - total % 11
    return int(match[3]) == {10: 0, 11: 5}.get(check, check)


def is_sscc(text: str) -> bool:
    """Whether `text` is 18 digits with a right GS1 mod-10 check digit."""
    if len(text) != 18 or not (text.isascii() and text.isdecimal()):
        return False
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(text[:17]))
    return (10 - total % 10) % 10 == int(text[17])
