"""Letting old records go, from the start of the chain, behind a signed name of the last one gone."""

import sqlite3
from bisect import bisect_left
from dataclasses import dataclass

from controller.contract.jose import Typ
from controller.contract.record import parse
from controller.domain.ids import WallMs
from controller.journal import reading
from controller.journal.chain import Head, Sign
from controller.journal.errors import Damage, JournalDamaged
from controller.journal.snapshot import name_of
from controller.journal.snapshot_claims import frozen_sequences
from controller.journal.snapshot_rows import private_sequences
from controller.journal.tables import Tables

PRUNED_AT_ONCE = 1000
"""Records in one transaction, so that no commit waits long behind it."""


@dataclass(frozen=True, slots=True)
class Pruning:
    """What may go."""

    first: int
    last: Head
    needed: frozenset[int]
    """Records whose private parts stay, because a kept snapshot needs them."""


def plan(connection: sqlite3.Connection, before: WallMs, cursor: int) -> Pruning | None:
    """The oldest records that may go, at most `PRUNED_AT_ONCE`; None when there are none.

    They are older than `before`, below the acknowledged `cursor` and below every kept snapshot.
    Raises `JournalDamaged` where they cannot be read.
    """
    kept = reading.snapshots(connection)
    first = reading.first(connection)
    if not kept or first == 0:
        return None
    end = min(cursor, kept[-1][0], first + PRUNED_AT_ONCE)
    count = bisect_left(range(first, end), before, key=lambda sequence: _wall(connection, sequence))
    if count == 0:
        return None
    last, hashed, _ = _row(connection, first + count - 1)
    return Pruning(first, Head(last, hashed), frozenset().union(*(_needed(row) for row in kept)))


def carry_out(tables: Tables, pruning: Pruning, stream: str, sign: Sign) -> int:
    """Delete what was planned; how many records went. Raises `DiskFull`, `CommitFailed`."""
    last = pruning.last
    name = (last.sequence, b"", sign(name_of(stream, last, b""), Typ.SNAPSHOT))
    with tables.unsynced(), tables.transaction() as connection:
        parts = connection.execute("SELECT seq FROM private WHERE seq <= ?", (last.sequence,)).fetchall()
        unneeded = [part for part in parts if part[0] not in pruning.needed]
        connection.executemany("DELETE FROM private WHERE seq = ?", unneeded)
        connection.execute("DELETE FROM record WHERE seq <= ?", (last.sequence,))
        connection.execute("DELETE FROM snapshot WHERE bytes = x''")
        connection.execute("INSERT INTO snapshot VALUES (?, ?, ?)", name)
    return last.sequence - pruning.first + 1


def _row(connection: sqlite3.Connection, sequence: int) -> reading.Row:
    rows = reading.records(connection, sequence, 1)
    if not rows or rows[0][0] != sequence:
        raise JournalDamaged(Damage(sequence, "it is missing"))
    return rows[0]


def _wall(connection: sqlite3.Connection, sequence: int) -> WallMs:
    _, _, raw = _row(connection, sequence)
    try:
        return parse(raw).stamp.wall
    except ValueError as error:
        raise JournalDamaged(Damage(sequence, f"it cannot be read ({error})")) from None


def _needed(row: reading.SnapshotRow) -> frozenset[int]:
    sequence, state, _ = row
    try:
        raw = state if isinstance(state, bytes) else b""
        return private_sequences(raw) | frozen_sequences(raw)
    except ValueError as error:
        raise JournalDamaged(Damage(sequence, f"the snapshot at it cannot be read ({error})")) from None
