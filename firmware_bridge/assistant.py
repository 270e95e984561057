"""Somebody who closes the doors of a simulated cabinet, where nobody else stands before it."""

from functools import partial

from firmware_bridge.cabinet import Cabinet
from firmware_bridge.timers import Timers

AGAIN_MS = 100
"""How soon a door is pushed again that its spring threw open: its bolt was still drawn."""


class Assistant:
    """Closes every door some time after it opened. A door that stood open before stays so."""

    def __init__(self, cabinet: Cabinet, timers: Timers, after_ms: int) -> None:
        """`timers` are those of the cabinet."""
        self._cabinet = cabinet
        self._timers = timers
        self._after_ms = after_ms
        self._open = {door for door, truth in cabinet.doors().items() if truth.open}
        cabinet.on_change(self._look)

    def _look(self, door: int | None) -> None:
        for each in self._cabinet.channels if door is None else (door,):
            stands_open = self._cabinet.doors()[each].open
            if stands_open and each not in self._open:
                self._timers.call_later(self._after_ms, partial(self._push, each))
            (self._open.add if stands_open else self._open.discard)(each)

    def _push(self, door: int) -> None:
        if not self._cabinet.close_door(door):
            self._timers.call_later(AGAIN_MS, partial(self._push, door))
