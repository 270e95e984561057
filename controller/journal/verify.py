"""Verifying a journal from outside, whether its locker runs or not: all of it, and without changing anything."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from controller.journal import reading
from controller.journal.audit import ACKNOWLEDGED, Broke, Walk, chain_start, check_end
from controller.journal.chain import Broken, Head, Verify
from controller.journal.database import TABLES, Identity, identity_of, looking_into
from controller.journal.errors import Damage, JournalDamaged
from controller.journal.snapshot import check
from controller.journal.snapshot_rows import private_sequences, restore

EVIDENCE = "Keep a copy of the data directory as evidence, then restore a backup or begin a new stream."


Report = Callable[[int, int], None]
"""Called with the records checked so far and how many there are."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What a verification saw."""

    identity: Identity | None
    first: int
    """The first record kept; 0 where there is none."""
    head: Head
    """The last record found good."""
    records: int
    """How many were found good."""
    proofs: int
    snapshots: int
    damage: Damage | None
    """The first break."""
    remedy: str
    """What to do about it."""


def verify_journal(
    data_dir: Path, software: str, verify: Verify, report: Report | None = None, published: Head | None = None
) -> Verified:
    """Check every hash, link, sequence, stream, private part, proof and snapshot, and the end against the cursor.

    `published` is the head that the locker last told the world, where that is known. Damage is in the result. Raises
    `JournalRefused` where there is no journal, or one that cannot be read for another reason than damage.
    """
    verification = _Verification(software, verify, report or _unheard)
    damage = None
    try:
        with looking_into(data_dir) as connection:
            verification.check_all(connection, data_dir, published)
    except (Broke, JournalDamaged) as broke:
        damage = broke.damage
    return verification.result(damage)


class _Verification:
    def __init__(self, software: str, verify: Verify, report: Report) -> None:
        self._software = software
        self._verify = verify
        self._report = report
        self._identity: Identity | None = None
        self._first = 0
        self._walk: Walk | None = None
        self._snapshots = 0

    def result(self, damage: Damage | None) -> Verified:
        walk = self._walk
        return Verified(
            identity=self._identity,
            first=self._first,
            head=walk.head if walk else Head(),
            records=walk.records if walk else 0,
            proofs=walk.proofs if walk else 0,
            snapshots=self._snapshots,
            damage=damage,
            remedy=EVIDENCE if damage else "",
        )

    def check_all(self, connection: sqlite3.Connection, data_dir: Path, published: Head | None) -> None:
        self._identity = identity = identity_of(connection, data_dir, self._software)
        (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        if verdict != "ok":
            raise Broke(Damage(None, f"the database file itself: {verdict}"))
        if reading.tables(connection) != TABLES:
            raise Broke(Damage(None, "the tables in the database file are not those of a journal"))
        known = {ACKNOWLEDGED: reading.cursor(connection), "was published": published or Head()}
        for how, head in known.items():
            check_end(connection, head, how)
        self._first = reading.first(connection)
        walk = self._walk = Walk(identity, self._verify, chain_start(connection, identity.stream, self._verify))
        for _ in walk.follow(connection):
            self._report(walk.records, reading.last(connection).sequence - self._first + 1)
        needed = self._check_snapshots(connection, walk)
        self._check_orphans(connection, needed)
        for how, head in known.items():
            self._check_known(connection, head, how)

    def _check_snapshots(self, connection: sqlite3.Connection, walk: Walk) -> frozenset[int]:
        """Whether each is good and was taken at its record; the private parts they need."""
        needed: frozenset[int] = frozenset()
        for row in reading.snapshots(connection):
            try:
                kept = check(row, walk.identity.stream, self._verify)
                lost = restore(kept.state, partial(reading.private_part, connection)).lost
            except (Broken, ValueError) as error:
                raise Broke(Damage(row[0], f"the snapshot at it is not good: {error}")) from None
            self._check_known(connection, kept.head, "is the one a snapshot was taken at")
            for sequence in lost:
                if sequence not in walk.erased:
                    raise Broke(Damage(sequence, "its private part, which held a code or a note, is gone or damaged"))
            needed |= private_sequences(kept.state)
            self._snapshots += 1
        return needed

    def _check_orphans(self, connection: sqlite3.Connection, needed: frozenset[int]) -> None:
        for sequence in reading.private_without_record(connection):
            if sequence > self._first or sequence not in needed:
                raise Broke(Damage(sequence, "its private part is there, and the record is not"))

    def _check_known(self, connection: sqlite3.Connection, head: Head, what: str) -> None:
        """Whether the record that others know as `head` is still that one."""
        if head.sequence == 0:
            return
        stored = reading.records(connection, head.sequence, 1)
        if not stored or stored[0][0] != head.sequence:
            last = reading.last(connection).sequence
            raise Broke(Damage(head.sequence, f"it {what}, and is not here; the last one is {last}"))
        if stored[0][1] != head.hash:
            raise Broke(Damage(head.sequence, f"the one that {what} had another hash"))


def _unheard(checked: int, of: int) -> None:
    """Nobody follows the progress."""
