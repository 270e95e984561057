"""The row of what an operator wants of the configuration."""

from collections.abc import Iterable, Mapping
from typing import Any

from controller.domain.desired import Desired
from controller.journal.snapshot_private import PrivatePart, digest_of, read_back

_Row = dict[str, Any]


def desired_row(d: Desired, private: PrivatePart) -> _Row:
    """As it was accepted; the settings are in the private part of the record that told them."""
    return {
        "version": d.version,
        "sha256": d.sha256,
        "told_sequence": d.told_sequence,
        "settings": digest_of(private, d.told_sequence, held=d.settings is not None),
    }


def desired_of(row: _Row, private: PrivatePart) -> Desired:
    """The same read back."""
    return Desired(**row | {"settings": read_back(private, row["told_sequence"], row["settings"], "settings")})


def desired_found(desired: Desired | None) -> Iterable[int]:
    """The record whose private part was read back for it."""
    return () if desired is None or desired.settings is None else (desired.told_sequence,)


def desired_needed(rows: Mapping[str, Any]) -> Iterable[int]:
    """The record whose private part it holds."""
    row = rows.get("desired")
    return (row["told_sequence"],) if row and row["settings"] else ()
