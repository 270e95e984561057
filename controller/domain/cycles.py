"""How a door's cycle stands at a given moment: the questions that every rule asks of it."""

from controller.domain.ids import Door, MonoMs, Purpose
from controller.domain.policy import Policy
from controller.domain.state import Compartment, Cycle, State


def is_waiting(cycle: Cycle) -> bool:
    """The unlock is on its way or done, and the door has not been seen to move."""
    return cycle.opened is None and not cycle.given_up


def is_open(cycle: Cycle) -> bool:
    """The door was opened by this cycle and has not closed."""
    return cycle.opened is not None and cycle.closed is None


def may_open_late(cycle: Cycle, now: MonoMs, policy: Policy) -> bool:
    """An opening now still belongs to this unlock, which nobody saw succeed."""
    return cycle.opened is None and now <= cycle.authorised + policy.late_open_ms


def is_moving(compartment: Compartment) -> bool:
    """A door that is being opened or stands open for somebody; a second pulse would serve nobody."""
    cycle = compartment.cycle
    return cycle is not None and not compartment.left_open and (is_waiting(cycle) or is_open(cycle))


def awaits_answer_since(compartment: Compartment, policy: Policy) -> MonoMs | None:
    """Since when a deposit whose door went through its cycle waits for the driver's word; None if it does not."""
    cycle = compartment.cycle
    if cycle is None or compartment.door is not Door.CLOSED:
        return None
    if cycle.closed is not None and cycle.purpose is Purpose.DEPOSIT:
        return cycle.closed
    if cycle.given_up and cycle.opened is None and cycle.first_closed is not None:
        return MonoMs(cycle.authorised + policy.open_wait_ms)
    return None


def deposit_times(cycle: Cycle) -> tuple[MonoMs | None, MonoMs | None]:
    """When the deposit's door first opened and last closed."""
    opened = cycle.first_opened if cycle.first_opened is not None else cycle.opened
    closed = cycle.closed if cycle.closed is not None else cycle.first_closed
    return opened, closed


def any_door_moving(state: State) -> bool:
    """Whether some door is in the middle of somebody's cycle."""
    return any(is_moving(compartment) for compartment in state.compartments.values())
