"""How far parcels have come on their ladders."""

from dataclasses import replace

from controller.domain import events as ev
from controller.domain.changes import change_parcel, with_item, without
from controller.domain.climb import Climb
from controller.domain.ids import ParcelId, WallMs
from controller.domain.ladder import Action
from controller.domain.notices import NoticeKind
from controller.domain.stamp import Stamp
from controller.domain.state import State
from controller.domain.take_away_list import RETURN

_ENDS = (Action.EXPIRE, Action.RETURN_TO_DEPOT)
"""What ends the time of a parcel that is stored."""


def begun(state: State, event: ev.CustodyStored, stamp: Stamp) -> State:
    """A parcel is stored; one that is here for its carrier waits for no recipient."""
    parcel = state.parcels[event.parcel]
    if RETURN in parcel.classes:
        return state
    return _with(state, event.parcel, Climb(parcel.ladder, stamp.wall, state.sequence))


def begun_late(state: State, event: ev.ParcelClaimed, stamp: Stamp) -> State:
    """A parcel that is stored has become known to its carrier: all begins anew."""
    state = climb_over(state, event.found)
    return _with(state, event.parcel, Climb(event.ladder, stamp.wall, state.sequence))


def not_taken_in(state: State, event: ev.PlanRefused, stamp: Stamp) -> State:
    """A plan kept a parcel out; scanned twice in one visit it was kept out once."""
    if event.ladder is None or event.parcel is None:
        return state
    known = state.climbs.get(event.parcel)
    if known is not None and (known.session, known.ladder) == (event.session, event.ladder):
        return state
    return _with(state, event.parcel, Climb(event.ladder, stamp.wall, state.sequence, session=event.session))


def stepped(state: State, event: ev.LadderStep) -> State:
    """One step was taken."""
    if event.action in _ENDS and state.parcels[event.parcel].hold_until is not None:
        state = change_parcel(state, event.parcel, lambda parcel: replace(parcel, expired=True))
    climb = state.climbs.get(event.parcel)
    if climb is None or event.step is None:
        return state
    if event.of_hold:
        climb = replace(climb, done_of_hold=(*climb.done_of_hold, event.step))
    else:
        climb = replace(climb, done=(*climb.done, event.step))
    untold = climb.untold if event.tells is None else (*climb.untold, event.tells)
    return _with(state, event.parcel, replace(climb, offered=_offered(climb, event), untold=untold))


def hold_moved(state: State, parcel: ParcelId, until: WallMs, *, begins: bool) -> State:
    """The hold ends at another time: what was to be done towards its end is to be done again."""
    state = change_parcel(state, parcel, lambda p: replace(p, hold_until=until, expired=False))
    state = _pickup_moved(state, parcel)
    climb = state.climbs.get(parcel)
    if climb is None:
        return state
    untold = tuple(kind for kind in climb.untold if kind not in (NoticeKind.EXPIRED, NoticeKind.RETURNING))
    moved = replace(climb, hold_runs=climb.hold_runs or begins, done_of_hold=(), offered=False, untold=untold)
    return _with(state, parcel, moved)


def told(state: State, parcel: ParcelId) -> State:
    """The carrier was asked to tell everything that had to wait."""
    climb = state.climbs.get(parcel)
    return state if climb is None or not climb.untold else _with(state, parcel, replace(climb, untold=()))


def climb_over(state: State, parcel: ParcelId) -> State:
    """The state in which nothing more is done about this parcel."""
    return replace(state, climbs=without(state.climbs, parcel)) if parcel in state.climbs else state


def _offered(climb: Climb, event: ev.LadderStep) -> bool:
    if event.action in _ENDS:
        return False
    return climb.offered or (event.action == Action.OFFER_EXTENSION and event.tells is not None)


def _pickup_moved(state: State, parcel: ParcelId) -> State:
    """Its code is good for as long as the last parcel that it opens."""
    id = state.parcels[parcel].pickup
    pickup = state.pickups.get(id) if id is not None else None
    if pickup is None:
        return state
    ends = [end for each in pickup.parcels if (end := state.parcels[each].hold_until) is not None]
    moved = replace(pickup, expires_at=max(ends, default=pickup.expires_at))
    return replace(state, pickups=with_item(state.pickups, pickup.id, moved))


def _with(state: State, parcel: ParcelId, climb: Climb) -> State:
    return replace(state, climbs=with_item(state.climbs, parcel, climb))
