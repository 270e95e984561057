"""A real process writes a real journal and is killed with -9 in the middle of it."""

import random
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from support.journals import opened, verified

from controller.contract.record import parse
from controller.domain.state import State
from controller.journal.export import export_records
from controller.journal.files import database_path

KILLS = 4
ENDS_OF_BATCHES = {"config.applied", "code.issued", "private.erased"}

WRITER = """
import asyncio, sys
from pathlib import Path
from controller.domain import events as ev
from controller.journal.database import Disk
from controller.journal.writer import Writer
from support.journals import Recorder, beginning, collection, deposit, opened

async def write(data_dir):
    recorder = Recorder.on(opened(data_dir, Disk(wal_bytes=64 * 1024, ballast_bytes=0), Writer))
    if recorder.state.sequence == 0:
        await recorder.record(*beginning())
    n = recorder.state.sequence
    while True:
        await recorder.record(*deposit(n))
        print(recorder.state.sequence, flush=True)
        issued = recorder.state.sequence
        recorder.journal.store.save_cursor(issued)
        await recorder.record(*collection(n), ev.PrivateErased(sequences=(issued,), reason="collected"))
        print(recorder.state.sequence, flush=True)
        if n % 5 == 0:
            await recorder.snapshot()
        n += 1

asyncio.run(write(Path(sys.argv[1])))
"""


def killed_after(data_dir: Path, acknowledgements: int) -> int:
    """Let the writer write until it was told so many times that a batch is durable; the last sequence it was told."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, data_dir], stdout=subprocess.PIPE, env={"PYTHONPATH": ":".join(sys.path)}
    )
    assert writer.stdout is not None
    acknowledged = [writer.stdout.readline() for _ in range(acknowledgements)]
    writer.kill()
    acknowledged += writer.communicate()[0].splitlines()
    return int(acknowledged[-1])


def folded_whole(data_dir: Path, copy: Path) -> State:
    """The fold of all records, as if no snapshot had ever been taken."""
    shutil.copytree(data_dir, copy)
    connection = sqlite3.connect(database_path(copy), isolation_level=None)
    connection.execute("DELETE FROM snapshot")
    connection.close()
    journal = opened(copy)
    journal.let_go()
    return journal.state


@pytest.mark.parametrize("seed", range(2))
def test_what_was_acknowledged_is_there_and_nothing_is_there_by_half(tmp_path: Path, seed: int) -> None:
    chance, data_dir = random.Random(seed), tmp_path / "data"
    for kill in range(KILLS):
        acknowledged = killed_after(data_dir, chance.randrange(2, 30))
        journal = opened(data_dir)
        state, cursor = journal.state, journal.cursor
        journal.let_go()
        assert journal.damage == ()
        assert state.sequence >= acknowledged >= cursor
        assert parse(list(export_records(data_dir))[-1]).name in ENDS_OF_BATCHES
        assert folded_whole(data_dir, tmp_path / f"copy-{kill}") == state
        assert verified(data_dir).damage is None
