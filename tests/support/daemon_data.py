"""Data directories that no locker may start on, each made out of a good one."""

import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from support import daemon_journal

NOT_DATA = ("lock", "locker.sock", "journal.db-shm")
"""Who has the directory, the door of a process, and SQLite's index of its WAL: written by whoever looks."""
Damage = Callable[[Path], object]


def copied(data_dir: Path, to: Path) -> None:
    """A copy as a dead process left it, all its records in the database file itself."""
    shutil.copytree(data_dir, to, ignore=shutil.ignore_patterns("*.sock", "*-shm"))
    with closing(sqlite3.connect(to / "journal.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def fingerprint(data_dir: Path) -> Mapping[str, str]:
    """SHA-256 of every file that holds data."""
    files = [path for path in data_dir.rglob("*") if path.is_file() and path.name not in NOT_DATA]
    return {str(path.relative_to(data_dir)): sha256(path.read_bytes()).hexdigest() for path in files}


def sql(*statements: str) -> Damage:
    """Damage done with SQLite's own means."""

    def damage(data_dir: Path) -> None:
        with closing(sqlite3.connect(data_dir / "journal.db", isolation_level=None)) as connection:
            for statement in statements:
                assert connection.execute(statement).rowcount > 0, f"nothing was damaged: {statement}"

    return damage


def flip_in_record(name: str) -> Damage:
    """One bit of the last record of this event, in the database file."""

    def damage(data_dir: Path) -> None:
        record = daemon_journal.records(data_dir, name)[-1]
        flip_a_bit(data_dir / "journal.db", f'"id":"{record["id"]}"'.encode())

    return damage


def flip_a_bit(file: Path, of: bytes) -> None:
    """In the middle of these bytes, which stand in the file once."""
    content = bytearray(file.read_bytes())
    assert content.count(of) == 1, f"{of!r} stands {content.count(of)} times in {file}"
    content[content.index(of) + len(of) // 2] ^= 0x01
    file.write_bytes(content)


def cut(data_dir: Path) -> None:
    """Half of the database file is gone."""
    file = data_dir / "journal.db"
    with file.open("rb+") as database:
        database.truncate(file.stat().st_size // 2)


def overwrite(data_dir: Path) -> None:
    """Something else stands where the database file began."""
    with (data_dir / "journal.db").open("rb+") as database:
        database.write(b"\xa5" * 4096)


def leave_the_wal_alone(data_dir: Path) -> None:
    """The database file is gone, and what belonged to it is not."""
    (data_dir / "journal.db").unlink()
    (data_dir / "journal.db-wal").write_bytes(bytes(4096))


def lose_a_key(data_dir: Path) -> None:
    """One of the locker's own keys is gone."""
    (data_dir / "keys" / "code.jwk").unlink()
