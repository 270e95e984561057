"""What the journal needs now and then while nobody waits for it: snapshots, room on the disk, a look back."""

import asyncio
from collections.abc import Callable, Iterator, Sequence

from controller.device.engine import Engine
from controller.device.retention_table import RetentionTable
from controller.device.seams import Committed
from controller.domain.ids import HOUR_MS, WallMs
from controller.domain.inputs import DamageFound, DiskChecked, NotesAged
from controller.journal.errors import Damage
from controller.journal.journal import Journal, Progress

IDLE_S = 1.0
"""A snapshot waits until nothing was committed for this long, so that it is in nobody's way."""
PRUNE_EVERY_S = 6 * 3600.0
BALLAST_EVERY_S = 60.0
BREATH_S = 0.05
"""Between two chunks of the look at old records."""


class Upkeep:
    """Follows the engine; `run` is its task."""

    def __init__(self, engine: Engine, journal: Journal, cursor: Callable[[], int], retention: RetentionTable) -> None:
        """`cursor` gives the last record that the carrier has acknowledged."""
        self._engine = engine
        self._journal = journal
        self._cursor = cursor
        self._retention = retention
        self._quiet = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None

    async def run(self) -> None:
        """Until cancelled. Raises what a failed write raised: the journal can then not be trusted any more."""
        unfollow = self._engine.follow(self._committed)
        self._report(self._journal.damage)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._look_at_old_records())
                group.create_task(self._prune())
                group.create_task(self._erase_old_notes())
                group.create_task(self._take_snapshots())
                group.create_task(self._win_room_back())
        finally:
            unfollow()
            if self._timer is not None:
                self._timer.cancel()

    def _committed(self, committed: Sequence[Committed]) -> None:
        self._check_disk()
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(IDLE_S, self._quiet.set)

    def _check_disk(self) -> None:
        full = not self._journal.store.ballast_held
        if full is not self._engine.state.disk_low:
            self._engine.tell(DiskChecked(full))

    async def _win_room_back(self) -> None:
        while True:
            await asyncio.sleep(BALLAST_EVERY_S)
            if not self._journal.store.ballast_held:
                await self._journal.store.restore_ballast()
                self._check_disk()

    async def _take_snapshots(self) -> None:
        while True:
            await self._quiet.wait()
            self._quiet.clear()
            if self._journal.snapshot_due(self._engine.state):
                await self._journal.snapshot(self._engine.state)

    async def _prune(self) -> None:
        while True:
            before = self._days_ago(self._retention.records_days)
            went = await self._journal.prune(before, self._cursor())
            await asyncio.sleep(BREATH_S if went else PRUNE_EVERY_S)

    async def _erase_old_notes(self) -> None:
        while True:
            before = self._days_ago(self._retention.notes_days)
            if aged := await asyncio.to_thread(self._journal.old_notes, before):
                self._engine.tell(NotesAged(aged))
            await asyncio.sleep(PRUNE_EVERY_S)

    def _days_ago(self, days: int) -> WallMs:
        return WallMs(self._engine.now().wall - days * 24 * HOUR_MS)

    async def _look_at_old_records(self) -> None:
        steps = self._journal.verify_older()
        while (step := await asyncio.to_thread(_next, steps)) is not None:
            if step.damage is not None:
                self._report((step.damage,))
            await asyncio.sleep(BREATH_S)

    def _report(self, damage: Sequence[Damage]) -> None:
        for found in damage:
            self._engine.tell(DamageFound(found.sequence or 0, found.what))


def _next(steps: Iterator[Progress]) -> Progress | None:
    return next(steps, None)
