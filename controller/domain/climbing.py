"""When which step of a parcel's ladder is due. Pure: the same arguments give the same steps."""

from collections.abc import Iterator
from dataclasses import dataclass

from controller.domain.climb import Climb
from controller.domain.hearing import Hearing
from controller.domain.ids import HOUR_MS, WallMs
from controller.domain.ladder import LOCAL, Action, LadderRung
from controller.domain.policy import Policy
from controller.domain.state import Parcel

OFFERED_MS = 12 * HOUR_MS
"""An extension is offered no earlier before the end of the hold."""
_END = LadderRung(Action.EXPIRE, after_hold_s=0)
"""Every hold ends, also where the ladder does not say so."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step whose time is known."""

    at: WallMs
    number: int
    """Its place on the ladder, from 0."""
    rung: LadderRung

    @property
    def of_hold(self) -> bool:
        """Whether its time moves with the end of the hold."""
        return self.rung.after_s is None


def due(parcel: Parcel, climb: Climb, policy: Policy, hearing: Hearing) -> WallMs | None:
    """When something has to be done about this parcel next; a moment in the past means at once, None never."""
    moments = [step.at for step in open_steps(parcel, climb, policy) if hears(climb, hearing) or is_local(step)]
    if parcel.hold_until is not None and not climb.hold_runs and parcel.stored_at is not None:
        moments.append(parcel.stored_at if hearing.has(climb.begun_sequence) else parcel.hold_until)
    if climb.untold and hearing.since is not None:
        moments.append(hearing.since)
    return min(moments, default=None)


def open_steps(parcel: Parcel, climb: Climb, policy: Policy) -> list[Step]:
    """What is still to be done, in the order of its time."""
    steps = [step for step in _steps(parcel, climb, policy) if not _is_over(step, parcel, climb)]
    return sorted(steps, key=lambda step: (step.at, step.number))


def hears(climb: Climb, hearing: Hearing) -> bool:
    """Whether the carrier can be asked now, and knows what for."""
    return hearing.since is not None and hearing.has(climb.begun_sequence)


def is_local(step: Step) -> bool:
    """Whether the locker does it by itself; the recipient is told when that can be."""
    return step.rung.action in LOCAL


def hold_ms(parcel: Parcel, policy: Policy) -> int:
    """How long it is to wait by its plan."""
    return 1000 * (parcel.planned_hold_s if parcel.planned_hold_s is not None else policy.default_hold_s)


def extension_ms(parcel: Parcel, policy: Policy) -> int:
    """How much longer it can be kept: as long again, within the longest hold there is; 0 where that is too little."""
    if parcel.stored_at is None or parcel.hold_until is None:
        return 0
    left = parcel.stored_at + 1000 * policy.longest_hold_s - parcel.hold_until
    longer = min(hold_ms(parcel, policy), left)
    return longer if longer >= 1000 * policy.shortest_hold_s else 0


def _steps(parcel: Parcel, climb: Climb, policy: Policy) -> Iterator[Step]:
    rungs = policy.ladders.get(climb.ladder, ())
    if parcel.hold_until is not None and not any(rung.action is Action.EXPIRE for rung in rungs):
        rungs = (*rungs, _END)
    for number, rung in enumerate(rungs):
        at = _time(rung, parcel, climb)
        if at is not None:
            yield Step(at, number, rung)


def _time(rung: LadderRung, parcel: Parcel, climb: Climb) -> WallMs | None:
    if rung.after_s is not None:
        return WallMs(climb.since + 1000 * rung.after_s)
    if rung.after_hold_s is None or parcel.hold_until is None or not climb.hold_runs:
        return None
    at = parcel.hold_until + 1000 * rung.after_hold_s
    return WallMs(max(at, parcel.hold_until - OFFERED_MS) if rung.action is Action.OFFER_EXTENSION else at)


def _is_over(step: Step, parcel: Parcel, climb: Climb) -> bool:
    """Done, or of no use any more: nobody is reminded of a parcel whose time is over."""
    if step.number in climb.done or step.number in climb.done_of_hold:
        return True
    if parcel.hold_until is None:
        return False
    if step.rung.action is Action.EXPIRE:
        return parcel.expired
    if is_local(step):
        return False
    too_early, too_late = step.of_hold and step.at < climb.since, not step.of_hold and step.at >= parcel.hold_until
    return too_early or too_late or (parcel.expired and step.at < parcel.hold_until)
