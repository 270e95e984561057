"""Taking records out, byte for byte, whether the locker runs or not."""

from collections.abc import Iterator
from pathlib import Path

from controller.contract.wire_json import dumps
from controller.domain.events import AuditFinished
from controller.domain.ids import ParcelId
from controller.domain.naming import carrier_of, name_of
from controller.journal import reading
from controller.journal.database import looking_into

_CHUNK = 500


def export_records(data_dir: Path, since: int = 1) -> Iterator[bytes]:
    """The exact bytes of each record from `since` on, in order; with a line end after each they are JSON lines.

    Nothing is verified. Raises `JournalRefused` where there is no journal that can be read.
    """
    with looking_into(data_dir) as connection:
        while rows := reading.records(connection, since, _CHUNK):
            yield from (raw for _, _, raw in rows)
            since = rows[-1][0] + 1


def export_stocktakings(data_dir: Path) -> Iterator[bytes]:
    """The exact bytes of the signed records of what each stock-taking came to. Raises as `export_records` does."""
    name = b'"type":"locker.%b.v1"' % AuditFinished.NAME.encode()
    return (raw for raw in export_records(data_dir) if name in raw)


def export_proofs(data_dir: Path, parcel: ParcelId) -> Iterator[bytes]:
    """The exact bytes of the records that prove what became of one parcel. Raises as `export_records` does."""
    named, whose = b'"parcel":%b,' % dumps(name_of(parcel)), b'"carrier":%b' % dumps(carrier_of(parcel))
    return (raw for raw in export_records(data_dir) if b',"proof":"' in raw and named in raw and whose in raw)
