"""What is written to the journal and how: each call is one transaction on one connection, by one thread at a time."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from controller.journal.chain import SealedRecord
from controller.journal.database import Disk, connect_writer, primary_code
from controller.journal.errors import CommitFailed, DiskFull
from controller.journal.files import Ballast, database_path, grow, holds_frames, wal_path

_FRAME_BYTES = 4096
_MOVE_CURSOR = "INSERT OR REPLACE INTO cursor SELECT seq, hash FROM record WHERE seq = ?"
_DROP_OLD_CURSOR = "DELETE FROM cursor WHERE seq < ?"
CHECKPOINT_FRAMES = 500
"""Frames in the WAL from which it is worth writing them home; a WAL of 4 MB holds 1,020."""


def _nothing() -> None:
    """What follows a commit that nobody waits for."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transaction makes durable."""

    records: tuple[SealedRecord, ...]
    erase: tuple[int, ...] = ()
    """Sequences whose private parts go."""
    cursor: int | None = None
    """The last record that the carrier has acknowledged."""
    on_durable: Callable[[], None] = _nothing
    """Called in the writer's thread as soon as the batch is durable."""


class Tables:
    """The writing end of the journal."""

    def __init__(self, data_dir: Path, disk: Disk) -> None:
        """Raises sqlite3.Error, OSError."""
        self.data_dir = data_dir
        self.ballast = Ballast(data_dir, disk.ballast_bytes)
        self.ballast.restore()
        left_behind = holds_frames(wal_path(database_path(data_dir)))
        self.connection = connect_writer(data_dir, disk)
        self._synchronous = disk.synchronous
        self._wal_bytes = disk.wal_bytes
        self._frames = 0
        self._erased = left_behind  # the power may have failed after erasing and before the WAL was emptied

    def commit(self, batch: Batch) -> None:
        """Store the batch and sync. Raises `DiskFull` where it is not stored, `CommitFailed` where that is unknown."""
        try:
            self._insert(batch)
        except DiskFull:
            if not self.ballast.release():
                raise
            self._insert(batch)
        batch.on_durable()

    def _insert(self, batch: Batch) -> None:
        records = [(record.sequence, record.hash, record.bytes) for record in batch.records]
        private = [(r.sequence, r.private_bytes) for r in batch.records if r.private_bytes is not None]
        with self.transaction() as connection:
            connection.executemany("INSERT INTO record VALUES (?, ?, ?)", records)
            if private:
                connection.executemany("INSERT INTO private VALUES (?, ?)", private)
            if batch.erase:
                connection.executemany("DELETE FROM private WHERE seq = ?", [(seq,) for seq in batch.erase])
            if batch.cursor is not None:
                _move_cursor(connection, batch.cursor)
        self._frames += 3 + sum(len(record.bytes) for record in batch.records) // _FRAME_BYTES
        self._erased = self._erased or bool(batch.erase)

    def save_cursor(self, sequence: int) -> None:
        """Note what was acknowledged, without a sync: if it is lost, records are published again, that is all.

        So a full disk is no reason to fail either. Raises `CommitFailed`.
        """
        with suppress(DiskFull), self.unsynced(), self.transaction() as connection:
            _move_cursor(connection, sequence)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One transaction. Raises `DiskFull` and `CommitFailed` as `commit` does."""
        with self._explained():
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
                self.connection.execute("COMMIT")
            finally:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")

    @contextmanager
    def unsynced(self) -> Iterator[None]:
        """Let the transactions inside become durable with the next one outside, in order."""
        if self._synchronous == "OFF":
            yield
            return
        self.connection.execute("PRAGMA synchronous = NORMAL")
        try:
            yield
        finally:
            self.connection.execute(f"PRAGMA synchronous = {self._synchronous}")

    @property
    def owes_erasing(self) -> bool:
        """Whether something that was erased may still be read from the files."""
        return self._erased

    def tidy(self) -> None:
        """Write the WAL home where it has grown, so that it begins again and no commit has to do it.

        After erasing, the WAL is emptied as well, for what was erased may stand anywhere in it. A full disk puts it
        off, and so does somebody who reads. Raises `CommitFailed`.
        """
        if self._frames < CHECKPOINT_FRAMES and not self._erased:
            return
        try:
            with self._explained():
                self._empty() if self._erased else self._write_home()
        except DiskFull:
            self.ballast.release()

    def _write_home(self) -> None:
        _, frames, written = self.connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        self._frames = frames - written

    def _empty(self) -> None:
        """Cut the WAL off and grow it anew; without waiting for readers, for people may wait for the next commit."""
        waits_ms = self.connection.execute("PRAGMA busy_timeout").fetchone()[0]
        self.connection.execute("PRAGMA busy_timeout = 0")
        try:
            read_by_others, _, _ = self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {waits_ms}")
        if read_by_others:
            return
        self._frames, self._erased = 0, False
        try:
            grow(wal_path(database_path(self.data_dir)), self._wal_bytes)
        except OSError as error:
            raise CommitFailed(f"The journal in {self.data_dir} could not be written ({error}).") from error

    def close(self) -> None:
        """Let go of the file; what was committed stays committed."""
        self.connection.close()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            if primary_code(error) == sqlite3.SQLITE_FULL:
                raise DiskFull(f"The disk of {self.data_dir} is full ({error}).") from error
            raise CommitFailed(f"The journal in {self.data_dir} could not be written ({error}).") from error


def _move_cursor(connection: sqlite3.Connection, sequence: int) -> None:
    connection.execute(_MOVE_CURSOR, (sequence,))
    connection.execute(_DROP_OLD_CURSOR, (sequence,))
