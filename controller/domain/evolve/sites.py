"""What is the matter at the site."""

from dataclasses import replace

from controller.domain import events as ev
from controller.domain.changes import with_item, without
from controller.domain.conditions import Declared
from controller.domain.stamp import Stamp
from controller.domain.state import State


def evolve_sites(state: State, event: ev.Event, stamp: Stamp) -> State:
    """The state after an event of the site."""
    match event:
        case ev.SiteDeclared(condition=condition):
            known = state.declared.get(condition)
            begun = known is not None and known.begun and event.starts <= stamp.wall
            declared = Declared(event.starts, event.until, begun)
        case ev.SiteDisrupted(condition=condition):
            declared = replace(state.declared[condition], begun=True)
        case ev.SiteLapsed():
            return replace(state, declared=without(state.declared, event.condition))
        case _:
            return state
    return replace(state, declared=with_item(state.declared, condition, declared))
