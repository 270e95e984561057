"""When another configuration takes effect: with an orderly start anew, as soon as nobody is being served."""

import asyncio
from collections.abc import Callable, Sequence

from controller.device.seams import Committed
from controller.domain.events import ConfigAccepted
from controller.domain.quiet import is_nobody_served
from controller.domain.state import State

LONGEST_WAIT_S = 900.0
"""A door that somebody leaves open for good does not keep it from taking effect."""
GRACE_S = 1.0
"""What was accepted is answered and reported first."""


class FreshStart:
    """Follow the engine with `committed`; `due` is set once the locker is to be started anew."""

    def __init__(self, state: Callable[[], State]) -> None:
        """`state` gives the committed one."""
        self.due = asyncio.Event()
        self._state = state
        self._ready = False

    def committed(self, happened: Sequence[Committed]) -> None:
        """Look whether something was accepted, or somebody has left."""
        if any(isinstance(each.event, ConfigAccepted) for each in happened):
            loop = asyncio.get_running_loop()
            loop.call_later(GRACE_S, self._get_ready)
            loop.call_later(LONGEST_WAIT_S, self.due.set)
        self._look()

    def _get_ready(self) -> None:
        self._ready = True
        self._look()

    def _look(self) -> None:
        if self._ready and is_nobody_served(self._state()):
            self.due.set()
