"""Rows of what a driver's visit comes to."""

from collections.abc import Mapping
from typing import Any

from controller.domain.removal import Removal, Tally
from controller.domain.state import State

_Row = dict[str, Any]


def driver_rows(state: State) -> _Row:
    """Members of the snapshot, by their names in `State`."""
    return {"tally": state.tally and _tally_row(state.tally), "removal": state.removal and _removal_row(state.removal)}


def driver_of(rows: Mapping[str, Any]) -> _Row:
    """The same read back; a snapshot from before they were known has neither."""
    tally, removal = rows.get("tally"), rows.get("removal")
    return {"tally": tally and _tally_of(tally), "removal": removal and Removal(**removal)}


def _tally_row(t: Tally) -> _Row:
    return {
        "session": t.session,
        "driver": t.driver,
        "carrier": t.carrier,
        "deposited": t.deposited,
        "taken_away": t.taken_away,
        "missing": t.missing,
        "refused": t.refused,
        "passed_over": t.passed_over,
    }


def _tally_of(row: _Row) -> Tally:
    lists = {name: tuple(row[name]) for name in ("deposited", "taken_away", "missing", "passed_over")}
    return Tally(**row | lists)


def _removal_row(r: Removal) -> _Row:
    return {
        "parcel": r.parcel,
        "compartment": r.compartment,
        "session": r.session,
        "driver": r.driver,
        "reason": r.reason,
        "opened": r.opened,
        "scanned": r.scanned,
    }
