"""What happens when nothing happens: doors that stay shut or open, drivers who walk away, holds that end."""

from collections.abc import Iterator
from dataclasses import dataclass

from controller.domain import events as ev
from controller.domain.cycles import awaits_answer_since, is_depositing, is_open, is_waiting
from controller.domain.decide import kept_evidence, preferring
from controller.domain.decide.climbing import pass_ladders
from controller.domain.decide.declaring import declarations_due, pass_declarations
from controller.domain.decide.doors import give_up, leave_open
from controller.domain.decide.draft import Draft
from controller.domain.decide.drifting import below_limit, drift_due
from controller.domain.decide.lockout import pass_lockout_deadline
from controller.domain.decide.notifying import notices_due, pass_notices
from controller.domain.decide.rotating import end_keys, keys_due
from controller.domain.decide.series import go_on, series_due
from controller.domain.decide.storing import let_collect, store
from controller.domain.decide.unannounced import code_due
from controller.domain.decide.undelivered import pass_undelivered, undelivered_due
from controller.domain.hearing import Hearing
from controller.domain.ids import NEVER, Door, MonoMs, ParcelId, WallMs
from controller.domain.policy import Policy
from controller.domain.stamp import Stamp
from controller.domain.state import Compartment, State
from controller.domain.step_times import StepTimes


@dataclass(frozen=True, slots=True)
class Due:
    """The next moments at which something has to be decided, on either clock; None for nothing in sight."""

    mono: MonoMs | None
    wall: WallMs | None


def next_due(state: State, policy: Policy, hearing: Hearing, times: StepTimes) -> Due:
    """When `DeadlinePassed` is to be put to the locker next; a moment in the past means at once.

    `times` is what was found before; it changes nothing but how soon this is known.
    """
    doors = (due for c in state.compartments.values() for due in _door_due(state, c, policy))
    steps = times.of(state, policy, hearing)
    waiting = (
        *notices_due(state, policy, hearing),
        *declarations_due(state),
        *drift_due(state, policy),
        *undelivered_due(state, policy),
    )
    ends = keys_due(state)
    ages = (preferring.due(kept, policy) for kept in state.preferences.values())
    lockout = state.lockout.until if state.lockout is not None else None
    service = (due for due in (series_due(state), lockout) if due is not None)
    pins, files = kept_evidence.dues(state, policy)
    mono = NEVER if state.to_erase or code_due(state) else min((*doors, *service, *pins), default=None)
    return Due(
        mono,
        min((*steps, *waiting, *ages, *files, *ends), default=None),
    )


def pass_deadlines(draft: Draft, hearing: Hearing) -> None:
    """Decide everything whose time has come."""
    for id in list(draft.state.compartments):
        _pass_door_deadline(draft, draft.state.compartments[id])
    _tell_claimed(draft)
    pass_declarations(draft)
    pass_undelivered(draft)
    pass_ladders(draft, hearing)
    pass_notices(draft, hearing)
    for kept in list(draft.state.preferences.values()):
        if preferring.due(kept, draft.policy) <= draft.at.wall:
            preferring.let_age(draft, kept)
    draft.record(*below_limit(draft.state, draft.at, draft.policy))
    pass_lockout_deadline(draft)
    end_keys(draft)
    go_on(draft)
    kept_evidence.erase_what_is_over(draft)
    if draft.state.to_erase:
        draft.record(ev.PrivateErased(sequences=draft.state.to_erase, reason="no_longer_needed"))


def _tell_claimed(draft: Draft) -> None:
    """A parcel that was stored before it was announced gets its code, once a fresh one was handed in."""
    id = code_due(draft.state)
    parcel = draft.state.parcels[id] if id is not None else None
    if parcel is None or draft.fresh is None or draft.fresh.parcel != parcel.id:
        return
    if parcel.compartment is not None and parcel.hold_until is not None:
        let_collect(draft, parcel, parcel.compartment, parcel.hold_until)


def deposit_due(state: State, at: Stamp, policy: Policy) -> ParcelId | None:
    """A parcel whose deposit counts as done by now because the driver said nothing; it needs a fresh code."""
    for compartment in state.compartments.values():
        since = awaits_answer_since(compartment, policy)
        if since is not None and since + policy.deposit_answer_ms <= at.mono and is_depositing(state, compartment):
            return compartment.parcel
    return None


def _door_due(state: State, compartment: Compartment, policy: Policy) -> Iterator[MonoMs]:
    cycle = compartment.cycle
    if cycle is not None and is_waiting(cycle):
        yield MonoMs(cycle.authorised + policy.open_wait_ms)
    if _stands_open(compartment) and not compartment.left_open:
        yield MonoMs(compartment.door_since + policy.left_open_ms)
    since = awaits_answer_since(compartment, policy)
    if since is not None and is_depositing(state, compartment):
        yield MonoMs(since + policy.deposit_answer_ms)


def _pass_door_deadline(draft: Draft, compartment: Compartment) -> None:
    now, policy, cycle = draft.at.mono, draft.policy, compartment.cycle
    if cycle is not None and is_waiting(cycle) and cycle.authorised + policy.open_wait_ms <= now:
        give_up(draft, compartment)
        return
    if _stands_open(compartment) and not compartment.left_open:
        if compartment.door_since + policy.left_open_ms <= now:
            leave_open(draft, compartment)
        return
    since = awaits_answer_since(compartment, policy)
    if since is not None and since + policy.deposit_answer_ms <= now and is_depositing(draft.state, compartment):
        store(draft, compartment, "door_cycle")


def _stands_open(compartment: Compartment) -> bool:
    """Open by what the sensor says, or said last before it fell silent in the middle of somebody's cycle."""
    if compartment.door is not Door.UNKNOWN:
        return compartment.door is Door.OPEN
    return compartment.cycle is not None and is_open(compartment.cycle)
