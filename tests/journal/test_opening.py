import asyncio
import os
import signal
import sqlite3
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
    collection,
    deposit,
    edit,
    fingerprint,
    keep_a_journal,
    opened,
)
from support.on_a_loop import on_a_loop

from controller.domain import events as ev
from controller.domain.state import State
from controller.journal.errors import JournalDamaged, JournalRefused
from controller.journal.files import database_path, wal_path
from controller.journal.opening import open_journal
from controller.journal.snapshot import SNAPSHOT_EVERY


def reopened(data_dir: Path) -> State:
    journal = opened(data_dir)
    journal.let_go()
    assert journal.damage == ()
    return journal.state


def test_a_new_journal_is_empty_and_its_stream_the_one_given(tmp_path: Path) -> None:
    journal = opened(tmp_path / "data")
    assert journal.state == State()
    assert (journal.sealer.stream, journal.sealer.locker, journal.cursor) == (STREAM, LOCKER, 0)
    journal.let_go()
    again = open_journal(tmp_path / "data", LOCKER, SOFTWARE, KEYS, lambda: "00" * 16, QUICK)
    assert again.sealer.stream == STREAM
    again.let_go()


@on_a_loop
async def test_replay_equals_live_after_every_batch(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    recorder = Recorder.on(journal)
    for happened in (
        beginning(),
        deposit(1),
        collection(1),
        deposit(2),
        [ev.PrivateErased(sequences=(11, 25), reason="asked")],
    ):
        await recorder.record(*happened)
        recorder.journal.let_go()
        recorder.journal = opened(tmp_path)
        assert recorder.journal.state == recorder.state
        assert recorder.journal.sealer.head.sequence == recorder.state.sequence
    assert recorder.state.codes == {}
    recorder.journal.let_go()


@on_a_loop
async def test_a_start_from_a_snapshot_equals_live_and_reads_only_what_follows(tmp_path: Path) -> None:
    state = await keep_a_journal(tmp_path)
    edit(tmp_path, "UPDATE record SET bytes = x'00' WHERE seq = 5")
    journal = opened(tmp_path)
    assert journal.state == state
    assert (journal.cursor, journal.snapshot_at, journal.damage) == (20, 26, ())
    journal.let_go()


@on_a_loop
async def test_the_chain_goes_on_where_it_ended(tmp_path: Path) -> None:
    await keep_a_journal(tmp_path)
    recorder = Recorder.on(opened(tmp_path))
    await recorder.record(*collection(2))
    recorder.journal.let_go()
    assert reopened(tmp_path) == recorder.state


@on_a_loop
async def test_two_snapshots_are_kept_and_one_is_due_every_thousand_records(tmp_path: Path) -> None:
    await keep_a_journal(tmp_path)
    recorder = Recorder.on(opened(tmp_path))
    assert not recorder.journal.snapshot_due(recorder.state)
    await recorder.record(*[ev.ClockSynced()] * (SNAPSHOT_EVERY - 6))
    assert recorder.journal.snapshot_due(recorder.state)
    await recorder.snapshot()
    assert not recorder.journal.snapshot_due(recorder.state)
    await recorder.snapshot()
    await recorder.journal.close()
    kept = sqlite3.connect(database_path(tmp_path))
    assert kept.execute("SELECT seq FROM snapshot ORDER BY seq").fetchall() == [(26,), (26 + SNAPSHOT_EVERY,)]
    kept.close()
    assert reopened(tmp_path) == recorder.state


@on_a_loop
async def test_an_erased_code_is_gone_from_a_restored_state_too(tmp_path: Path) -> None:
    recorder = Recorder.on(opened(tmp_path))
    await recorder.record(*beginning(), *deposit(1))
    await recorder.snapshot()
    assert len(recorder.state.codes) == 1
    await recorder.record(ev.PrivateErased(sequences=(11,), reason="asked"))
    await recorder.journal.close()
    assert reopened(tmp_path) == recorder.state
    assert recorder.state.codes == {}


# --- refused, and left as it is -------------------------------------------------------------------


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


# --- damaged where the state does not depend on it ------------------------------------------------


async def started_anyway(data_dir: Path, sql: str) -> list[str]:
    state = await keep_a_journal(data_dir)
    edit(data_dir, sql)
    journal = opened(data_dir)
    journal.let_go()
    assert journal.state == state
    return [str(damage) for damage in journal.damage]


@on_a_loop
async def test_a_damaged_snapshot_gives_way_to_the_one_before(tmp_path: Path) -> None:
    damage = await started_anyway(tmp_path, "UPDATE snapshot SET bytes = x'7b7d' WHERE seq = 26")
    assert damage == ["record 26: the snapshot at it is not good: the snapshot is not the one that was signed"]


@on_a_loop
async def test_without_a_good_snapshot_the_whole_stream_is_folded(tmp_path: Path) -> None:
    damage = await started_anyway(tmp_path, "UPDATE snapshot SET jws = 'a.b.c'")
    signature = "the snapshot at it is not good: the snapshot's signature is not good (bad_signature)"
    assert damage == [f"record 26: {signature}", f"record 11: {signature}"]


@on_a_loop
async def test_a_snapshot_in_another_row_is_not_good(tmp_path: Path) -> None:
    damage = await started_anyway(tmp_path, "UPDATE snapshot SET seq = 25 WHERE seq = 26")
    assert damage == ["record 25: the snapshot at it is not good: the snapshot is not the one that was signed"]


@on_a_loop
async def test_a_snapshot_without_its_record_is_told(tmp_path: Path) -> None:
    damage = await started_anyway(tmp_path, "DELETE FROM record WHERE seq = 26")
    assert damage == ["record 26: it is missing, or not the one that the snapshot at it was taken at"]


@on_a_loop
async def test_a_damaged_cursor_counts_as_none(tmp_path: Path) -> None:
    damage = await started_anyway(tmp_path, "UPDATE cursor SET seq = 19")
    assert damage == ["record 19: the cursor stands at it with another hash than its own"]
    assert opened(tmp_path).cursor == 0


@on_a_loop
async def test_a_live_code_that_was_lost_is_told(tmp_path: Path) -> None:
    state = await keep_a_journal(tmp_path)
    edit(tmp_path, "UPDATE private SET bytes = zeroblob(40) WHERE seq = 25")
    journal = opened(tmp_path)
    journal.let_go()
    assert [str(damage) for damage in journal.damage] == [
        "record 25: its private part, which held a code, is gone or damaged"
    ]
    assert list(journal.state.pickups) == list(state.pickups)
    assert journal.state.codes == {}


@on_a_loop
async def test_older_damage_is_found_in_the_background(tmp_path: Path) -> None:
    await keep_a_journal(tmp_path)
    journal = opened(tmp_path)
    assert [(step.sequence, step.of, step.damage) for step in journal.verify_older()] == [(32, 32, None)]
    journal.let_go()
    edit(tmp_path, "UPDATE record SET hash = zeroblob(32) WHERE seq = 5")
    journal = opened(tmp_path)
    (step,) = journal.verify_older()
    journal.let_go()
    assert str(step.damage) == "record 5: its bytes do not match its hash"


@on_a_loop
async def test_verifying_in_the_background_bears_with_what_is_recorded_and_erased_meanwhile(tmp_path: Path) -> None:
    recorder = Recorder.on(opened(tmp_path))
    await recorder.record(*beginning(), *deposit(1), *[ev.ClockSynced()] * 500)
    steps = recorder.journal.verify_older()
    assert next(steps).sequence == 500
    await recorder.record(ev.PrivateErased(sequences=(11,), reason="asked"))
    rest = list(steps)
    recorder.journal.let_go()
    assert (rest[-1].sequence, rest[-1].damage) == (512, None)
