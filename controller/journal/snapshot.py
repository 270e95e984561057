"""Snapshots: the state at one record, kept under a name that the device signs.

The name is `{stream, seq, head, schema, sha256}`. After pruning, a name without a state stays behind: its head is the
`prevhash` of the first record that is kept.
"""

from dataclasses import dataclass
from functools import partial

from controller.contract.jose import NotTrusted, Typ
from controller.contract.record import digest
from controller.contract.wire_json import dumps, loads_object
from controller.domain.state import State
from controller.journal.chain import Broken, Head, Sign, Verify
from controller.journal.database import SCHEMA
from controller.journal.reading import SnapshotRow, private_part
from controller.journal.snapshot_rows import take
from controller.journal.tables import Tables

KEPT_SNAPSHOTS = 2
SNAPSHOT_EVERY = 1000
"""Records between two snapshots, besides the one at a clean stop."""
_DROP_OLD = (
    "DELETE FROM snapshot WHERE bytes != x'' AND seq NOT IN "
    "(SELECT seq FROM snapshot WHERE bytes != x'' ORDER BY seq DESC LIMIT ?)"
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot whose name was found to be the device's, and to be that of its state."""

    head: Head
    state: bytes
    """What `snapshot_rows.restore` reads; empty where only the head is kept."""


def save(tables: Tables, state: State, stream: str, sign: Sign) -> None:
    """Keep a snapshot of `state`, whose records are committed. It is durable with the next commit.

    Raises `DiskFull`, `CommitFailed`.
    """
    with tables.unsynced(), tables.transaction() as connection:
        raw = take(state, partial(private_part, connection))
        (head,) = connection.execute("SELECT hash FROM record WHERE seq = ?", (state.sequence,)).fetchone()
        name = name_of(stream, Head(state.sequence, head), raw)
        row = (state.sequence, raw, sign(name, Typ.SNAPSHOT))
        connection.execute("INSERT OR REPLACE INTO snapshot VALUES (?, ?, ?)", row)
        connection.execute(_DROP_OLD, (KEPT_SNAPSHOTS,))


def name_of(stream: str, head: Head, state: bytes) -> bytes:
    """What the device signs of a snapshot."""
    members = {"stream": stream, "seq": str(head.sequence), "head": head.hash.hex(), "schema": SCHEMA}
    return dumps(members | {"sha256": digest(state).hex()})


def check(row: SnapshotRow, stream: str, verify: Verify) -> Snapshot:
    """The snapshot in a stored row. Raises `Broken` where it is not what the device signed."""
    sequence, state, jws = row
    if not isinstance(state, bytes) or not isinstance(jws, str):
        raise Broken("the snapshot's row holds no snapshot")
    try:
        name = verify(jws, Typ.SNAPSHOT)
        head = bytes.fromhex(str(loads_object(name).get("head")))
    except (NotTrusted, ValueError) as error:
        raise Broken(f"the snapshot's signature is not good ({error})") from None
    snapshot = Snapshot(Head(sequence, head), state)
    if name != name_of(stream, snapshot.head, state):
        raise Broken("the snapshot is not the one that was signed")
    return snapshot
