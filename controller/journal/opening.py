"""Opening the journal at start: checked first without touching it, folded into the state, then ready to be written."""

import sqlite3
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from controller.contract.jose import Typ
from controller.domain.evolve import evolve
from controller.domain.state import State
from controller.journal import reading
from controller.journal.audit import ACKNOWLEDGED, Broke, Walk, chain_start, check_end
from controller.journal.chain import Broken, Head, Sealer, Sign, Signatures, Verify
from controller.journal.database import (
    Disk,
    Identity,
    connect_reader,
    create,
    explained,
    identity_of,
    looking_into,
)
from controller.journal.errors import Damage, JournalDamaged, JournalRefused
from controller.journal.files import DirectoryLock, database_path, holds_frames, wal_path
from controller.journal.journal import Journal
from controller.journal.snapshot import check
from controller.journal.snapshot_rows import restore
from controller.journal.store import Runner, Store
from controller.journal.tables import Tables
from controller.journal.writer import Writer

ON_DISK = Disk()


@dataclass(frozen=True, slots=True)
class _Start:
    """Where folding begins."""

    head: Head
    state: State
    lost: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """What stands in a journal that may be opened."""

    identity: Identity
    state: State
    head: Head
    cursor: int
    damage: tuple[Damage, ...]
    snapshot_at: int


def open_journal(
    data_dir: Path,
    locker: str,
    software: str,
    keys: Signatures,
    new_stream: Callable[[], str],
    disk: Disk = ON_DISK,
    runner: Callable[[], Runner] = Writer,
) -> Journal:
    """Open the journal in `data_dir`, or make one; `new_stream` gives 32 fresh random hex digits.

    Everything from the last good snapshot on is verified and folded. Raises `JournalRefused` where another process has
    the directory or newer software made it, and `JournalDamaged` where the state would depend on damaged records; both
    leave everything as it is. `disk` and `runner` differ for a locker on virtual time alone.
    """
    with explained(data_dir), ExitStack() as undo:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = DirectoryLock(data_dir)
        undo.callback(lock.release)
        if not database_path(data_dir).exists():
            _make(data_dir, Identity(locker, new_stream()))
        found = _inspect(data_dir, locker, software, keys.verify)
        sealer = Sealer(found.identity.stream, locker, found.head, partial(_prove, keys.sign))
        store = Store(Tables(data_dir, disk), runner())
        undo.pop_all()
    return Journal(data_dir, store, sealer, found.state, found.cursor, found.damage, found.snapshot_at, keys, lock)


def read_state(data_dir: Path, software: str, verify: Verify) -> State:
    """The state that a journal tells of, whether its locker runs or not; nothing is changed.

    What follows the last good snapshot is verified. Raises `JournalRefused` where there is no journal or newer software
    made it, `JournalDamaged`.
    """
    try:
        with looking_into(data_dir) as connection:
            return _fold(connection, identity_of(connection, data_dir, software), verify).state
    except Broke as broke:
        raise JournalDamaged(broke.damage) from broke


def _prove(sign: Sign, payload: bytes) -> str:
    return sign(payload, Typ.PROOF)


def _make(data_dir: Path, identity: Identity) -> None:
    database = database_path(data_dir)
    wal = wal_path(database)
    if holds_frames(wal):
        raise JournalRefused(
            f"{database} is missing, but {wal.name}, which belongs to it, is there.",
            "Put the database back, or restore a backup; nothing was changed.",
        )
    create(data_dir, identity)


def _inspect(data_dir: Path, locker: str, software: str, verify: Verify) -> _Found:
    try:
        with closing(connect_reader(data_dir, alone=True)) as connection:
            identity = identity_of(connection, data_dir, software)
            if identity.locker != locker:
                raise JournalRefused(
                    f"The journal in {data_dir} is that of locker {identity.locker}, not of {locker}.",
                    "Correct locker.id or locker.data_dir in the configuration; nothing was changed.",
                )
            return _fold(connection, identity, verify)
    except Broke as broke:
        raise JournalDamaged(broke.damage) from broke


def _fold(connection: sqlite3.Connection, identity: Identity, verify: Verify) -> _Found:
    damage: list[Damage] = []
    cursor = _cursor(connection, damage)
    start = _start(connection, identity, verify, damage)
    state = start.state
    walk = Walk(identity, verify, start.head)
    for chunk in walk.follow(connection):
        for record, event in chunk:
            state = evolve(state, event, record.stamp)
    gone = [sequence for sequence in start.lost if sequence not in walk.erased]
    damage += [
        Damage(sequence, "its private part, which held a code or a note, is gone or damaged") for sequence in gone
    ]
    return _Found(identity, state, walk.head, cursor, tuple(damage), start.head.sequence)


def _start(connection: sqlite3.Connection, identity: Identity, verify: Verify, damage: list[Damage]) -> _Start:
    """The newest good snapshot, or the start of the stream where no record was pruned."""
    for row in reading.snapshots(connection):
        try:
            kept = check(row, identity.stream, verify)
            restored = restore(kept.state, partial(reading.private_part, connection))
        except (Broken, ValueError) as error:
            damage.append(Damage(row[0], f"the snapshot at it is not good: {error}"))
            continue
        damage += _misplaced(connection, kept.head)
        return _Start(kept.head, restored.state, restored.lost)
    first = chain_start(connection, identity.stream, verify)
    if first.sequence:
        raise Broke(Damage(None, f"no snapshot can be read, and the records up to {first.sequence} were pruned"))
    return _Start(Head(), State(), ())


def _misplaced(connection: sqlite3.Connection, head: Head) -> list[Damage]:
    """Whether the record that a good snapshot was taken at is still the one it was."""
    stored = reading.records(connection, head.sequence, 1)
    if stored and (stored[0][0], stored[0][1]) == (head.sequence, head.hash):
        return []
    return [Damage(head.sequence, "it is missing, or not the one that the snapshot at it was taken at")]


def _cursor(connection: sqlite3.Connection, damage: list[Damage]) -> int:
    """The last acknowledged record. A damaged one counts as none: records are published again, that is all."""
    cursor = reading.cursor(connection)
    check_end(connection, cursor, ACKNOWLEDGED)
    if cursor.sequence and _misplaced(connection, cursor):
        damage.append(Damage(cursor.sequence, "the cursor stands at it with another hash than its own"))
        return 0
    return cursor.sequence
