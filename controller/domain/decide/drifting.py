"""Figures of drift against their limits: somebody is told once, and once more when it is over."""

from collections.abc import Iterable, Iterator

from controller.domain import events as ev
from controller.domain.drift import DAY_MS, WINDOW_DAYS, Key, Mark, below_from, day_of, total
from controller.domain.ids import WallMs
from controller.domain.policy import Policy
from controller.domain.stamp import Stamp
from controller.domain.state import State


def come_to_limit(state: State, marks: Iterable[Mark], at: Stamp, policy: Policy) -> Iterator[ev.HealthDrift]:
    """Those figures, of the ones just marked, that have come to their limit and were not told of."""
    today = day_of(at.wall)
    for key in dict.fromkeys(key for mark in marks for key in mark.figures()):
        limit = policy.drift.limit(key)
        if limit is None or key in state.drift.raised:
            continue
        count = total(state.drift, key, today)
        if count >= limit:
            figure, about = key
            yield ev.HealthDrift(figure=figure, about=about, count=count, limit=limit, days=WINDOW_DAYS)


def drift_due(state: State, policy: Policy) -> Iterator[WallMs]:
    """When each figure that was told of will be below its limit again."""
    return (WallMs(_below_from(state, key, policy) * DAY_MS) for key in state.drift.raised)


def below_limit(state: State, at: Stamp, policy: Policy) -> Iterator[ev.HealthDriftOver]:
    """Those figures that were told of and are below their limit again."""
    today = day_of(at.wall)
    for key in state.drift.raised:
        if _below_from(state, key, policy) <= today:
            figure, about = key
            yield ev.HealthDriftOver(figure=figure, about=about)


def _below_from(state: State, key: Key, policy: Policy) -> int:
    return below_from(state.drift, key, policy.drift.limit(key))
