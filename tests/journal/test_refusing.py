"""Journals that are not opened, and left as they are."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.journals import (
    KEYS,
    LOCKER,
    QUICK,
    SOFTWARE,
    STREAM,
    Recorder,
    beginning,
    deposit,
    edit,
    fingerprint,
    keep_a_journal,
    opened,
)
from support.on_a_loop import on_a_loop

from controller.domain import events as ev
from controller.journal.errors import JournalDamaged, JournalRefused
from controller.journal.files import database_path, wal_path
from controller.journal.opening import open_journal


def refusal(data_dir: Path, kind: type[JournalRefused] = JournalRefused, locker: str = LOCKER) -> str:
    """Why the journal is not opened; nothing in the directory may change by that."""
    before = fingerprint(data_dir)
    with pytest.raises(kind) as refused:
        open_journal(data_dir, locker, SOFTWARE, KEYS, lambda: STREAM, QUICK)
    assert fingerprint(data_dir) == before
    return str(refused.value)


@on_a_loop
async def test_a_journal_of_newer_software_is_left_alone(tmp_path: Path) -> None:
    await keep_a_journal(tmp_path)
    edit(tmp_path, "UPDATE meta SET value = '2' WHERE key = 'schema'")
    assert refusal(tmp_path) == (
        f"The journal in {tmp_path} has schema 2, from newer software; 1.4.2 reads schema 1. "
        "Install that newer software again, or move the data directory aside to begin a new stream; "
        "nothing was changed."
    )


LEFT_BEHIND = """
import os, signal, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA journal_mode = WAL")
connection.execute(sys.argv[2])
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_neither_is_one_that_newer_software_left_in_a_crash(tmp_path: Path) -> None:
    asyncio.run(keep_a_journal(tmp_path))
    newer = "UPDATE meta SET value = '7' WHERE key = 'schema'"
    died = subprocess.run([sys.executable, "-c", LEFT_BEHIND, database_path(tmp_path), newer], check=False)
    assert died.returncode == -signal.SIGKILL
    assert wal_path(database_path(tmp_path)).stat().st_size > 0
    assert "has schema 7, from newer software" in refusal(tmp_path)
    database_path(tmp_path).with_name("journal.db-shm").unlink()
    assert "has schema 7, from newer software" in refusal(tmp_path)


@on_a_loop
async def test_a_journal_of_another_locker_is_refused(tmp_path: Path) -> None:
    await keep_a_journal(tmp_path)
    assert refusal(tmp_path, locker="L7").startswith(f"The journal in {tmp_path} is that of locker L0042, not of L7.")


@pytest.mark.parametrize(
    ("harm", "what"),
    [
        (lambda path: path.write_bytes(b""), "SQLite cannot read .* no such table"),
        (lambda path: path.write_bytes(b"not a database, but long enough to be looked at" * 99), "not a database"),
        (lambda path: os.truncate(path, 4096), "SQLite cannot read"),
        (lambda path: os.truncate(path, path.stat().st_size // 2), "SQLite cannot read"),
    ],
    ids=["empty", "something else", "one page", "half"],
)
@on_a_loop
async def test_a_truncated_database_is_refused(tmp_path: Path, harm: Callable[[Path], None], what: str) -> None:
    await keep_a_journal(tmp_path)
    harm(database_path(tmp_path))
    sentence = refusal(tmp_path, JournalDamaged)
    assert sentence.startswith("The journal is damaged: SQLite cannot read ")
    assert sentence.endswith("move the data directory aside to begin a new stream; nothing was changed.")


@on_a_loop
async def test_a_database_that_is_missing_beside_its_wal_is_refused(tmp_path: Path) -> None:
    await keep_a_journal(tmp_path)
    wal_path(database_path(tmp_path)).write_bytes(b"frames")
    database_path(tmp_path).unlink()
    assert "journal.db is missing, but journal.db-wal" in refusal(tmp_path)


@on_a_loop
async def test_a_database_whose_making_was_cut_short_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "journal.db.part").write_bytes(b"half a databa")
    opened(tmp_path).let_go()
    assert not (tmp_path / "journal.db.part").exists()


DAMAGED = {
    "a changed record": (
        """UPDATE record SET bytes = CAST(replace(bytes, '"boot":1', '"boot":2') AS BLOB) WHERE seq = 30""",
        "record 30: its bytes do not match its hash",
    ),
    "another hash": ("UPDATE record SET hash = zeroblob(32) WHERE seq = 30", "record 30: its bytes do not match its"),
    "no bytes": ("UPDATE record SET bytes = NULL WHERE seq = 32", "record 32: its bytes do not match its hash"),
    "a gap": ("DELETE FROM record WHERE seq = 29", "record 30: it follows record 28, so record 29 is missing"),
    "a lost end": ("DELETE FROM record WHERE seq > 19", "record 20 was acknowledged by the carrier, but the last"),
    "no schema": ("DELETE FROM meta WHERE key = 'schema'", "its schema version is ''"),
    "an older schema": ("UPDATE meta SET value = '0' WHERE key = 'schema'", "its schema version is '0'"),
    "no stream": ("DELETE FROM meta WHERE key = 'stream'", "its meta table does not name locker and stream"),
    "another stream": (f"UPDATE meta SET value = '{'00' * 16}' WHERE key = 'stream'", "record 1: its stream is 3f3f"),
    "a stray private part": ("INSERT INTO private VALUES (28, x'00')", "record 28: a private part stands beside it"),
}


@pytest.mark.parametrize(("sql", "what"), DAMAGED.values(), ids=DAMAGED)
@on_a_loop
async def test_damage_after_the_snapshot_is_refused_and_named(tmp_path: Path, sql: str, what: str) -> None:
    await keep_a_journal(tmp_path)
    edit(tmp_path, sql)
    assert refusal(tmp_path, JournalDamaged).startswith(f"The journal is damaged: {what}")


@on_a_loop
async def test_a_missing_private_part_after_the_snapshot_is_refused(tmp_path: Path) -> None:
    recorder = Recorder.on(opened(tmp_path))
    await recorder.record(*beginning(), *deposit(1))
    await recorder.journal.close()
    edit(tmp_path, "DELETE FROM private WHERE seq = 11")
    assert "record 11: its private part is missing, and no record says" in refusal(tmp_path, JournalDamaged)


@on_a_loop
async def test_an_erased_part_that_came_back_is_refused(tmp_path: Path) -> None:
    recorder = Recorder.on(opened(tmp_path))
    await recorder.record(*beginning(), *deposit(1))
    before = recorder.journal.store.read(1, 1)
    part = recorder.seal(*deposit(2))[-1].private_bytes
    recorder.journal.let_go()
    recorder = Recorder.on(opened(tmp_path))
    assert recorder.journal.store.read(1, 1) == before
    await recorder.record(ev.PrivateErased(sequences=(3,), reason="asked"))
    await recorder.journal.close()
    edit(tmp_path, "INSERT INTO private VALUES (3, ?)", part)
    assert "record 3: a private part stands beside it" in refusal(tmp_path, JournalDamaged)
