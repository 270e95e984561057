import sqlite3
from pathlib import Path

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
    keep_a_journal,
    opened,
)
from support.on_a_loop import on_a_loop

from controller.domain import events as ev
from controller.domain.state import State
from controller.journal.files import database_path
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
    journal = opened(tmp_path)
    assert journal.cursor == 0
    journal.let_go()


@on_a_loop
async def test_a_live_code_that_was_lost_is_told(tmp_path: Path) -> None:
    state = await keep_a_journal(tmp_path)
    edit(tmp_path, "UPDATE private SET bytes = zeroblob(40) WHERE seq = 25")
    journal = opened(tmp_path)
    journal.let_go()
    assert [str(damage) for damage in journal.damage] == [
        "record 25: its private part, which held a code or a note, is gone or damaged"
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
