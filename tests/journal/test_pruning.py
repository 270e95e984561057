import sqlite3
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from support.disks import failing
from support.journals import NOON, QUICK, Recorder, beginning, collection, deposit, edit, opened, value, verified
from support.on_a_loop import on_a_loop

from controller.domain import events as ev
from controller.domain.ids import WallMs
from controller.journal.errors import JournalDamaged
from controller.journal.pruning import PRUNED_AT_ONCE

TOMORROW = WallMs(NOON + 24 * 3600 * 1000)


async def busy(data_dir: Path) -> Recorder:
    """32 records: a parcel fetched and another still waiting (code: 26), snapshots at 27 and 28."""
    recorder = Recorder.on(opened(data_dir))
    await recorder.record(
        *beginning(), *deposit(1), *collection(1), ev.PrivateErased(sequences=(11,), reason="collected")
    )
    await recorder.record(*deposit(2), ev.ClockSynced())
    await recorder.snapshot()
    await recorder.record(ev.ClockSynced())
    await recorder.snapshot()
    await recorder.record(*[ev.ClockSynced()] * 4)
    return recorder


def kept(recorder: Recorder) -> list[int]:
    return [row[0] for row in recorder.journal.store.read(1, 10_000)]


@on_a_loop
async def test_what_is_old_acknowledged_and_below_every_snapshot_goes(tmp_path: Path) -> None:
    recorder = await busy(tmp_path)
    assert await recorder.journal.prune(TOMORROW, cursor=32) == 26
    assert kept(recorder) == list(range(27, 33))
    assert await recorder.journal.prune(TOMORROW, cursor=32) == 0
    recorder.journal.let_go()
    assert verified(tmp_path).damage is None
    assert (verified(tmp_path).first, verified(tmp_path).records) == (27, 6)


@on_a_loop
async def test_the_first_record_kept_follows_the_head_that_the_device_signed(tmp_path: Path) -> None:
    recorder = await busy(tmp_path)
    await recorder.journal.prune(TOMORROW, cursor=10)
    await recorder.journal.close()
    assert value(tmp_path, "SELECT min(seq) FROM record") == 10
    assert value(tmp_path, "SELECT seq FROM snapshot WHERE bytes = x''") == 9
    assert verified(tmp_path).damage is None
    edit(tmp_path, "UPDATE snapshot SET seq = 8 WHERE bytes = x''")
    assert "what says where the kept records begin is damaged" in str(verified(tmp_path).damage)
    edit(tmp_path, "DELETE FROM snapshot WHERE bytes = x''")
    assert str(verified(tmp_path).damage) == "record 10: it follows record 0, so records 1 to 9 are missing"


@pytest.mark.parametrize(
    ("before", "cursor", "first"),
    [
        (TOMORROW, 0, 1),
        (TOMORROW, 1, 1),
        (TOMORROW, 15, 15),
        (WallMs(NOON), 32, 1),
        (WallMs(NOON + 12_000), 32, 12),
        (WallMs(NOON + 12_001), 32, 13),
    ],
)
@on_a_loop
async def test_what_is_young_or_not_acknowledged_stays(tmp_path: Path, before: WallMs, cursor: int, first: int) -> None:
    recorder = await busy(tmp_path)
    assert await recorder.journal.prune(before, cursor) == first - 1
    assert kept(recorder)[0] == first
    recorder.journal.let_go()
    assert verified(tmp_path).damage is None


@on_a_loop
async def test_without_a_snapshot_or_a_record_nothing_goes(tmp_path: Path) -> None:
    recorder = Recorder.on(opened(tmp_path))
    assert await recorder.journal.prune(TOMORROW, cursor=0) == 0
    await recorder.record(*beginning())
    assert await recorder.journal.prune(TOMORROW, cursor=3) == 0
    recorder.journal.let_go()


