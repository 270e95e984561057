"""What an event adds to the figures of drift."""

from dataclasses import replace

from controller.domain import events as ev
from controller.domain.drift import counted, day_of
from controller.domain.drift_marks import marks_of
from controller.domain.stamp import Stamp
from controller.domain.state import State


def with_drift(after: State, before: State, event: ev.Event, stamp: Stamp) -> State:
    """The state after `event` with its figures counted; `before` is the state that the event found."""
    marks = marks_of(event, before, stamp)
    return replace(after, drift=counted(after.drift, marks, day_of(stamp.wall))) if marks else after


def drift_told(state: State, event: ev.HealthDrift | ev.HealthDriftOver) -> State:
    """The state after somebody was told that a figure is over its limit, or below it again."""
    key = (event.figure, event.about)
    others = tuple(raised for raised in state.drift.raised if raised != key)
    raised = (*others, key) if isinstance(event, ev.HealthDrift) else others
    return replace(state, drift=replace(state.drift, raised=raised))
