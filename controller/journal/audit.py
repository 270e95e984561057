"""Walking the chain: every record against the one before, its private part against its digest, its proof."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field

from controller.contract.record import NotARecord, Record, digest, open_private
from controller.contract.wire_json import JsonObject
from controller.domain.events import Event, PrivateErased
from controller.journal import reading
from controller.journal.chain import Broken, Head, Verify, check_link, check_proof
from controller.journal.database import Identity
from controller.journal.errors import Damage
from controller.journal.reading import FullRow
from controller.journal.snapshot import check

_CHUNK = 500
ACKNOWLEDGED = "was acknowledged by the carrier"


class Broke(Exception):
    """The walk came to damage."""

    def __init__(self, damage: Damage) -> None:
        super().__init__(str(damage))
        self.damage = damage


@dataclass(slots=True)
class Walk:
    """One walk along the chain from `head` on."""

    identity: Identity
    verify: Verify
    head: Head
    records: int = 0
    proofs: int = 0
    missing: set[int] = field(default_factory=set)
    """Records whose private parts are not there; they must turn out to have been erased."""
    erased: set[int] = field(default_factory=set)

    def follow(self, connection: sqlite3.Connection) -> Iterator[list[tuple[Record, Event]]]:
        """Check the rest of the chain, a chunk at a time. Raises `Broke` at the first damage.

        Each chunk is read on its own, so that a long walk holds up no writer; what is pruned meanwhile is passed over.
        """
        while rows := reading.records_with_private(connection, self.head.sequence + 1, _CHUNK):
            if rows[0][0] != self.head.sequence + 1 and self._passed_over_pruned(connection):
                continue
            yield [self._step(row) for row in rows]
        self._settle_private(connection)

    def _step(self, row: FullRow) -> tuple[Record, Event]:
        sequence, hashed, raw, private = row
        try:
            record, head = check_link(self.head, self.identity.locker, self.identity.stream, sequence, hashed, raw)
            event = record.event(self._private(record, private))
            self.proofs += check_proof(record, self.verify)
        except (Broken, NotARecord) as error:
            raise Broke(Damage(sequence, str(error))) from None
        if isinstance(event, PrivateErased):
            self.erased.update(event.sequences)
        self.records += 1
        self.head = head
        return record, event

    def _private(self, record: Record, raw: object) -> JsonObject | None:
        named = record.private_digest
        if raw is None:
            if named is not None:
                self.missing.add(record.place.sequence)
            return None
        if named is None:
            raise Broken("a private part stands beside it that it does not name")
        if not isinstance(raw, bytes) or digest(raw) != named:
            raise Broken("its private part does not match the digest in it")
        return open_private(raw)

    def _settle_private(self, connection: sqlite3.Connection) -> None:
        unexplained = self.missing - self.erased
        if unexplained:
            what = "its private part is missing, and no record says that it was erased"
            raise Broke(Damage(min(unexplained), what))
        for sequence in sorted(self.erased):
            if reading.private_part(connection, sequence) is not None:
                raise Broke(Damage(sequence, "its private part is there, though a record says that it was erased"))

    def _passed_over_pruned(self, connection: sqlite3.Connection) -> bool:
        start = chain_start(connection, self.identity.stream, self.verify)
        if start.sequence <= self.head.sequence:
            return False
        self.head = start
        return True


def check_end(connection: sqlite3.Connection, known: Head, how: str) -> None:
    """Whether the journal goes as far as the record that others know; `how` they do. Raises `Broke`."""
    last = reading.last(connection).sequence
    if known.sequence > last:
        raise Broke(Damage(None, f"record {known.sequence} {how}, but the last one here is {last}"))


def chain_start(connection: sqlite3.Connection, stream: str, verify: Verify) -> Head:
    """The head before the first record that is kept. Raises `Broke`."""
    row = reading.pruned_name(connection)
    try:
        return Head() if row is None else check(row, stream, verify).head
    except Broken as error:
        raise Broke(Damage(None, f"what says where the kept records begin is damaged: {error}")) from None
