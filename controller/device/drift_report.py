"""Drift as it is told: in the health message, and to an operator at the terminal."""

from controller.contract.wire_json import JSON, JsonObject
from controller.domain.drift import LOCKER, WINDOW_DAYS, Figure, Subject, day_of, totals
from controller.domain.ids import WallMs
from controller.domain.policy import Policy
from controller.domain.state import State


def drift_figures(state: State, now: WallMs, policy: Policy) -> JsonObject:
    """For the health message: every figure of the locker, and of doors, drivers and channels those with a limit."""
    table = _by_subject(state, now)
    bounded = {
        subject: {figure: count for figure, count in row.items() if policy.drift.limit((figure, subject)) is not None}
        for subject, row in table.items()
        if subject != LOCKER
    }
    return {
        "days": WINDOW_DAYS,
        "locker": _row(table.get(LOCKER, {})),
        "subjects": {subject: _row(row) for subject, row in sorted(bounded.items()) if row},
        "over": _over(state),
        "stale_preferences": sum(kept.stale for kept in state.preferences.values()),
        "kept_preferences": len(state.preferences),
    }


def drift_facts(state: State, now: WallMs, policy: Policy) -> JsonObject:
    """For the terminal: every figure with its limit, the locker's own first."""
    rows: list[JSON] = [
        {
            "about": subject or "locker",
            "figure": figure.value,
            "count": row[figure],
            "limit": policy.drift.limit((figure, subject)),
            "over": (figure, subject) in state.drift.raised,
        }
        for subject, row in sorted(_by_subject(state, now).items())
        for figure in Figure
        if row.get(figure)
    ]
    return {"days": WINDOW_DAYS, "figures": rows}


def _by_subject(state: State, now: WallMs) -> dict[Subject, dict[Figure, int]]:
    table: dict[Subject, dict[Figure, int]] = {}
    for (figure, subject), count in totals(state.drift, day_of(now)).items():
        table.setdefault(subject, {})[figure] = count
    return table


def _row(row: dict[Figure, int]) -> JsonObject:
    return {figure.value: row[figure] for figure in Figure if row.get(figure)}


def _over(state: State) -> list[JSON]:
    return [{"figure": figure.value, "about": subject} for figure, subject in state.drift.raised]
