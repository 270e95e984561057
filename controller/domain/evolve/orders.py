"""What signed commands leave behind: that they were seen, and what was answered."""

from dataclasses import replace

from controller.domain import events as ev
from controller.domain.changes import with_item
from controller.domain.evolve.contacts import evolve_contacts
from controller.domain.ids import HOUR_MS, Counter, Jti
from controller.domain.stamp import Stamp
from controller.domain.state import KnownCommand, State

_PURGE_EVERY = 256
_KEPT_MS = 24 * HOUR_MS
"""Beyond its expiry: far longer than two clocks may disagree, so that none is taken for new again."""


def evolve_orders(state: State, event: ev.Event, stamp: Stamp) -> State:
    """The state after an event about a command; security events change nothing."""
    match event:
        case ev.CommandReceived():
            return _received(state, event, stamp)
        case ev.CommandExecuted():
            return _answered(state, event.jti, event.outcome)
        case ev.CommandRefused(jti=jti) if jti is not None:
            return _answered(state, jti, f"refused {event.reason}")
        case _:
            return evolve_contacts(state, event)


def _received(state: State, event: ev.CommandReceived, stamp: Stamp) -> State:
    known = state.commands
    if len(known) % _PURGE_EVERY == _PURGE_EVERY - 1:
        known = {jti: command for jti, command in known.items() if command.expires_at + _KEPT_MS > stamp.wall}
    commands = with_item(known, event.jti, KnownCommand(event.expires_at, event.kid))
    counters = state.counters
    if event.ctr is not None:
        counters = with_item(counters, event.kid, Counter(max(event.ctr, counters.get(event.kid, event.ctr))))
    return replace(state, commands=commands, counters=counters)


def _answered(state: State, jti: Jti, outcome: str) -> State:
    known = state.commands.get(jti)
    if known is None:
        return state
    return replace(state, commands=with_item(state.commands, jti, replace(known, outcome=outcome)))
