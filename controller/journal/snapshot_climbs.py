"""Rows of where parcels stand on their ladders."""

from collections.abc import Mapping
from typing import Any

from controller.domain.climb import Climb
from controller.domain.notices import NoticeKind
from controller.domain.state import State

_Row = dict[str, Any]


def climb_rows(state: State) -> _Row:
    """Members of the snapshot, by their names in `State`."""
    return {"climbs": [[parcel, _climb_row(climb)] for parcel, climb in state.climbs.items()]}


def climbs_of(rows: Mapping[str, Any]) -> _Row:
    """The same read back; in a snapshot from before they were known, every hold that runs runs on."""
    if "climbs" not in rows:
        stored = [row for row in rows["parcels"] if row["stored_at"] is not None]
        return {"climbs": {row["id"]: Climb("", row["stored_at"], 0, hold_runs=True) for row in stored}}
    return {"climbs": {parcel: _climb_of(row) for parcel, row in rows["climbs"]}}


def _climb_row(c: Climb) -> _Row:
    return {
        "ladder": c.ladder,
        "since": c.since,
        "begun_sequence": c.begun_sequence,
        "session": c.session,
        "hold_runs": c.hold_runs,
        "done": c.done,
        "done_of_hold": c.done_of_hold,
        "offered": c.offered,
        "untold": c.untold,
    }


def _climb_of(row: _Row) -> Climb:
    lists = {name: tuple(row[name]) for name in ("done", "done_of_hold")}
    return Climb(**row | lists | {"untold": tuple(map(NoticeKind, row["untold"]))})
