"""A locker's journal as an outsider with SQLite reads it, whether its process runs, was stopped or was killed."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

from controller.contract.device_keys import DeviceKeys
from controller.contract.jose import Typ, verify
from controller.contract.record import open_private, parse
from controller.domain.evolve import evolve
from controller.domain.state import State
from controller.journal.verify import Verified, verify_journal


def exists(data_dir: Path) -> bool:
    """Whether there is a journal."""
    return (data_dir / "journal.db").exists()


def rows(data_dir: Path, after: int = 0) -> list[tuple[int, bytes]]:
    """Every committed record after the one of this sequence; none where there is no journal yet."""
    return [(sequence, raw) for sequence, raw, _ in _read(data_dir, after)]


def records(data_dir: Path, name: str | None = None) -> list[dict[str, Any]]:
    """The records as plain JSON, those of one event (`area.what`) alone where it is named."""
    found = [json.loads(raw) for _, raw in rows(data_dir)]
    return [record for record in found if name is None or record["type"] == f"locker.{name}.v1"]


def names(data_dir: Path) -> list[str]:
    """What happened, in order, without the decoration around it."""
    return [record["type"].removeprefix("locker.").removesuffix(".v1") for record in records(data_dir)]


def last_sequence(data_dir: Path) -> int:
    """The sequence of the last record, 0 for none."""
    if not exists(data_dir):
        return 0
    with closing(_connect(data_dir)) as connection:
        (sequence,) = connection.execute("SELECT coalesce(max(seq), 0) FROM record").fetchone()
    return int(sequence)


def folded(data_dir: Path) -> State:
    """The state that follows from the records and from nothing else."""
    state = State()
    for _, raw, private in _read(data_dir, 0):
        record = parse(raw)
        event = record.event(None if private is None else open_private(private))
        state = evolve(state, event, record.stamp)
    return state


def verified(data_dir: Path) -> Verified:
    """What `locker journal verify` finds, without its second of start-up."""
    keys = DeviceKeys.load_or_create(data_dir / "keys")

    def check(token: str, typ: Typ) -> bytes:
        return verify(token, typ, keys.verifying)[0]

    return verify_journal(data_dir, "test", check)


def snapshot_sequences(data_dir: Path) -> list[int]:
    """At which records a snapshot is kept."""
    with closing(_connect(data_dir)) as connection:
        return [sequence for (sequence,) in connection.execute("SELECT seq FROM snapshot ORDER BY seq")]


def _connect(data_dir: Path) -> sqlite3.Connection:
    path = quote(str(data_dir / "journal.db"))
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30, isolation_level=None)


def _read(data_dir: Path, after: int) -> list[tuple[int, bytes, bytes | None]]:
    if not exists(data_dir):
        return []
    query = (
        "SELECT record.seq, record.bytes, private.bytes FROM record LEFT JOIN private USING (seq) "
        "WHERE record.seq > ? ORDER BY record.seq"
    )
    with closing(_connect(data_dir)) as connection:
        return connection.execute(query, (after,)).fetchall()
