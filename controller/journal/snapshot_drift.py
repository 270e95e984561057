"""The row of the figures of drift."""

from collections.abc import Mapping
from typing import Any

from controller.domain.drift import Day, Drift, Figure, Key, Subject

_Row = dict[str, Any]


def drift_row(drift: Drift) -> _Row:
    """As `take` writes it."""
    days = [[day.number, [[*key, count] for key, count in day.counts.items()]] for day in drift.days]
    return {"days": days, "raised": [[*key] for key in drift.raised]}


def drift_of(rows: Mapping[str, Any]) -> Drift:
    """As `restore` reads it; a snapshot from before it was counted has none."""
    row = rows.get("drift", {})
    days = (Day(number, {_key(*key): count for *key, count in counts}) for number, counts in row.get("days", ()))
    return Drift(tuple(days), tuple(_key(*key) for key in row.get("raised", ())))


def _key(figure: str, subject: str) -> Key:
    return Figure(figure), Subject(subject)
