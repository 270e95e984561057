"""What the reference carrier remembers, in one SQLite file: records, positions, parcels, codes, device keys.

It is the only place where a pickup code stands in the clear, and it forgets it when the code is spent or revoked.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from controller.contract.device_keys import PRIVATE_FILE_MODE
from controller.journal.chain import Head
from controller.journal.errors import CommitFailed

SCHEMA = 2
_TABLES = """
CREATE TABLE IF NOT EXISTS position (locker TEXT, stream TEXT, seq INTEGER NOT NULL, head BLOB NOT NULL,
    PRIMARY KEY (locker, stream)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS record (locker TEXT, stream TEXT, seq INTEGER, bytes BLOB NOT NULL,
    PRIMARY KEY (locker, stream, seq)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS parcel (locker TEXT, parcel TEXT, custody TEXT NOT NULL, compartment TEXT,
    PRIMARY KEY (locker, parcel)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS code (locker TEXT, pickup TEXT, parcel TEXT NOT NULL, code TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    PRIMARY KEY (locker, pickup)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS joined (locker TEXT, parcel TEXT, pickup TEXT NOT NULL,
    PRIMARY KEY (locker, parcel)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS device_keys (locker TEXT PRIMARY KEY, jwks BLOB NOT NULL) STRICT, WITHOUT ROWID;
"""


class StoreRefused(Exception):
    """The file is not one of ours, or from a later release; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel as the records have told it."""

    parcel: str
    custody: str
    compartment: str | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """A live pickup code."""

    pickup: str
    parcel: str
    code: str
    expires_at: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One record, and what follows from it; all of it is stored together."""

    locker: str
    stream: str
    head: Head
    bytes: bytes
    parcel: Parcel | None = None
    code: Code | None = None
    spent: str | None = None
    """The pickup whose code is worthless from here on."""
    joined: str | None = None
    """The pickup whose code opens `parcel` too."""


class CarrierStore:
    """`save` may be called in a thread of its own; everything else on the loop's."""

    def __init__(self, path: Path) -> None:
        """Open or make the file, for our eyes only. Raises `StoreRefused`, OSError, sqlite3.Error."""
        path.touch(mode=PRIVATE_FILE_MODE)
        self._own = sqlite3.connect(path, isolation_level=None)
        self._writer = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._writer.execute("PRAGMA journal_mode = WAL")
        self._writer.execute("PRAGMA synchronous = FULL")
        (version,) = self._writer.execute("PRAGMA user_version").fetchone()
        if not 0 <= version <= SCHEMA:
            self.close()
            raise StoreRefused(f"{path} is of schema {version}, this release knows {SCHEMA}: use the newer release")
        if version < SCHEMA:
            with self._transaction():
                for statement in _TABLES.split(";"):
                    self._writer.execute(statement)
                self._writer.execute(f"PRAGMA user_version = {SCHEMA}")

    def close(self) -> None:
        """Let go of the file."""
        self._own.close()
        self._writer.close()

    def save(self, entries: Sequence[Entry], pins: Mapping[str, bytes] | None = None) -> None:
        """Make the entries durable, and the keys of devices pinned with them, all or none. Raises CommitFailed."""
        try:
            with self._transaction():
                self._writer.executemany("INSERT OR REPLACE INTO device_keys VALUES (?, ?)", (pins or {}).items())
                for entry in entries:
                    self._save(entry)
        except sqlite3.Error as error:
            raise CommitFailed(f"The carrier's records could not be written ({error}).") from error

    def _save(self, entry: Entry) -> None:
        execute, locker = self._writer.execute, entry.locker
        sequence, head = entry.head.sequence, entry.head.hash
        execute("INSERT INTO record VALUES (?, ?, ?, ?)", (locker, entry.stream, sequence, entry.bytes))
        execute("INSERT OR REPLACE INTO position VALUES (?, ?, ?, ?)", (locker, entry.stream, sequence, head))
        if entry.parcel is not None:
            what = entry.parcel
            execute(
                "INSERT OR REPLACE INTO parcel VALUES (?, ?, ?, ?)",
                (locker, what.parcel, what.custody, what.compartment),
            )
        if entry.spent is not None:
            execute("DELETE FROM code WHERE locker = ? AND pickup = ?", (locker, entry.spent))
            execute("DELETE FROM joined WHERE locker = ? AND pickup = ?", (locker, entry.spent))
        if entry.joined is not None and entry.parcel is not None:
            execute("INSERT OR REPLACE INTO joined VALUES (?, ?, ?)", (locker, entry.parcel.parcel, entry.joined))
        if entry.code is not None:
            code = entry.code
            row = (locker, code.pickup, code.parcel, code.code, code.expires_at)
            execute("INSERT OR REPLACE INTO code VALUES (?, ?, ?, ?, ?)", row)

    def position(self, locker: str, stream: str) -> Head:
        """The last record held of a stream; sequence 0 for none."""
        query = "SELECT seq, head FROM position WHERE locker = ? AND stream = ?"
        row = self._own.execute(query, (locker, stream)).fetchone()
        return Head() if row is None else Head(*row)

    def record(self, locker: str, stream: str, sequence: int) -> bytes | None:
        """One record's bytes, None where it is not held."""
        query = "SELECT bytes FROM record WHERE locker = ? AND stream = ? AND seq = ?"
        row = self._own.execute(query, (locker, stream, sequence)).fetchone()
        return None if row is None else row[0]

    def records(self, locker: str, stream: str) -> Iterator[bytes]:
        """All records held of a stream, in order."""
        query = "SELECT bytes FROM record WHERE locker = ? AND stream = ? ORDER BY seq"
        return (row[0] for row in self._own.execute(query, (locker, stream)))

    def parcels(self, locker: str) -> list[Parcel]:
        """Every parcel the records have told of, by id."""
        query = "SELECT parcel, custody, compartment FROM parcel WHERE locker = ? ORDER BY parcel"
        return [Parcel(*row) for row in self._own.execute(query, (locker,))]

    def code_of(self, locker: str, parcel: str) -> Code | None:
        """The live code that opens the pickup this parcel belongs to."""
        query = """SELECT pickup, parcel, code, expires_at FROM code WHERE locker = ?1 AND
            (parcel = ?2 OR pickup = (SELECT pickup FROM joined WHERE locker = ?1 AND parcel = ?2))"""
        row = self._own.execute(query, (locker, parcel)).fetchone()
        return None if row is None else Code(*row)

    def device_keys(self, locker: str) -> bytes | None:
        """The JWK set pinned for a locker."""
        row = self._own.execute("SELECT jwks FROM device_keys WHERE locker = ?", (locker,)).fetchone()
        return None if row is None else row[0]

    def pin_device_keys(self, locker: str, jwks: bytes) -> None:
        """From now on, only proofs by these keys are good."""
        self._own.execute("INSERT OR REPLACE INTO device_keys VALUES (?, ?)", (locker, jwks))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._writer.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._writer.execute("COMMIT")
        finally:
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")
