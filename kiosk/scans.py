"""What a scanner delivers, recognised by its shape. A scanner is a keyboard for strangers: nothing of it is trusted."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Sequence
from dataclasses import dataclass

from controller.domain.gs1 import GROUP_SEPARATOR
from controller.domain.labels import Label, LabelKind, parse_label

MAX_SCAN_CHARS = 4096
_BADGE_TYPE = "locker-driver+jws"
_JWS_CHARS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


@dataclass(frozen=True, slots=True)
class PassScan:
    """A signed text that is not a badge."""

    text: str


@dataclass(frozen=True, slots=True)
class BadgeScan:
    """A signed text that says it is a driver's badge."""

    text: str


@dataclass(frozen=True, slots=True)
class LabelScan:
    """`label.kind` is `unreadable` for whatever was not recognised."""

    label: Label


Scan = PassScan | BadgeScan | LabelScan


def recognise(raw: str, label_patterns: Sequence[str]) -> Scan:
    """One scan, without the control characters that configuration barcodes live by."""
    kept = (
        character for character in raw[: MAX_SCAN_CHARS + 1] if character.isprintable() or character == GROUP_SEPARATOR
    )
    text = "".join(kept).strip(f" {GROUP_SEPARATOR}")
    if len(text) > MAX_SCAN_CHARS:
        return LabelScan(Label(LabelKind.UNREADABLE, "", len(raw)))
    if text.count(".") == 2 and set(text) <= _JWS_CHARS:
        return BadgeScan(text) if _declared_type(text) == _BADGE_TYPE else PassScan(text)
    return LabelScan(parse_label(text, label_patterns))


def _declared_type(jws: str) -> str | None:
    """The `typ` of the unverified header: it chooses who looks at the signature, nothing else."""
    head = jws.partition(".")[0]
    try:
        header = json.loads(urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (ValueError, RecursionError):
        return None
    return header.get("typ") if isinstance(header, dict) else None
