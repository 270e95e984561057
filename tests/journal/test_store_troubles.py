"""A store whose disk is full, failing or gone, and askers who went away."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from support.disks import failing, tiny_disk
from support.journals import Recorder, beginning, opened, stored
from support.on_a_loop import on_a_loop

from controller.domain import events as ev
from controller.journal.database import Disk
from controller.journal.errors import CommitFailed, DiskFull
from controller.journal.store import Runner
from controller.journal.tables import Batch
from controller.journal.writer import Writer

SMALL_BALLAST = 64 * 1024


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
async def test_a_failure_nobody_waited_for_is_told_to_the_next_who_asks() -> None:
    writer = Writer()

    def fail() -> None:
        raise CommitFailed("the disk said no")

    writer.do_unattended(fail)
    with pytest.raises(CommitFailed, match="the disk said no"):
        await writer.do(lambda: None)
    writer.stop()
    writer.stop()


@on_a_loop
async def test_closing_lets_go_of_everything_even_where_it_fails(tmp_path: Path) -> None:
    disk = Disk("OFF", 0, 0, failing("COMMIT", sqlite3.SQLITE_IOERR_WRITE))
    recorder = Recorder.on(opened(tmp_path, disk, Writer))
    recorder.journal.store.save_cursor(1)
    with pytest.raises(CommitFailed, match="disk I/O error"):
        await recorder.journal.close()
    await recorder.journal.close()
    opened(tmp_path).let_go()


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
