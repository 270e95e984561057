"""Real files and real SQLite; the writer on its thread and inline."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.disks import failing, tiny_disk
from support.journals import Recorder, beginning, deposit, opened
from support.on_a_loop import on_a_loop
from support.virtual_loop import run_virtual

from controller.domain import events as ev
from controller.journal import reading
from controller.journal.database import Disk, connect_reader
from controller.journal.errors import CommitFailed, DiskFull
from controller.journal.files import WAL_BYTES, database_path, wal_path
from controller.journal.store import Inline, Runner
from controller.journal.tables import CHECKPOINT_FRAMES, Batch
from controller.journal.writer import Writer

SMALL_BALLAST = 64 * 1024


@pytest.fixture(params=[Writer, Inline], ids=["thread", "inline"])
def runner(request: pytest.FixtureRequest) -> Callable[[], Runner]:
    made: Callable[[], Runner] = request.param
    return made


def stored(data_dir: Path, query: str) -> list[Any]:
    """What another process reads."""
    connection = connect_reader(data_dir, alone=False)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


@on_a_loop
async def test_records_and_private_parts_are_stored_as_sealed(tmp_path: Path, runner: Callable[[], Runner]) -> None:
    recorder = Recorder.on(opened(tmp_path, runner=runner))
    sealed = recorder.seal(*beginning(), *deposit(1))
    await recorder.journal.store.commit(Batch(sealed))
    rows = [(record.sequence, record.hash, record.bytes) for record in sealed]
    assert stored(tmp_path, "SELECT * FROM record ORDER BY seq") == rows
    assert recorder.journal.store.read(1, 100) == rows
    assert recorder.journal.store.read(3, 2) == rows[2:4]
    assert stored(tmp_path, "SELECT * FROM private") == [(11, sealed[-1].private_bytes)]
    await recorder.journal.close()


@on_a_loop
async def test_the_tables_are_those_of_the_contract(tmp_path: Path) -> None:
    await opened(tmp_path).close()
    tables = dict(stored(tmp_path, "SELECT name, sql FROM sqlite_schema WHERE type = 'table'"))
    assert tables["record"] == "CREATE TABLE record(seq INTEGER PRIMARY KEY, hash BLOB, bytes BLOB) STRICT"
    assert tables["private"] == "CREATE TABLE private(seq INTEGER PRIMARY KEY, bytes BLOB) STRICT"
    assert all(sql.endswith("STRICT") for sql in tables.values())
    assert database_path(tmp_path).stat().st_mode & 0o777 == 0o600


@on_a_loop
async def test_a_locker_s_disk_is_synced_at_each_commit_and_its_wal_is_grown(tmp_path: Path) -> None:
    journal = opened(tmp_path, Disk())
    assert await journal.store.work(lambda tables: _pragma(tables.connection, "synchronous")) == 2
    assert await journal.store.work(lambda tables: _pragma(tables.connection, "journal_mode")) == "wal"
    assert await journal.store.work(lambda tables: _pragma(tables.connection, "secure_delete")) == 1
    assert wal_path(database_path(tmp_path)).stat().st_size == WAL_BYTES
    assert journal.store.ballast_held
    await Recorder.on(journal).record(*beginning())
    assert wal_path(database_path(tmp_path)).stat().st_size == WAL_BYTES
    journal.let_go()


def _pragma(connection: sqlite3.Connection, name: str) -> object:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


@on_a_loop
async def test_on_durable_runs_in_the_writer_s_thread_when_others_can_read_the_batch(tmp_path: Path) -> None:
    recorder = Recorder.on(opened(tmp_path, runner=Writer))
    seen: list[tuple[str, int]] = []

    def durable() -> None:
        count = stored(tmp_path, "SELECT count(*) FROM record")[0][0]
        seen.append((threading.current_thread().name, count))

    await recorder.record(*beginning(), on_durable=durable)
    assert seen == [("journal", 3)]
    await recorder.journal.close()


@on_a_loop
async def test_commits_are_stored_in_the_order_they_were_asked_for(tmp_path: Path) -> None:
    recorder = Recorder.on(opened(tmp_path, runner=Writer))
    batches = [Batch(recorder.seal(event)) for event in beginning() + deposit(1)]
    await asyncio.gather(*(recorder.journal.store.commit(batch) for batch in batches))
    assert [row[0] for row in recorder.journal.store.read(1, 100)] == list(range(1, 12))
    await recorder.journal.close()


@on_a_loop
async def test_a_private_part_is_erased_with_the_record_that_says_so(
    tmp_path: Path, runner: Callable[[], Runner]
) -> None:
    recorder = Recorder.on(opened(tmp_path, runner=runner))
    await recorder.record(*beginning(), *deposit(1))
    await recorder.record(ev.PrivateErased(sequences=(11,), reason="asked"))
    assert stored(tmp_path, "SELECT * FROM private") == []
    await recorder.journal.close()
    assert f"{1:064x}".encode() not in database_path(tmp_path).read_bytes()


# --- the cursor -----------------------------------------------------------------------------------


@on_a_loop
async def test_the_cursor_travels_with_the_next_commit(tmp_path: Path, runner: Callable[[], Runner]) -> None:
    recorder = Recorder.on(opened(tmp_path, runner=runner))
    await recorder.record(*beginning())
    recorder.journal.store.save_cursor(2)
    recorder.journal.store.save_cursor(1)
    await recorder.record(ev.ClockSynced())
    (row,) = recorder.journal.store.read(2, 1)
    assert stored(tmp_path, "SELECT seq, head FROM cursor") == [(2, row[1])]
    recorder.journal.let_go()


@on_a_loop
async def test_the_cursor_of_a_batch_goes_before_one_that_waits(tmp_path: Path) -> None:
    recorder = Recorder.on(opened(tmp_path))
    await recorder.record(*beginning())
    recorder.journal.store.save_cursor(1)
    await recorder.journal.store.commit(Batch(recorder.seal(ev.ClockSynced()), cursor=3))
    assert stored(tmp_path, "SELECT seq FROM cursor") == [(3,)]
    recorder.journal.let_go()


def test_a_cursor_that_no_commit_takes_along_is_stored_within_a_second_without_a_sync(tmp_path: Path) -> None:
    heard: list[str] = []

    async def whole() -> None:
        journal = opened(tmp_path, Disk(wal_bytes=0, ballast_bytes=0))
        await Recorder.on(journal).record(*beginning())
        await journal.store.work(lambda tables: tables.connection.set_trace_callback(heard.append))
        journal.store.save_cursor(2)
        await asyncio.sleep(0.9)
        assert heard == []
        await asyncio.sleep(0.2)
        assert stored(tmp_path, "SELECT seq FROM cursor") == [(2,)]
        journal.let_go()

    run_virtual(whole())
    assert heard[0] == "PRAGMA synchronous = NORMAL"
    assert heard[-1] == "PRAGMA synchronous = FULL"


@on_a_loop
async def test_closing_stores_the_cursor_that_waits(tmp_path: Path, runner: Callable[[], Runner]) -> None:
    journal = opened(tmp_path, runner=runner)
    await Recorder.on(journal).record(*beginning())
    journal.store.save_cursor(2)
    await journal.close()
    await journal.close()
    again = opened(tmp_path)
    assert again.cursor == 2
    again.let_go()


# --- the WAL --------------------------------------------------------------------------------------


def test_the_wal_is_written_home_between_commits_and_begins_again(tmp_path: Path) -> None:
    async def whole() -> None:
        recorder = Recorder.on(opened(tmp_path, Disk(ballast_bytes=0)))
        await recorder.record(*beginning())
        for _ in range(CHECKPOINT_FRAMES):
            await recorder.record(ev.ClockSynced())
        before = database_path(tmp_path).stat().st_size
        await asyncio.sleep(1.1)
        assert database_path(tmp_path).stat().st_size > before + 200 * CHECKPOINT_FRAMES
        for _ in range(CHECKPOINT_FRAMES):
            await recorder.record(ev.ClockSynced())
        assert wal_path(database_path(tmp_path)).stat().st_size == WAL_BYTES
        await recorder.journal.close()

    run_virtual(whole())


@on_a_loop
async def test_whoever_reads_holds_up_no_commit(tmp_path: Path, runner: Callable[[], Runner]) -> None:
    recorder = Recorder.on(opened(tmp_path, runner=runner))
    await recorder.record(*beginning())
    reader = connect_reader(tmp_path, alone=False)
    reader.execute("BEGIN")
    assert reading.last(reader).sequence == 3
    await recorder.record(ev.ClockSynced())
    assert reading.last(reader).sequence == 3
    reader.execute("COMMIT")
    assert reading.last(reader).sequence == 4
    reader.close()
    await recorder.journal.close()


# --- what goes wrong ------------------------------------------------------------------------------


LARGE = ev.StreamStarted(software="x" * 20_000)


@on_a_loop
async def test_a_full_disk_takes_the_ballast_and_the_batch_is_stored(
    tmp_path: Path, runner: Callable[[], Runner]
) -> None:
    ballast = tmp_path / "ballast"
    disk = Disk("OFF", 0, SMALL_BALLAST, tiny_disk(ballast.exists))
    recorder = Recorder.on(opened(tmp_path, disk, runner))
    assert ballast.stat().st_size == SMALL_BALLAST
    await recorder.record(LARGE)
    assert not recorder.journal.store.ballast_held
    assert stored(tmp_path, "SELECT count(*) FROM record") == [(1,)]
    assert await recorder.journal.store.restore_ballast()
    assert recorder.journal.store.ballast_held
    await recorder.journal.close()


@on_a_loop
async def test_a_disk_that_is_full_without_the_ballast_stores_nothing_and_the_journal_goes_on(
    tmp_path: Path, runner: Callable[[], Runner]
) -> None:
    full = [True]
    disk = Disk("OFF", 0, SMALL_BALLAST, tiny_disk(lambda: full[0]))
    recorder = Recorder.on(opened(tmp_path, disk, runner))
    before = recorder.journal.sealer.head
    with pytest.raises(DiskFull, match=f"^The disk of {tmp_path} is full"):
        await recorder.record(LARGE)
    assert not recorder.journal.store.ballast_held
    assert stored(tmp_path, "SELECT count(*) FROM record") == [(0,)]
    recorder.journal.sealer.rewind(before)
    full[0] = False
    await recorder.record(*beginning())
    assert stored(tmp_path, "SELECT count(*) FROM record") == [(3,)]
    await recorder.journal.close()


@on_a_loop
async def test_a_cursor_that_a_full_disk_has_no_room_for_is_let_go(tmp_path: Path) -> None:
    disk = Disk("OFF", 0, 0, failing("COMMIT", sqlite3.SQLITE_FULL))
    journal = opened(tmp_path, disk, Writer)
    journal.store.save_cursor(1)
    await journal.close()
    assert stored(tmp_path, "SELECT * FROM cursor") == []


@pytest.mark.parametrize("at", ["BEGIN IMMEDIATE", "COMMIT"])
@on_a_loop
async def test_after_a_failed_commit_nothing_is_stored_any_more(tmp_path: Path, at: str) -> None:
    recorder = Recorder.on(opened(tmp_path, Disk("OFF", 0, 0, failing(at, sqlite3.SQLITE_IOERR_FSYNC)), Writer))
    called: list[int] = []
    with pytest.raises(CommitFailed, match=rf"^The journal in {tmp_path} could not be written \(disk I/O error\)"):
        await recorder.record(*beginning(), on_durable=lambda: called.append(1))
    with pytest.raises(CommitFailed, match="could not be written"):
        await recorder.journal.store.work(lambda tables: called.append(2))
    assert called == []
    recorder.journal.let_go()


@on_a_loop
async def test_a_failure_nobody_waited_for_is_told_to_the_next_who_asks(tmp_path: Path) -> None:
    disk = Disk("OFF", 0, 0, failing("COMMIT", sqlite3.SQLITE_IOERR_WRITE))
    recorder = Recorder.on(opened(tmp_path, disk, Writer))
    recorder.journal.store.save_cursor(1)
    with pytest.raises(CommitFailed):
        await recorder.journal.close()
    with pytest.raises(CommitFailed):
        await recorder.record(*beginning())
    recorder.journal.let_go()


@on_a_loop
async def test_a_bug_in_the_writer_s_thread_ends_it_loudly_and_leaves_nobody_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", heard.append)
    recorder = Recorder.on(opened(tmp_path, runner=Writer))

    def bug() -> None:
        raise LookupError("a bug")

    with pytest.raises(CommitFailed, match="writer has ended"):
        await recorder.record(*beginning(), on_durable=bug)
    with pytest.raises(CommitFailed, match="writer has ended"):
        await recorder.record(ev.ClockSynced())
    recorder.journal.let_go()
    assert [args.exc_type for args in heard] == [LookupError]


@on_a_loop
async def test_an_asker_who_went_away_does_not_stop_the_writer(tmp_path: Path) -> None:
    recorder = Recorder.on(opened(tmp_path, runner=Writer))
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        held.set()
        assert release.wait(10)

    asked = asyncio.create_task(recorder.record(*beginning(), on_durable=hold))
    await asyncio.to_thread(held.wait, 10)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    release.set()
    await recorder.journal.store.commit(Batch(recorder.seal(ev.ClockSynced())))
    assert stored(tmp_path, "SELECT count(*) FROM record") == [(4,)]
    await recorder.journal.close()
