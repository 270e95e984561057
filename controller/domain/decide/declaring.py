"""Weather, holidays and outages at the site: declared with an end, and over by themselves."""

from collections.abc import Iterator

from controller.domain import events as ev
from controller.domain.commands import DeclareSite
from controller.domain.decide.draft import Draft
from controller.domain.decide.extending import stretch
from controller.domain.ids import WallMs
from controller.domain.preferences import DAY_MS
from controller.domain.refusals import Refusal
from controller.domain.state import State

LONGEST_MS = 60 * DAY_MS
"""What holds for longer belongs into the configuration."""


def declare(draft: Draft, command: DeclareSite) -> Refusal | None:
    """From `starts` to `until` plans go by it; an `until` that has passed ends it at once."""
    now, known = draft.at.wall, command.condition in draft.state.declared
    starts = command.starts if command.starts is not None else now
    if command.until <= now and known:
        draft.record(ev.SiteLapsed(condition=command.condition))
        return None
    if not max(starts, now) < command.until <= now + LONGEST_MS:
        return Refusal.BAD_PERIOD
    draft.record(ev.SiteDeclared(condition=command.condition, starts=starts, until=command.until))
    pass_declarations(draft)
    return None


def declarations_due(state: State) -> Iterator[WallMs]:
    """When something that was declared begins or ends."""
    for declared in state.declared.values():
        yield declared.until if declared.begun else declared.starts


def pass_declarations(draft: Draft) -> None:
    """Begin and end what is to begin and to end by now."""
    for condition, declared in list(draft.state.declared.items()):
        if declared.until <= draft.at.wall:
            draft.record(ev.SiteLapsed(condition=condition))
        elif declared.starts <= draft.at.wall and not declared.begun:
            draft.record(ev.SiteDisrupted(condition=condition, until=declared.until))
            stretch(draft, condition.value)
