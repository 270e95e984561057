"""Parcel labels: what a scanner or a person's fingers deliver, recognised by shape and check digit.

UPU S10 (weights 8 6 4 2 3 5 9 7), SSCC (GS1 mod 10), GS1 element strings and Digital Links carrying an SSCC, or a
carrier's own pattern from the configuration.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

MAX_LABEL_CHARS = 512
_S10 = re.compile(r"([A-Z]{2})([0-9]{8})([0-9])([A-Z]{2})")
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_GS = "\x1d"
"""What scanners send for FNC1, the end of an element of variable length."""
_SSCC_AS_PRINTED = re.compile(r"(?:\(.*)?\(00\)([0-9]{18})(?:\(.*)?")
_SSCC_AS_SCANNED = re.compile(r"(?:(?:\](?:C1|D2|Q3|E0))?\x1d?|.*\x1d)00([0-9]{18}).*")
_SSCC_IN_LINK = re.compile(r"https?://[A-Za-z0-9.:-]+/(?:[^?#]*/)?00/([0-9]{18})(?:[/?#].*)?", re.IGNORECASE)


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


def parse_label(raw: str, patterns: Sequence[str] = ()) -> Label:
    """Recognise one scan. Spaces and letter case do not matter; `patterns` are full-match regular expressions."""
    length = len(raw)
    if length > MAX_LABEL_CHARS or not raw.isascii() or not raw.replace(_GS, "").isprintable():
        return Label(LabelKind.UNREADABLE, "", length)
    text = raw.replace(" ", "").upper()
    if is_s10(text):
        return Label(LabelKind.S10, text, length)
    sscc = _sscc_in(raw.strip(), text)
    if sscc is not None and is_sscc(sscc):
        return Label(LabelKind.SSCC, sscc, length)
    if any(re.fullmatch(pattern, text) for pattern in patterns):
        return Label(LabelKind.CARRIER, text, length)
    return Label(LabelKind.UNREADABLE, "", length)


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


def _sscc_in(raw: str, text: str) -> str | None:
    forms = ((_SSCC_IN_LINK, raw), (_SSCC_AS_PRINTED, text), (_SSCC_AS_SCANNED, text))
    found = next((match for form, written in forms if (match := form.fullmatch(written)) is not None), None)
    if found is not None:
        return found[1]
    return text if len(text) == 18 else None
