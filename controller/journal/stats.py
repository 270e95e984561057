"""What a journal holds, in figures."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from controller.journal import reading
from controller.journal.database import Identity, identity_of, looking_into
from controller.journal.files import database_path

_RECORD_BYTES = "SELECT count(*), coalesce(sum(length(bytes)), 0) FROM record"
_BY_TYPE = (
    "SELECT json_extract(CAST(bytes AS TEXT), '$.type') AS type, count(*) FROM record GROUP BY type ORDER BY 2 DESC, 1"
)
_TIME = "SELECT json_extract(CAST(bytes AS TEXT), '$.time') FROM record WHERE seq = ?"
_SPARE = "SELECT (SELECT count(*) FROM private), (SELECT count(*) FROM snapshot WHERE bytes != x'')"


@dataclass(frozen=True, slots=True)
class Stats:
    """Figures of one journal. Nothing of it is verified."""

    identity: Identity
    records: int
    record_bytes: int
    """Of the records themselves."""
    file_bytes: int
    """Of the database, without what was committed of late."""
    first_sequence: int
    last_sequence: int
    first_time: str | None
    """RFC 3339; None where there is no record."""
    last_time: str | None
    by_type: dict[str, int]
    """How many of each record type, the most frequent first."""
    private_parts: int
    snapshots: int
    cursor: int
    """The last record that the carrier is known to have; 0 for none."""
    unacknowledged: int


def journal_stats(data_dir: Path, software: str) -> Stats:
    """Count through the journal in `data_dir`. Raises `JournalRefused`, `JournalDamaged`."""
    with looking_into(data_dir) as connection:
        identity = identity_of(connection, data_dir, software)
        records, record_bytes = connection.execute(_RECORD_BYTES).fetchone()
        first, last = reading.first(connection), reading.last(connection).sequence
        private_parts, snapshots = connection.execute(_SPARE).fetchone()
        cursor = reading.cursor(connection).sequence
        return Stats(
            identity=identity,
            records=records,
            record_bytes=record_bytes,
            file_bytes=database_path(data_dir).stat().st_size,
            first_sequence=first,
            last_sequence=last,
            first_time=_time(connection, first),
            last_time=_time(connection, last),
            by_type=dict(connection.execute(_BY_TYPE)),
            private_parts=private_parts,
            snapshots=snapshots,
            cursor=cursor,
            unacknowledged=last - cursor,
        )


def _time(connection: sqlite3.Connection, sequence: int) -> str | None:
    row = connection.execute(_TIME, (sequence,)).fetchone()
    return None if row is None else row[0]