@on_a_loop
async def test_the_private_part_of_a_live_code_outlives_its_record(tmp_path: Path) -> None:
    recorder = await busy(tmp_path)
    await recorder.journal.prune(TOMORROW, cursor=32)
    recorder.journal.let_go()
    assert value(tmp_path, "SELECT group_concat(seq) FROM private") == "26"
    journal = opened(tmp_path)
    assert journal.state == recorder.state
    assert len(journal.state.codes) == 1
    journal.let_go()
    edit(tmp_path, "UPDATE private SET bytes = zeroblob(9)")
    assert (
        str(verified(tmp_path).damage) == "record 26: its private part, which held a code or a note, is gone or damaged"
    )


@on_a_loop
async def test_it_goes_once_no_snapshot_needs_it(tmp_path: Path) -> None:
    recorder = await busy(tmp_path)
    await recorder.journal.prune(TOMORROW, cursor=32)
    await recorder.record(*collection(2))
    await recorder.snapshot()
    await recorder.record(ev.ClockSynced())
    await recorder.snapshot()
    await recorder.journal.prune(TOMORROW, cursor=39)
    await recorder.journal.close()
    assert value(tmp_path, "SELECT count(*) FROM private") == 0
    assert verified(tmp_path).damage is None


@on_a_loop
async def test_a_pruned_journal_without_a_good_snapshot_is_refused(tmp_path: Path) -> None:
    recorder = await busy(tmp_path)
    await recorder.journal.prune(TOMORROW, cursor=32)
    await recorder.journal.close()
    edit(tmp_path, "UPDATE snapshot SET jws = 'x' WHERE bytes != x''")
    with pytest.raises(JournalDamaged, match="no snapshot can be read, and the records up to 26 were pruned"):
        opened(tmp_path)


@on_a_loop
async def test_many_go_in_steps_while_others_read_and_verify(tmp_path: Path) -> None:
    recorder = Recorder.on(opened(tmp_path))
    await recorder.record(*beginning(), *[ev.ClockSynced()] * 2500)
    await recorder.snapshot()
    await recorder.record(ev.ClockSynced())
    steps = recorder.journal.verify_older()
    assert next(steps).sequence == 500
    assert await recorder.journal.prune(TOMORROW, cursor=2504) == PRUNED_AT_ONCE
    gone = [PRUNED_AT_ONCE]
    for _ in count():
        if (went := await recorder.journal.prune(TOMORROW, cursor=2504)) == 0:
            break
        gone.append(went)
    assert gone == [1000, 1000, 502]
    assert [step.damage for step in steps] == [None]
    assert kept(recorder) == [2503, 2504]
    recorder.journal.let_go()
    assert verified(tmp_path).damage is None


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE record SET bytes = x'00' WHERE seq < 27",
        "UPDATE snapshot SET bytes = x'00' WHERE seq = 27",
        "UPDATE snapshot SET bytes = x'7b7d' WHERE seq = 27",
        "DELETE FROM record WHERE seq = 14",
    ],
)
@on_a_loop
async def test_nothing_is_pruned_where_it_cannot_be_read(tmp_path: Path, sql: str) -> None:
    recorder = await busy(tmp_path)
    await recorder.journal.close()
    edit(tmp_path, sql)
    recorder = Recorder.on(opened(tmp_path))
    before = kept(recorder)
    assert await recorder.journal.prune(TOMORROW, cursor=32) == 0
    assert kept(recorder) == before
    recorder.journal.let_go()


@on_a_loop
async def test_a_full_disk_puts_snapshots_and_pruning_off(tmp_path: Path) -> None:
    await (await busy(tmp_path)).journal.close()
    full = failing("COMMIT", sqlite3.SQLITE_FULL)
    recorder = Recorder.on(opened(tmp_path, replace(QUICK, connection=full)))
    assert not await recorder.journal.snapshot(recorder.state)
    assert recorder.journal.snapshot_at == 28
    assert await recorder.journal.prune(TOMORROW, cursor=32) == 0
    assert kept(recorder)[0] == 1
    recorder.journal.let_go()
