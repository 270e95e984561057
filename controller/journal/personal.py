"""Which records of the journal have private parts about one parcel, recipient or driver."""

import sqlite3
from collections.abc import Iterator
from dataclasses import fields
from itertools import islice
from pathlib import Path

from controller.contract.record import parse
from controller.contract.wire_json import JsonObject, dumps
from controller.domain.events import EVENTS, PreferenceChanged
from controller.domain.ids import Reference, WallMs
from controller.journal.database import looking_into

NOTED = frozenset(
    name
    for name, event in EVENTS.items()
    if event is not PreferenceChanged
    for field in fields(event)
    if (field.name, field.metadata.get("private")) == ("note", True)
)
"""Records beside which somebody's reason may stand."""
MOST_NOTES = 500
_OF_A_CARRIER = ("parcel", "found", "driver")
"""What each carrier names for itself."""
_WITH_PRIVATE = "SELECT seq, record.bytes FROM record JOIN private USING (seq) ORDER BY record.seq"
_OF_RECIPIENT = "SELECT bytes FROM record WHERE instr(bytes, ?) > 0 ORDER BY seq"


def find_private(data_dir: Path, reference: Reference) -> dict[int, str]:
    """Their sequences, each with the type of its record; whether a locker runs there or not.

    Raises `JournalDamaged`, `JournalRefused`.
    """
    with looking_into(data_dir) as connection:
        names = {reference, *_parcels_of(connection, reference)}
        found = ((sequence, parse(raw)) for sequence, raw in connection.execute(_WITH_PRIVATE))
        return {sequence: record.name for sequence, record in found if not names.isdisjoint(_named(record.data))}


def find_notes(data_dir: Path, before: WallMs) -> tuple[int, ...]:
    """Records older than `before` with a note of an operator or technician beside them; a few hundred at once.

    Raises `JournalDamaged`, `JournalRefused`.
    """
    with looking_into(data_dir) as connection:
        found = ((sequence, parse(raw)) for sequence, raw in connection.execute(_WITH_PRIVATE))
        old = (sequence for sequence, record in found if record.name in NOTED and record.stamp.wall < before)
        return tuple(islice(old, MOST_NOTES))


def _parcels_of(connection: sqlite3.Connection, recipient: Reference) -> Iterator[str]:
    member = b'"recipient":' + dumps(recipient)
    for record in (parse(raw) for (raw,) in connection.execute(_OF_RECIPIENT, (member,))):
        if record.data.get("recipient") == recipient and isinstance(parcel := record.data.get("parcel"), str):
            yield f"{record.data.get('carrier') or ''}/{parcel}"


def _named(data: JsonObject) -> Iterator[str]:
    """Whom and what a record is about; parcels and drivers by the name that is the carrier's own, and by both."""
    if isinstance(recipient := data.get("recipient"), str):
        yield recipient
    several = data.get("parcels")
    for name in (*map(data.get, _OF_A_CARRIER), *(several if isinstance(several, list) else ())):
        if isinstance(name, str):
            yield from (name, f"{data.get('carrier') or ''}/{name}")
