"""Whether the locker could be started anew without anybody noticing."""

from controller.domain.cycles import is_moving
from controller.domain.state import State


def is_nobody_served(state: State) -> bool:
    """Nobody has signed in or collects, and no door is on its way or stands open for somebody."""
    busy = (state.visit, state.recipient, state.technician, state.series, state.removal)
    return not any(busy) and not any(map(is_moving, state.compartments.values()))
