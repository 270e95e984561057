"""How a door's cycle stands at a given moment: the questions that every rule asks of it."""

from controller.domain.ids import Door, MonoMs, Purpose, SessionId
from controller.domain.policy import Policy
from controller.domain.refusals import Refusal
from controller.domain.state import Compartment, Custody, Cycle, State

DRIVERS = (Purpose.DEPOSIT, Purpose.TAKE_BACK)
"""What a driver has a door opened for while the parcel is not yet the locker's."""

_UNATTENDED = (Purpose.SERVICE, Purpose.ALL, Purpose.EMERGENCY, Purpose.SOMEONE_INSIDE)


def is_waiting(cycle: Cycle) -> bool:
    """The unlock is on its way or done, and the door has not been seen to move."""
    return cycle.opened is None and not cycle.given_up


def is_open(cycle: Cycle) -> bool:
    """The door was opened by this cycle and has not closed."""
    return cycle.opened is not None and cycle.closed is None


def stood_open(cycle: Cycle) -> bool:
    """The door was open already when it was to be unlocked."""
    return cycle.opened == cycle.authorised


def stood_shut(compartment: Compartment, cycle: Cycle, boot: int) -> bool:
    """The door was seen to be shut all the time since its unlock, by a sensor that was never silent."""
    return compartment.door is Door.CLOSED and cycle.boot == boot and compartment.door_since <= cycle.authorised


def may_open_late(cycle: Cycle, now: MonoMs, policy: Policy) -> bool:
    """An opening now still belongs to this unlock, which nobody saw succeed."""
    return cycle.opened is None and now <= cycle.authorised + policy.late_open_ms


def is_moving(compartment: Compartment) -> bool:
    """A door that is being opened or stands open for somebody; a second pulse would serve nobody."""
    cycle = compartment.cycle
    return cycle is not None and not compartment.left_open and (is_waiting(cycle) or is_open(cycle))


def awaits_answer_since(compartment: Compartment, policy: Policy) -> MonoMs | None:
    """Since when a deposit whose door went through its cycle waits for the driver's word; None if it does not.

    A sensor that fell silent meanwhile is waited for as long again.
    """
    cycle = compartment.cycle
    if cycle is None or cycle.purpose not in DRIVERS or compartment.door is Door.OPEN:
        return None
    if cycle.closed is not None:
        since = cycle.closed
    elif cycle.given_up and cycle.first_closed is not None:
        since = MonoMs(cycle.authorised + policy.open_wait_ms)
    else:
        return None
    return since if compartment.door is Door.CLOSED else max(since, compartment.door_since)


def deposit_times(cycle: Cycle) -> tuple[MonoMs | None, MonoMs | None]:
    """When the deposit's door first opened and last closed."""
    opened = cycle.first_opened if cycle.first_opened is not None else cycle.opened
    closed = cycle.closed if cycle.closed is not None else cycle.first_closed
    return opened, closed


def is_depositing(state: State, compartment: Compartment) -> bool:
    """A driver is putting a parcel into it, and custody has not passed yet."""
    return compartment.parcel is not None and state.parcels[compartment.parcel].custody is Custody.DEPOSITING


def why_not_unlocked(state: State, compartment: Compartment) -> Refusal | None:
    """Why no lock may move here, whoever asks: a technician works at the cabinet, or a lock on the same supply moved
    another door than its own.
    """
    if state.lockout is not None:
        return Refusal.LOCKED_OUT
    return Refusal.WIRING_FAULT if compartment.spec.supply in state.stopped else None


def stands_still(state: State, compartment: Compartment) -> bool:
    """Whether no lock may move here."""
    return why_not_unlocked(state, compartment) is not None


def is_unattended(purpose: Purpose, session: SessionId | None) -> bool:
    """Whether nobody who asked for this unlock need be standing before the door."""
    return purpose in _UNATTENDED and session is None


def any_door_moving(state: State) -> bool:
    """Whether some door is in the middle of somebody's cycle."""
    return any(is_moving(compartment) for compartment in state.compartments.values())
