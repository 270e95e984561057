import sqlite3
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.journals import (
    KEYS,
    LOCKER,
    SOFTWARE,
    STREAM,
    Recorder,
    beginning,
    deposit,
    edit,
    keep_a_journal,
    opened,
    value,
    verified,
)
from support.on_a_loop import on_a_loop

from controller.domain import events as ev
from controller.journal.chain import Head
from controller.journal.database import Identity
from controller.journal.errors import JournalRefused
from controller.journal.files import database_path
from controller.journal.verify import EVIDENCE, Verified, verify_journal


@on_a_loop
async def test_a_good_journal_is_verified_to_its_end(tmp_path: Path) -> None:
    state = await keep_a_journal(tmp_path)
    verdict = verified(tmp_path)
    assert verdict == Verified(
        identity=Identity(LOCKER, STREAM),
        first=1,
        head=Head(state.sequence, value(tmp_path, "SELECT hash FROM record WHERE seq = 32")),
        records=32,
        proofs=3,
        snapshots=2,
        damage=None,
        remedy="",
    )


@on_a_loop
async def test_an_empty_journal_is_good_and_a_missing_one_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(JournalRefused, match=f"^There is no journal in {tmp_path}. Name the data_dir of a locker.$"):
        verify_journal(tmp_path, SOFTWARE, KEYS.verify)
    opened(tmp_path).let_go()
    assert verified(tmp_path).damage is None


@on_a_loop
async def test_a_journal_is_verified_while_its_locker_runs(tmp_path: Path) -> None:
    recorder = Recorder.on(opened(tmp_path))
    await recorder.record(*beginning(), *deposit(1))
    assert (verified(tmp_path).records, verified(tmp_path).damage) == (11, None)
    await recorder.record(ev.ClockSynced())
    assert verified(tmp_path).records == 12
    await recorder.journal.close()


@on_a_loop
async def test_progress_is_told_every_500_records(tmp_path: Path) -> None:
    recorder = Recorder.on(opened(tmp_path))
    await recorder.record(*beginning(), *[ev.ClockSynced()] * 1200)
    told: list[tuple[int, int]] = []
    verify_journal(tmp_path, SOFTWARE, KEYS.verify, lambda checked, of: told.append((checked, of)))
    assert told == [(500, 1203), (1000, 1203), (1203, 1203)]
    recorder.journal.let_go()


# --- one flipped byte in every column -------------------------------------------------------------


def flipped(found: object, chance: Random) -> object:
    """The same value with one bit changed; a text stays one."""
    if isinstance(found, int):
        return found ^ (1 << chance.randrange(6))
    raw = bytearray(found.encode() if isinstance(found, str) else bytes(found))  # type: ignore[call-overload]  # bytes
    raw[chance.randrange(len(raw))] ^= 1
    return raw.decode() if isinstance(found, str) else bytes(raw)


COLUMNS = {
    "record.hash": ("record", "hash", "seq = 15", "record 15: its bytes do not match its hash"),
    "record.bytes": ("record", "bytes", "seq = 15", "record 15: its bytes do not match its hash"),
    "private.seq": ("private", "seq", "seq = 25", "record "),
    "private.bytes": ("private", "bytes", "seq = 25", "record 25: its private part does not match the digest in it"),
    "cursor.head": (
        "cursor",
        "head",
        "seq = 20",
        "record 20: the one that was acknowledged by the carrier had another",
    ),
    "cursor.seq": ("cursor", "seq", "seq = 20", "record "),
    "snapshot.bytes": ("snapshot", "bytes", "seq = 26", "record 26: the snapshot at it is not good: the snapshot is n"),
    "snapshot.jws": ("snapshot", "jws", "seq = 26", "record 26: the snapshot at it is not good: the snapshot's signat"),
    "snapshot.seq": ("snapshot", "seq", "seq = 26", "record "),
    "meta.schema": ("meta", "value", "key = 'schema'", "its schema version is '0'"),
    "meta.locker": ("meta", "value", "key = 'locker'", "record 1: its locker is L0042 where "),
    "meta.stream": ("meta", "value", "key = 'stream'", "record 1: its stream is "),
    "meta.key": ("meta", "key", "key = 'stream'", "its meta table does not name locker and stream"),
}


