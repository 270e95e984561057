"""Rows of series of doors and of the service lock-out."""

from collections.abc import Mapping
from typing import Any

from controller.domain.ids import Purpose, Role
from controller.domain.service import FirstSignature, Lockout, Series
from controller.domain.state import State

_Row = dict[str, Any]


def service_rows(state: State) -> _Row:
    """Members of the snapshot, by their names in `State`."""
    first, lockout = state.first_signature, state.lockout
    return {
        "rescues": state.rescues,
        "first_signature": first and [first.kid, first.until],
        "series": state.series and _series_row(state.series),
        "lockout": lockout and [lockout.since, lockout.until],
    }


def service_of(rows: Mapping[str, Any]) -> _Row:
    """The same read back; a snapshot from before they were known has none of them."""
    first, series, lockout = (rows.get(name) for name in ("first_signature", "series", "lockout"))
    return {
        "rescues": tuple(rows.get("rescues", ())),
        "first_signature": first and FirstSignature(*first),
        "series": series and _series_of(series),
        "lockout": lockout and Lockout(*lockout),
    }


def _series_row(s: Series) -> _Row:
    return {"purpose": s.purpose, "role": s.role, "left": s.left, "current": s.current, "jti": s.jti}


def _series_of(row: _Row) -> Series:
    read = {"purpose": Purpose(row["purpose"]), "role": Role(row["role"]), "left": tuple(row["left"])}
    return Series(**row | read)
