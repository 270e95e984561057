"""Opening the journal's SQLite file: made whole or not at all, read without being touched, written with full syncs."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from controller.journal.errors import RESTORE, Damage, JournalDamaged, JournalRefused
from controller.journal.files import (
    BALLAST_BYTES,
    WAL_BYTES,
    database_path,
    grow,
    holds_frames,
    sync_directory,
    wal_path,
)

SCHEMA = 1
TABLES = (
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT) STRICT",
    "CREATE TABLE record(seq INTEGER PRIMARY KEY, hash BLOB, bytes BLOB) STRICT",
    "CREATE TABLE private(seq INTEGER PRIMARY KEY, bytes BLOB) STRICT",
    "CREATE TABLE cursor(seq INTEGER PRIMARY KEY, head BLOB) STRICT",
    "CREATE TABLE snapshot(seq INTEGER PRIMARY KEY, bytes BLOB, jws TEXT) STRICT",
)
_BUSY_S = 5.0
NOT_OF_SQLITE = 0xFF
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, NOT_OF_SQLITE)
_CHECK = "Check its owner, its mode and the disk."


@dataclass(frozen=True, slots=True)
class Disk:
    """How the journal treats the disk it stands on; the defaults are for a locker."""

    synchronous: str = "FULL"
    """SQLite's `synchronous`; `OFF` only where nothing has to outlive the process."""
    wal_bytes: int = WAL_BYTES
    ballast_bytes: int = BALLAST_BYTES
    connection: type[sqlite3.Connection] = sqlite3.Connection


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose journal a file is."""

    locker: str
    stream: str
    """32 hex digits."""


def create(data_dir: Path, identity: Identity) -> None:
    """Make an empty journal. It appears under its name when it is whole, so a crash in between leaves none."""
    path = database_path(data_dir)
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(part, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        for table in TABLES:
            connection.execute(table)
        values = (("schema", str(SCHEMA)), ("locker", identity.locker), ("stream", identity.stream))
        connection.executemany("INSERT INTO meta VALUES (?, ?)", values)
        connection.execute("COMMIT")
    part.replace(path)
    sync_directory(data_dir)


def connect_writer(data_dir: Path, disk: Disk) -> sqlite3.Connection:
    """The connection of the one writer. Raises sqlite3.Error, OSError."""
    path = database_path(data_dir)
    connection = sqlite3.connect(
        path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False, factory=disk.connection
    )
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {disk.synchronous}")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("SELECT count(*) FROM meta").fetchone()
        grow(wal_path(path), disk.wal_bytes)
    except (sqlite3.Error, OSError):
        connection.close()
        raise
    return connection


def connect_reader(data_dir: Path, *, alone: bool) -> sqlite3.Connection:
    """A connection that cannot write. Raises sqlite3.Error.

    `alone` says that no other process has the file open: what has no WAL is then read without leaving a trace.
    """
    path = database_path(data_dir)
    untouched = (alone or not os.access(data_dir, os.W_OK)) and not holds_frames(wal_path(path))
    return sqlite3.connect(
        f"file:{quote(str(path.absolute()))}?{'immutable=1' if untouched else 'mode=ro'}",
        uri=True,
        timeout=_BUSY_S,
        isolation_level=None,
        check_same_thread=False,
    )


@contextmanager
def looking_into(data_dir: Path) -> Iterator[sqlite3.Connection]:
    """A connection for whoever only wants to look, whether a locker runs on it or not.

    Raises `JournalRefused` where there is no journal, or as `explained` does.
    """
    if not database_path(data_dir).exists():
        raise JournalRefused(f"There is no journal in {data_dir}.", "Name the data_dir of a locker.")
    with explained(data_dir), closing(connect_reader(data_dir, alone=False)) as connection:
        yield connection


@contextmanager
def explained(data_dir: Path) -> Iterator[None]:
    """Turn what SQLite and the system say of a file they cannot read into `JournalDamaged` or `JournalRefused`."""
    try:
        yield
    except OSError as error:
        raise JournalRefused(f"The data directory {data_dir} cannot be used ({error}).", _CHECK) from error
    except UnicodeDecodeError as error:
        raise JournalDamaged(Damage(None, f"SQLite finds text in {database_path(data_dir)} that is none")) from error
    except sqlite3.DatabaseError as error:
        path = database_path(data_dir)
        if primary_code(error) in _DAMAGED:
            raise JournalDamaged(Damage(None, f"SQLite cannot read {path} ({_first_words(error)})")) from error
        raise JournalRefused(f"{path} cannot be read ({_first_words(error)}).", _CHECK) from error


def _first_words(error: sqlite3.Error) -> str:
    """What SQLite says, without the values it may quote."""
    return str(error).partition(" with text ")[0]


def primary_code(error: sqlite3.Error) -> int:
    """SQLite's own number for what went wrong, without the details; `NOT_OF_SQLITE` for an error of Python's module."""
    return getattr(error, "sqlite_errorcode", NOT_OF_SQLITE) & 0xFF


def identity_of(connection: sqlite3.Connection, data_dir: Path, software: str) -> Identity:
    """Whose journal this is. Raises `JournalRefused` for one that newer software made, `JournalDamaged`."""
    meta = dict(connection.execute("SELECT key, value FROM meta"))
    schema = meta.get("schema", "")
    if not schema.isdecimal() or int(schema) < SCHEMA:
        raise JournalDamaged(Damage(None, f"its schema version is {schema!r}"))
    if int(schema) > SCHEMA:
        raise JournalRefused(
            f"The journal in {data_dir} has schema {schema}, from newer software; {software} reads schema {SCHEMA}.",
            "Install that newer software again, or move the data directory aside to begin a new stream; "
            "nothing was changed.",
        )
    if not meta.get("locker") or not meta.get("stream"):
        raise JournalDamaged(Damage(None, "its meta table does not name locker and stream"), RESTORE)
    return Identity(meta["locker"], meta["stream"])
