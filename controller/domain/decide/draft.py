"""A decision in the making: each event it records is folded at once, so that the next rule sees it."""

from dataclasses import dataclass

from controller.domain.answers import Answer, Noted, Refused
from controller.domain.decide.drifting import come_to_limit
from controller.domain.drift import Mark
from controller.domain.drift_marks import marks_of
from controller.domain.events import (
    CommandExecuted,
    CommandRefused,
    DoorDidNotOpen,
    DoorOpened,
    DoorWiringFault,
    Event,
    UnlockReported,
)
from controller.domain.evolve import evolve
from controller.domain.ids import ParcelId
from controller.domain.inputs import Counted, FreshCode
from controller.domain.outcomes import NOTHING_MOVED, outcome_of
from controller.domain.policy import Policy
from controller.domain.refusals import Refusal
from controller.domain.stamp import Stamp
from controller.domain.state import State

UnlockEnd = UnlockReported | DoorOpened | DoorDidNotOpen | DoorWiringFault


@dataclass(frozen=True, slots=True)
class Fresh:
    """Codes that may be issued for one parcel, sealed to its carrier."""

    parcel: ParcelId
    codes: tuple[FreshCode, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows from one input: `events` to commit, the `state` after them, and the answer that then holds.

    `counted` is something anyone outside could cause without end; whoever keeps the record budget decides when it
    becomes an event.
    """

    events: tuple[Event, ...]
    state: State
    answer: Answer
    counted: Counted | None = None


class Draft:
    """Collects the events of one decision. Lives only while `decide` runs."""

    def __init__(self, state: State, at: Stamp, policy: Policy, fresh: Fresh | None) -> None:
        self.state = state
        self.at = at
        self.policy = policy
        self.fresh = fresh
        self._events: list[Event] = []
        self._marks: list[Mark] = []

    def record(self, *events: Event) -> None:
        """Fold these events into the tentative state, in order."""
        for event in events:
            self._marks.extend(marks_of(event, self.state, self.at))
            self.state = evolve(self.state, event, self.at)
            self._events.append(event)

    def end_unlock(self, event: UnlockEnd) -> None:
        """The same for an event that may say what became of an unlock: a command that asked for it is then answered."""
        self.record(event)
        outcome, cycle = outcome_of(event, self.state), self.state.compartments[event.compartment].cycle
        known = self.state.commands.get(cycle.jti) if cycle is not None and cycle.jti is not None else None
        if outcome is None or cycle is None or cycle.jti is None or known is None or known.outcome is not None:
            return
        if outcome in NOTHING_MOVED:
            self.record(CommandRefused(jti=cycle.jti, reason=outcome.value))
        else:
            self.record(CommandExecuted(jti=cycle.jti, outcome=outcome.value))

    def answer(self, answer: Answer | None = None) -> Decision:
        """The decision with what was recorded so far."""
        self._tell_drift()
        return Decision(tuple(self._events), self.state, answer if answer is not None else Noted())

    def refuse(self, reason: Refusal, *, retry_after_s: int = 0, rules: tuple[str, ...] = ()) -> Decision:
        """The decision with what was recorded so far, and a lawful no."""
        return self.answer(Refused(reason, retry_after_s, rules))

    def count(self, counted: Counted, answer: Answer) -> Decision:
        """An answer without an event, for what is recorded within a budget only."""
        self._tell_drift()
        return Decision(tuple(self._events), self.state, answer, counted)

    def _tell_drift(self) -> None:
        self.record(*come_to_limit(self.state, self._marks, self.at, self.policy))
        self._marks.clear()
