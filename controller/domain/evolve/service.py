"""What series of doors and the service lock-out change."""

from dataclasses import replace

from controller.domain import events as ev
from controller.domain.ids import Purpose
from controller.domain.service import FirstSignature, Lockout, Series
from controller.domain.stamp import Stamp
from controller.domain.state import State

_REMEMBERED = 16
"""Past alarms of people shut in; more than any limit counts."""


def evolve_service(state: State, event: ev.Event, stamp: Stamp) -> State:
    """The state after an event of a series, or of the lock-out."""
    match event:
        case ev.UnlockAllAsked():
            return replace(state, first_signature=FirstSignature(event.kid, event.until))
        case ev.UnlockSeriesStarted():
            return _series_started(state, event, stamp)
        case ev.UnlockSeriesEnded():
            return replace(state, series=None)
        case ev.LockedOut():
            return replace(state, lockout=Lockout(stamp.mono, event.until))
        case ev.LockoutEnded() | ev.LockoutLapsed():
            return replace(state, lockout=None)
        case _:
            return state


def series_went_on(state: State, event: ev.UnlockAuthorised) -> State:
    """The state once the turn of this door of a series has come."""
    series = state.series
    if series is None or series.purpose is not event.purpose or event.compartment not in series.left:
        return state
    left = series.left[series.left.index(event.compartment) + 1 :]
    return replace(state, series=replace(series, left=left, current=event.compartment))


def _series_started(state: State, event: ev.UnlockSeriesStarted, stamp: Stamp) -> State:
    series = Series(event.purpose, event.role, event.compartments, None, event.jti)
    if event.purpose is Purpose.SOMEONE_INSIDE:
        rescues = (*state.rescues, stamp.mono)[-_REMEMBERED:]
        return replace(state, series=series, rescues=rescues)
    return replace(state, series=series, first_signature=None)
