"""Which contacts are not at rest."""

from dataclasses import replace

from controller.domain import events as ev
from controller.domain.changes import with_item, without
from controller.domain.state import State


def evolve_contacts(state: State, event: ev.Event) -> State:
    """The state after an event of a contact."""
    match event:
        case ev.SecurityTamper(contact=name, kind=kind):
            return replace(state, contacts=with_item(state.contacts, name, kind))
        case ev.SecurityFire(contact=name):
            return replace(state, contacts=with_item(state.contacts, name, "fire"))
        case ev.MainsLost(contact=name):
            return replace(state, contacts=with_item(state.contacts, name, "mains"))
        case (
            ev.SecurityTamperEnded(contact=name) | ev.SecurityFireEnded(contact=name) | ev.MainsRecovered(contact=name)
        ):
            return replace(state, contacts=without(state.contacts, name))
        case _:
            return state
