from pathlib import Path

import pytest
from support.journals import (
    LOCKER,
    SOFTWARE,
    STREAM,
    Recorder,
    beginning,
    deposit,
    edit,
    keep_a_journal,
    opened,
    verify,
)
from support.on_a_loop import on_a_loop

from controller.contract.jose import Typ
from controller.contract.record import parse
from controller.domain.ids import ParcelId
from controller.journal.database import Identity
from controller.journal.errors import JournalDamaged, JournalRefused
from controller.journal.export import export_proofs, export_records
from controller.journal.files import database_path
from controller.journal.stats import journal_stats


@on_a_loop
async def test_records_come_out_byte_for_byte_and_one_a_line(tmp_path: Path) -> None:
    recorder = Recorder.on(opened(tmp_path))
    sealed = recorder.seal(*beginning(), *deposit(1))
    recorder.journal.sealer.rewind(type(recorder.journal.sealer.head)())
    await recorder.record(*beginning(), *deposit(1))
    assert list(export_records(tmp_path)) == [record.bytes for record in sealed]
    assert list(export_records(tmp_path, since=10)) == [record.bytes for record in sealed[9:]]
    assert list(export_records(tmp_path, since=12)) == []
    assert not any(b"\n" in record.bytes for record in sealed)
    recorder.journal.let_go()


@on_a_loop
async def test_the_proofs_of_one_parcel_come_out_alone(tmp_path: Path) -> None:
    await keep_a_journal(tmp_path)
    proofs = [parse(raw) for raw in export_proofs(tmp_path, ParcelId("acme/P1"))]
    assert [proof.name for proof in proofs] == ["custody.stored", "custody.collected"]
    assert all(proof.proof and verify(proof.proof, Typ.PROOF) == proof.payload for proof in proofs)
    assert list(export_proofs(tmp_path, ParcelId("acme/P"))) == []


def test_where_there_is_no_journal_nothing_comes_out(tmp_path: Path) -> None:
    with pytest.raises(JournalRefused, match="There is no journal in"):
        list(export_records(tmp_path))
    with pytest.raises(JournalRefused, match="There is no journal in"):
        journal_stats(tmp_path, SOFTWARE)
    assert list(tmp_path.iterdir()) == []


@on_a_loop
async def test_the_figures_of_a_journal(tmp_path: Path) -> None:
    await keep_a_journal(tmp_path)
    sizes = [len(raw) for raw in export_records(tmp_path)]
    stats = journal_stats(tmp_path, SOFTWARE)
    assert stats.identity == Identity(LOCKER, STREAM)
    assert (stats.records, stats.record_bytes) == (32, sum(sizes))
    assert stats.file_bytes == database_path(tmp_path).stat().st_size
    assert (stats.first_sequence, stats.last_sequence) == (1, 32)
    assert (stats.first_time, stats.last_time) == ("2026-11-23T02:13:21.000Z", "2026-11-23T02:13:52.000Z")
    assert list(stats.by_type.items())[:2] == [("locker.door.closed.v1", 3), ("locker.door.opened.v1", 3)]
    assert sum(stats.by_type.values()) == 32
    assert (stats.private_parts, stats.snapshots) == (1, 2)
    assert (stats.cursor, stats.unacknowledged) == (20, 12)


def test_an_empty_journal_has_figures_too(tmp_path: Path) -> None:
    opened(tmp_path).let_go()
    stats = journal_stats(tmp_path, SOFTWARE)
    assert (stats.records, stats.first_time, stats.last_sequence, stats.by_type) == (0, None, 0, {})


@on_a_loop
async def test_figures_need_records_that_can_be_read(tmp_path: Path) -> None:
    await keep_a_journal(tmp_path)
    edit(tmp_path, "UPDATE record SET bytes = x'00' WHERE seq = 9")
    with pytest.raises(JournalDamaged, match="malformed JSON"):
        journal_stats(tmp_path, SOFTWARE)
