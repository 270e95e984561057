"""Notices when the wall clock is put forward or becomes good, and puts that on record. It never goes back by itself."""

import asyncio
from collections.abc import Callable

from controller.domain.ids import ClockQuality, MonoMs
from controller.domain.inputs import ClockMoved, Input
from controller.domain.stamp import Stamp

LOOK_EVERY_S = 30.0
STEP_MS = 2_000
"""A slewed clock gains less than this between two looks; more was a step."""


class ClockWatch:
    """`run` it beside the engine."""

    def __init__(self, now: Callable[[], Stamp], tell: Callable[[Input], None]) -> None:
        self._now = now
        self._tell = tell
        self._last = now()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            self.look()

    def look(self) -> None:
        """Compare both clocks with the last look."""
        last, now = self._last, self._now()
        self._last = now
        gained_ms = (now.wall - last.wall) - (now.mono - last.mono)
        if gained_ms > STEP_MS:
            self._tell(ClockMoved(MonoMs(gained_ms), synced=False))
        if now.clock is ClockQuality.NTP and last.clock is not ClockQuality.NTP:
            self._tell(ClockMoved(MonoMs(0), synced=True))
