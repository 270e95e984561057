"""Doors in turn: the next is unlocked once the one before has opened, or was given up. Each is committed by itself."""

from controller.domain import events as ev
from controller.domain.cycles import is_depositing, is_moving, is_waiting, why_not_unlocked
from controller.domain.decide.draft import Draft
from controller.domain.ids import NEVER, CompartmentId, Jti, MonoMs, Purpose, Role
from controller.domain.service import Series
from controller.domain.state import Compartment, State

_MAY_HOLD_SOMEBODY = ("did_not_open", "opened_unasked")
"""Quarantines in which no parcel is suspected."""


def open_in_turn(
    draft: Draft, purpose: Purpose, role: Role, doors: tuple[CompartmentId, ...], jti: Jti | None = None
) -> None:
    """Begin with the first of these doors."""
    draft.record(ev.UnlockSeriesStarted(purpose=purpose, role=role, compartments=doors, jti=jti))
    go_on(draft)


def go_on(draft: Draft) -> None:
    """Unlock the next door of the series, if it is its turn."""
    series = draft.state.series
    if series is None or series_due(draft.state) is None:
        return
    id = next((id for id in series.left if _may_have_its_turn(draft.state, series.purpose, id)), None)
    if id is None:
        reason = "done" if draft.state.lockout is None else "locked_out"
        draft.record(ev.UnlockSeriesEnded(purpose=series.purpose, reason=reason))
        return
    parcel = draft.state.compartments[id].parcel
    draft.record(ev.UnlockAuthorised(compartment=id, purpose=series.purpose, role=series.role, parcel=parcel))


def series_due(state: State) -> MonoMs | None:
    """When the next door has its turn: at once, or None while the one before may still open."""
    return NEVER if state.series is not None and not _waits(state, state.series) else None


def is_vacant(compartment: Compartment) -> bool:
    """No parcel is on record in it, and none is suspected there."""
    return compartment.parcel is None and compartment.quarantine in (None, *_MAY_HOLD_SOMEBODY)


def _waits(state: State, series: Series) -> bool:
    compartment = state.compartments.get(series.current) if series.current is not None else None
    cycle = compartment.cycle if compartment is not None else None
    return cycle is not None and cycle.purpose is series.purpose and is_waiting(cycle)


def _may_have_its_turn(state: State, purpose: Purpose, id: CompartmentId) -> bool:
    compartment = state.compartments.get(id)
    if compartment is None or is_moving(compartment) or is_depositing(state, compartment):
        return False
    if why_not_unlocked(state, compartment) is not None:
        return False
    return purpose is Purpose.ALL or is_vacant(compartment)
