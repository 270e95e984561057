"""Somebody says that a person is shut in: every vacant compartment is opened, without any credential, and never one
that is occupied.
"""

from controller.domain import events as ev
from controller.domain.answers import DoorUnlocked
from controller.domain.decide.draft import Decision, Draft
from controller.domain.decide.series import is_vacant, open_in_turn
from controller.domain.ids import CompartmentId, Purpose, Role
from controller.domain.inputs import SomeoneInsideRefused, SomeoneInsideSaid
from controller.domain.refusals import Refusal
from controller.domain.state import Compartment


def let_out(draft: Draft, said: SomeoneInsideSaid) -> Decision:
    """Open them in turn, the largest first; the alarm is raised in any case, but once for one series."""
    series = draft.state.series
    if series is not None and series.purpose is Purpose.SOMEONE_INSIDE:
        return draft.answer(DoorUnlocked(series.left))
    doors = _vacant(draft)
    refusal = _why_not(draft, doors)
    if refusal is not None:
        return draft.count(SomeoneInsideRefused(refusal.value), draft.refuse(refusal).answer)
    draft.record(ev.SomeoneInside(session=said.session, opening=len(doors)))
    open_in_turn(draft, Purpose.SOMEONE_INSIDE, Role.LOCKER, doors)
    return draft.answer(DoorUnlocked(doors))


def _why_not(draft: Draft, doors: tuple[CompartmentId, ...]) -> Refusal | None:
    if draft.state.lockout is not None:
        return Refusal.LOCKED_OUT
    if draft.state.series is not None:
        return Refusal.BUSY
    since = draft.at.mono - draft.policy.rescue_window_ms
    if sum(when > since for when in draft.state.rescues) >= draft.policy.rescues:
        return Refusal.TOO_MANY_OPENINGS
    return None if doors else Refusal.NONE_VACANT


def _vacant(draft: Draft) -> tuple[CompartmentId, ...]:
    vacant = [compartment for compartment in draft.state.compartments.values() if is_vacant(compartment)]
    return tuple(compartment.id for compartment in sorted(vacant, key=_largest_first))


def _largest_first(compartment: Compartment) -> int:
    return -compartment.spec.size.rank