@pytest.mark.parametrize(("table", "column", "row", "named"), COLUMNS.values(), ids=COLUMNS)
@on_a_loop
async def test_a_flipped_bit_in_any_column_is_found_and_named(
    tmp_path: Path, table: str, column: str, row: str, named: str
) -> None:
    await keep_a_journal(tmp_path)
    good = value(tmp_path, f"SELECT {column} FROM {table} WHERE {row}")
    for seed in range(5):
        edit(tmp_path, f"UPDATE {table} SET {column} = ? WHERE {row}", flipped(good, Random(seed)))
        verdict = verified(tmp_path)
        assert str(verdict.damage).startswith(named)
        assert verdict.remedy == EVIDENCE
        changed = flipped(good, Random(seed))
        where = f"{column} = ?" if column in ("seq", "key") else row
        edit(tmp_path, f"UPDATE {table} SET {column} = ? WHERE {where}", good, *([changed] if "?" in where else []))
    assert verified(tmp_path).damage is None


@on_a_loop
async def test_records_are_good_up_to_the_first_break(tmp_path: Path) -> None:
    await keep_a_journal(tmp_path)
    edit(tmp_path, "UPDATE record SET hash = zeroblob(32) WHERE seq IN (15, 20)")
    verdict = verified(tmp_path)
    assert (verdict.records, verdict.head.sequence, verdict.proofs) == (14, 14, 1)
    assert verdict.damage is not None
    assert verdict.damage.sequence == 15


BREAKS = {
    "a missing record": ("DELETE FROM record WHERE seq = 9", "record 10: it follows record 8, so record 9 is missing"),
    "a missing start": (
        "DELETE FROM record WHERE seq < 4",
        "record 4: it follows record 0, so records 1 to 3 are miss",
    ),
    "a missing end": (
        "DELETE FROM record WHERE seq > 19",
        "record 20 was acknowledged by the carrier, but the last one here is 19",
    ),
    "a stray private part": (
        "INSERT INTO private VALUES (99, x'00')",
        "record 99: its private part is there, and the ",
    ),
    "an unnamed private part": (
        "INSERT INTO private VALUES (9, x'00')",
        "record 9: a private part stands beside it th",
    ),
    "a missing private part": ("DELETE FROM private WHERE seq = 25", "record 25: its private part is missing, and no "),
}


@pytest.mark.parametrize(("sql", "named"), BREAKS.values(), ids=BREAKS)
@on_a_loop
async def test_what_is_missing_or_does_not_belong_is_named(tmp_path: Path, sql: str, named: str) -> None:
    await keep_a_journal(tmp_path)
    edit(tmp_path, sql)
    assert str(verified(tmp_path).damage).startswith(named)


@on_a_loop
async def test_swapped_records_are_named(tmp_path: Path) -> None:
    await keep_a_journal(tmp_path)
    edit(tmp_path, "UPDATE record SET seq = -1 WHERE seq = 14")
    edit(tmp_path, "UPDATE record SET seq = 14 WHERE seq = 15")
    edit(tmp_path, "UPDATE record SET seq = 15 WHERE seq = -1")
    assert str(verified(tmp_path).damage) == "record 14: its sequence is 15 where 14 belongs"


@on_a_loop
async def test_the_end_must_be_what_was_published(tmp_path: Path) -> None:
    state = await keep_a_journal(tmp_path)
    head = Head(state.sequence, value(tmp_path, "SELECT hash FROM record WHERE seq = 32"))
    assert verified(tmp_path, published=head).damage is None
    assert str(verified(tmp_path, published=Head(33, bytes(32))).damage) == (
        "record 33 was published, but the last one here is 32"
    )
    assert str(verified(tmp_path, published=Head(30, bytes(32))).damage) == (
        "record 30: the one that was published had another hash"
    )


@on_a_loop
async def test_a_truncated_database_is_named(tmp_path: Path) -> None:
    await keep_a_journal(tmp_path)
    path = database_path(tmp_path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    verdict = verified(tmp_path)
    assert "database" in str(verdict.damage)
    assert verdict.remedy == EVIDENCE


def _content(data_dir: Path) -> list[object]:
    connection = sqlite3.connect(database_path(data_dir))
    try:
        tables = ("meta", "record", "private", "cursor", "snapshot")
        return [connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in tables]
    finally:
        connection.close()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes, list[object]]:
    directory = tmp_path_factory.mktemp("kept")
    on_a_loop(lambda: _keep(directory))()
    return directory, database_path(directory).read_bytes(), _content(directory)


async def _keep(directory: Path) -> None:
    await keep_a_journal(directory)


@settings(max_examples=60)
@given(data=st.data())
def test_a_flipped_bit_anywhere_in_the_file_is_found_or_changed_nothing(
    kept: tuple[Path, bytes, list[object]], data: st.DataObject
) -> None:
    directory, good, content = kept
    raw = bytearray(good)
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    database_path(directory).write_bytes(raw)
    if _sees_no_damage(directory):
        assert _content(directory) == content


def _sees_no_damage(data_dir: Path) -> bool:
    try:
        return verify_journal(data_dir, SOFTWARE, KEYS.verify).damage is None
    except JournalRefused:
        return False
