"""What the journal's tables say, by any connection. Rows are as stored: nothing is checked here."""

import sqlite3

from controller.journal.chain import Head

Row = tuple[int, bytes, bytes]
"""`(seq, hash, bytes)` of one record."""
FullRow = tuple[int, object, object, object]
"""The same with the bytes of the private part, where there is one."""
SnapshotRow = tuple[int, object, object]
"""`(seq, state, JWS of its name)`; where the state is empty, only the head is named."""


def tables(connection: sqlite3.Connection) -> tuple[str, ...]:
    """How each table was made, in the order they were."""
    return tuple(sql for (sql,) in connection.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL"))


def records(connection: sqlite3.Connection, from_sequence: int, limit: int) -> list[Row]:
    """Up to `limit` records from `from_sequence` on."""
    query = "SELECT seq, hash, bytes FROM record WHERE seq >= ? ORDER BY seq LIMIT ?"
    return connection.execute(query, (from_sequence, limit)).fetchall()


def records_with_private(connection: sqlite3.Connection, from_sequence: int, limit: int) -> list[FullRow]:
    """The same with the private parts, both as one moment saw them."""
    query = (
        "SELECT record.seq, record.hash, record.bytes, private.bytes FROM record LEFT JOIN private USING (seq) "
        "WHERE record.seq >= ? ORDER BY record.seq LIMIT ?"
    )
    return connection.execute(query, (from_sequence, limit)).fetchall()


def private_part(connection: sqlite3.Connection, sequence: int) -> bytes | None:
    """The bytes of one private part, None where it was erased or never was."""
    row = connection.execute("SELECT bytes FROM private WHERE seq = ?", (sequence,)).fetchone()
    return None if row is None else row[0]


def first(connection: sqlite3.Connection) -> int:
    """The sequence of the first record that is kept; 0 where there is none."""
    (sequence,) = connection.execute("SELECT min(seq) FROM record").fetchone()
    return sequence or 0


def last(connection: sqlite3.Connection) -> Head:
    """The end of the chain; sequence 0 where there is no record."""
    row = connection.execute("SELECT seq, hash FROM record ORDER BY seq DESC LIMIT 1").fetchone()
    return Head() if row is None else Head(*row)


def cursor(connection: sqlite3.Connection) -> Head:
    """The last record that is known to be acknowledged; sequence 0 where there is none."""
    row = connection.execute("SELECT seq, coalesce(head, x'') FROM cursor ORDER BY seq DESC LIMIT 1").fetchone()
    return Head() if row is None else Head(*row)


def snapshots(connection: sqlite3.Connection) -> list[SnapshotRow]:
    """Those with a state, the newest first."""
    return connection.execute("SELECT seq, bytes, jws FROM snapshot WHERE bytes != x'' ORDER BY seq DESC").fetchall()


def pruned_name(connection: sqlite3.Connection) -> SnapshotRow | None:
    """The name without a state that stands for all records up to it, where records were pruned."""
    query = "SELECT seq, bytes, jws FROM snapshot WHERE bytes = x'' ORDER BY seq DESC LIMIT 1"
    row: SnapshotRow | None = connection.execute(query).fetchone()
    return row


def private_without_record(connection: sqlite3.Connection) -> list[int]:
    """Sequences of private parts whose records are not here."""
    query = "SELECT seq FROM private WHERE seq NOT IN (SELECT seq FROM record) ORDER BY seq"
    return [sequence for (sequence,) in connection.execute(query)]
