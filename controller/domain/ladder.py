"""What is done, step by step, while a parcel waits for somebody or was not taken in, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from controller.domain.preferences import Channel


class Action(StrEnum):
    """One thing that can be done about a parcel."""

    NOTIFY = "notify"
    """Tell the recipient that it is there, by the step's channel."""
    SEND_PASS = "send_pass"
    """Send a pass, which the locker knows without having been told."""
    TELL_LONGER = "tell_longer"
    """Tell the recipient that it waits longer than usual, and why."""
    REMIND = "remind"
    CALL = "call"
    """A person telephones."""
    CONTACT = "contact"
    """Ask the recipient what to do."""
    OFFER_EXTENSION = "offer_extension"
    OFFER_OTHER_LOCKER = "offer_other_locker"
    EXPIRE = "expire"
    RETURN_TO_DEPOT = "return_to_depot"
    SECOND_ATTEMPT = "second_attempt"
    OPERATOR = "operator"
    """A person decides."""


LAST = (Action.RETURN_TO_DEPOT, Action.SECOND_ATTEMPT, Action.OPERATOR)
"""What may end a ladder: whoever does it has the parcel in hand, or in mind, from then on."""

LOCAL = (Action.EXPIRE, Action.RETURN_TO_DEPOT, Action.SECOND_ATTEMPT, Action.OPERATOR)
"""What is done whether or not the carrier can hear; the others wait until it can."""


@dataclass(frozen=True, slots=True)
class LadderRung:
    """One step. Its time counts from the beginning (`after_s`), or from the end of the hold (`after_hold_s`)."""

    action: Action
    after_s: int | None = None
    after_hold_s: int | None = None
    """Below 0: before the hold ends."""
    channel: Channel | None = None


@dataclass(frozen=True, slots=True)
class Ladder:
    """Steps in their order; then those of the ladder `then`, where it is named."""

    name: str
    steps: tuple[LadderRung, ...]
    then: str | None = None


def climb(name: str, ladders: Mapping[str, Ladder]) -> tuple[LadderRung, ...]:
    """Every step from the bottom to the end, of a ladder in which nothing is wrong."""
    ladder = ladders[name]
    return ladder.steps if ladder.then is None else ladder.steps + climb(ladder.then, ladders)


def wrong_with(ladder: Ladder, ladders: Mapping[str, Ladder]) -> str | None:
    """Why this ladder cannot be climbed to its end; None when it can."""
    path, end = [ladder.name], ladder
    while end.then is not None:
        if end.then not in ladders:
            return f"goes on with {end.then!r}, which is no ladder; known: {', '.join(sorted(ladders))}"
        path.append(end.then)
        if end.then in path[:-1]:
            return f"never ends: {' → '.join(path)}"
        end = ladders[end.then]
    if not end.steps or end.steps[-1].action not in LAST:
        return f"never ends: the last step of {end.name!r} must be {', '.join(LAST[:-1])} or {LAST[-1]}"
    return _out_of_order(ladder)


def _out_of_order(ladder: Ladder) -> str | None:
    for moments in ([s.after_s for s in ladder.steps], [s.after_hold_s for s in ladder.steps]):
        times = [moment for moment in moments if moment is not None]
        if times != sorted(times):
            return "has a step that comes before the one above it"
    return None
