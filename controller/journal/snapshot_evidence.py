"""Rows of PINs that were asked for, and of pictures that are kept."""

from collections.abc import Iterable, Mapping
from typing import Any

from controller.domain.events import EvidenceDigest
from controller.domain.evidence import EvidenceFile, Pin
from controller.domain.state import State
from controller.journal.snapshot_private import PrivatePart, digest_of, read_back

_Row = dict[str, Any]


def evidence_rows(state: State, private: PrivatePart) -> _Row:
    """Members of the snapshot, by their names in `State`."""
    return {
        "pins": {pickup: _pin_row(pin, private) for pickup, pin in state.pins.items()},
        "files": {name: _file_row(file) for name, file in state.files.items()},
    }


def evidence_of(rows: Mapping[str, Any], private: PrivatePart) -> _Row:
    """The same read back; a snapshot from before they were known has neither."""
    return {
        "pins": {pickup: _pin_of(row, private) for pickup, row in rows.get("pins", {}).items()},
        "files": {name: _file_of(row) for name, row in rows.get("files", {}).items()},
    }


def evidence_needed(rows: Mapping[str, Any]) -> Iterable[int]:
    """The records whose private parts they hold."""
    return (row["sequence"] for row in rows.get("pins", {}).values() if row["hmac"])


def digests_row(digests: tuple[EvidenceDigest, ...]) -> list[list[str | None]]:
    """What a person gave."""
    return [[each.name, each.sha256] for each in digests]


def digests_of(row: Iterable[Iterable[Any]]) -> tuple[EvidenceDigest, ...]:
    """The same read back."""
    return tuple(EvidenceDigest(*each) for each in row)


def _pin_row(p: Pin, private: PrivatePart) -> _Row:
    return {
        "hmac": digest_of(private, p.sequence, held=p.hmac is not None),
        "asked": p.asked,
        "until": p.until,
        "sequence": p.sequence,
        "wrong": p.wrong,
    }


def _pin_of(row: _Row, private: PrivatePart) -> Pin:
    return Pin(**row | {"hmac": read_back(private, row["sequence"], row["hmac"], "pin_hmac")})


def _file_row(f: EvidenceFile) -> _Row:
    return {
        "name": f.name,
        "parcels": f.parcels,
        "kept_until": f.kept_until,
        "sequence": f.sequence,
        "disputed_at": f.disputed_at,
    }


def _file_of(row: _Row) -> EvidenceFile:
    return EvidenceFile(**row | {"parcels": tuple(row["parcels"])})
