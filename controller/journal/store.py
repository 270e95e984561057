"""The one writer of the journal, as the engine sees it."""

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Protocol, TypeVar

from controller.domain.ids import WallMs
from controller.journal import reading
from controller.journal.database import connect_reader, explained
from controller.journal.pruning import Pruning, plan
from controller.journal.reading import Row
from controller.journal.tables import Batch, Tables

T = TypeVar("T")
CURSOR_WAIT_S = 1.0
"""How long an acknowledgement may wait for a commit to travel with."""


class Runner(Protocol):
    """Where the store's work is done: `Writer`, a thread of its own, or `Inline`."""

    async def do(self, work: Callable[[], T]) -> T:
        """The result of `work`, done after everything asked for before."""

    def do_unattended(self, work: Callable[[], None]) -> None:
        """Do `work` without an answer."""

    def stop(self) -> None:
        """Finish what was asked and end. May be called again."""


class Inline:
    """Does the work at once, on the calling thread: for a locker on virtual time."""

    async def do(self, work: Callable[[], T]) -> T:
        """The result of `work`."""
        return work()

    def do_unattended(self, work: Callable[[], None]) -> None:
        """Do `work`."""
        work()

    def stop(self) -> None:
        """There is nothing to end."""


class Store:
    """Where batches become durable. All of it is called from one thread, the loop's."""

    def __init__(self, tables: Tables, runner: Runner) -> None:
        self._tables = tables
        self._runner = runner
        self._cursor: int | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._reader: sqlite3.Connection | None = None
        self._open = True

    @property
    def ballast_held(self) -> bool:
        """Whether there is still room to give up when the disk is full."""
        return self._tables.ballast.held

    async def commit(self, batch: Batch) -> None:
        """Make the batch durable; its `on_durable` has run by then.

        Raises `DiskFull` where nothing of it was stored, though the ballast was given up, and `CommitFailed` where
        that is unknown; the latter is for good.
        """
        if batch.cursor is None and self._cursor is not None:
            batch = replace(batch, cursor=self._cursor)
        self._cursor = None
        await self._runner.do(partial(self._tables.commit, batch))
        self._tidy_soon()

    def save_cursor(self, sequence: int) -> None:
        """Note that the carrier has everything up to this record; stored with the next commit or within a second."""
        self._cursor = max(sequence, self._cursor or 0)
        self._tidy_soon()

    async def work(self, job: Callable[[Tables], T]) -> T:
        """Do something else with the tables, where and as commits are done. Raises as `commit` does."""
        return await self._runner.do(partial(job, self._tables))

    async def restore_ballast(self) -> bool:
        """Take the spare room again, once the disk has some; whether it is held."""
        return await self.work(lambda tables: tables.ballast.restore())

    def planned(self, before: WallMs, cursor: int) -> Pruning | None:
        """What may be pruned now, as `pruning.plan` finds it. Raises `JournalDamaged`, `JournalRefused`."""
        with explained(self._tables.data_dir):
            return plan(self._reading(), before, cursor)

    def read(self, from_sequence: int, limit: int) -> list[Row]:
        """Up to `limit` committed records `(seq, hash, bytes)` from `from_sequence` on.

        Raises `JournalDamaged` where SQLite cannot find its way, `JournalRefused` where the disk does not answer.
        """
        with explained(self._tables.data_dir):
            return reading.records(self._reading(), from_sequence, limit)

    async def close(self) -> None:
        """Store what is pending and let go of the file, even where that raises `CommitFailed`. May be called again."""
        try:
            if self._open:
                await self._runner.do(partial(self._tidy, self._cursor))
        finally:
            self.let_go()

    def let_go(self) -> None:
        """Let go of the file without writing anything more, as after a failed commit. May be called again."""
        self._open = False
        if self._timer is not None:
            self._timer.cancel()
        self._runner.stop()
        if self._reader is not None:
            self._reader.close()
        self._tables.close()

    def _reading(self) -> sqlite3.Connection:
        if self._reader is None:
            self._reader = connect_reader(self._tables.data_dir, alone=False)
        return self._reader

    def _tidy_soon(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(CURSOR_WAIT_S, self._tidy_now)

    def _tidy_now(self) -> None:
        self._timer = None
        cursor, self._cursor = self._cursor, None
        if self._tables.owes_erasing:
            self._tidy_soon()  # looks once more whether it could be done
        self._runner.do_unattended(partial(self._tidy, cursor))

    def _tidy(self, cursor: int | None) -> None:
        if cursor is not None:
            self._tables.save_cursor(cursor)
        self._tables.tidy()
