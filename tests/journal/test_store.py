"""Real files and real SQLite; the writer on its thread and inline."""

import asyncio
import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from support.journals import Recorder, beginning, deposit, opened, stored
from support.on_a_loop import on_a_loop
from support.virtual_loop import run_virtual

from controller.domain import events as ev
from controller.domain.ids import PickupId
from controller.journal import reading
from controller.journal.database import Disk, connect_reader
from controller.journal.files import WAL_BYTES, database_path, wal_path
from controller.journal.store import Runner
from controller.journal.tables import CHECKPOINT_FRAMES, Batch
from controller.journal.writer import Writer

SMALL_BALLAST = 64 * 1024


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


def test_a_private_part_is_erased_with_the_record_that_says_so_and_soon_from_the_file(tmp_path: Path) -> None:
    async def whole() -> None:
        recorder = Recorder.on(opened(tmp_path))
        await recorder.record(*beginning(), *deposit(1))
        await recorder.journal.close()
        code = f"{1:064x}".encode()
        assert code in database_path(tmp_path).read_bytes()
        recorder = Recorder.on(opened(tmp_path))
        await recorder.record(ev.PrivateErased(sequences=(11,), reason="asked"))
        assert stored(tmp_path, "SELECT * FROM private") == []
        await asyncio.sleep(1.1)
        assert code not in database_path(tmp_path).read_bytes()
        recorder.journal.let_go()

    run_virtual(whole())


def bytes_of(directory: Path) -> bytes:
    """Every file there, whatever it is."""
    return b"".join(path.read_bytes() for path in sorted(directory.iterdir()) if path.is_file())


def test_what_was_erased_is_in_no_file_also_where_it_stood_late_in_the_wal(tmp_path: Path) -> None:
    code = f"{1:064x}".encode()

    async def whole() -> None:
        recorder = Recorder.on(opened(tmp_path, Disk(ballast_bytes=SMALL_BALLAST)))
        await recorder.record(*beginning())
        for _ in range(60):
            await recorder.record(ev.ClockSynced())
        await recorder.record(*deposit(1))
        assert code in bytes_of(tmp_path)
        await recorder.record(ev.PrivateErased(sequences=(71,), reason="asked"))
        await asyncio.sleep(1.1)
        assert code not in bytes_of(tmp_path)
        assert wal_path(database_path(tmp_path)).stat().st_size >= WAL_BYTES
        recorder.journal.let_go()

    run_virtual(whole())


def test_what_was_erased_just_before_the_power_failed_is_in_no_file_soon_after_the_start(tmp_path: Path) -> None:
    code = f"{1:064x}".encode()
    before, after = tmp_path / "before", tmp_path / "after"

    async def whole() -> None:
        recorder = Recorder.on(opened(before))
        await recorder.record(*beginning(), *deposit(1))
        await recorder.record(ev.PrivateErased(sequences=(11,), reason="asked"))
        shutil.copytree(before, after)  # as the power failing would leave it
        recorder.journal.let_go()
        assert code in bytes_of(after)
        recorder = Recorder.on(opened(after))
        await recorder.record(ev.ClockSynced())
        await asyncio.sleep(1.1)
        assert code not in bytes_of(after)
        recorder.journal.let_go()

    run_virtual(whole())


def test_what_was_erased_is_in_no_file_with_snapshots_kept_before_and_after(tmp_path: Path) -> None:
    code = f"{1:064x}".encode()

    async def whole() -> None:
        recorder = Recorder.on(opened(tmp_path))
        await recorder.record(*beginning(), *deposit(1))
        await recorder.snapshot()
        assert code in bytes_of(tmp_path)
        await recorder.record(ev.CodeRevoked(pickup=PickupId("P1"), reason="revoked"))
        await recorder.record(ev.PrivateErased(sequences=(11,), reason="asked"))
        await recorder.snapshot()
        await asyncio.sleep(1.1)
        assert code not in bytes_of(tmp_path)
        recorder.journal.let_go()
        again = opened(tmp_path)
        assert again.state == recorder.state
        again.let_go()

    run_virtual(whole())


def test_somebody_who_reads_puts_it_off_and_holds_nobody_up(tmp_path: Path) -> None:
    code = f"{1:064x}".encode()

    async def whole() -> None:
        recorder = Recorder.on(opened(tmp_path))
        await recorder.record(*beginning(), *deposit(1))
        with closing(sqlite3.connect(database_path(tmp_path))) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM record").fetchone()
            await recorder.record(ev.PrivateErased(sequences=(11,), reason="asked"))
            await asyncio.sleep(1.1)
            await recorder.record(ev.ClockSynced())
            assert code in bytes_of(tmp_path)
            reader.execute("ROLLBACK")
        await asyncio.sleep(2.2)
        assert code not in bytes_of(tmp_path)
        recorder.journal.let_go()

    run_virtual(whole())


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
