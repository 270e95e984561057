"""What was given for one parcel and lies encrypted beside the journal: which file it is, and how to know it again."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from controller.contract.record import Record, open_private, parse
from controller.contract.wire_json import JsonObject
from controller.domain.ids import FileId, ParcelId
from controller.domain.naming import carrier_of, name_of
from controller.domain.rules import Evidence
from controller.journal import reading
from controller.journal.database import looking_into
from controller.journal.export import export_records

_LEFT_BEHIND = {"recipient.signed": Evidence.SIGNATURE.value}
"""Records that tell of a file, and what it is evidence of."""


@dataclass(frozen=True, slots=True)
class KeptEvidence:
    """One file, as its record tells of it."""

    name: str
    """What it is evidence of: `signature`."""
    sequence: int
    file: FileId
    sha256: str
    """Of the salt and what the file holds."""
    salt: bytes | None
    """None once it was erased, and the file with it."""
    proven_by: tuple[int, ...]
    """The signed records that name this digest."""


def kept_evidence(data_dir: Path, parcel: ParcelId) -> list[KeptEvidence]:
    """All of one parcel, in order. Nothing of the journal is verified. Raises `JournalRefused`, `NotARecord`."""
    records = [parse(raw) for raw in export_records(data_dir) if name_of(parcel).encode() in raw]
    named = [(each.place.sequence, digest) for each in records for digest in _digests(each, parcel)]
    with looking_into(data_dir) as connection:
        found = [
            (each, reading.private_part(connection, each.place.sequence)) for each in records if _is_about(each, parcel)
        ]
    return [_kept(record, private, named) for record, private in found]


def _is_about(record: Record, parcel: ParcelId) -> bool:
    parcels = record.data.get("parcels")
    if record.name not in _LEFT_BEHIND or not isinstance(parcels, list):
        return False
    return name_of(parcel) in parcels and record.data.get("carrier") == carrier_of(parcel)


def _digests(record: Record, parcel: ParcelId) -> Iterator[str]:
    evidence = record.data.get("evidence")
    digests = evidence.get("digests") if isinstance(evidence, dict) else None
    named = (record.data.get("carrier"), record.data.get("parcel")) == (carrier_of(parcel), name_of(parcel))
    if record.proof is None or not named or not isinstance(digests, list):
        return
    yield from (str(each.get("sha256")) for each in digests if isinstance(each, dict))


def _kept(record: Record, private: bytes | None, named: list[tuple[int, str]]) -> KeptEvidence:
    erasable: JsonObject = {} if private is None else open_private(private)
    salt, sha256 = erasable.get("salt"), str(record.data.get("sha256"))
    return KeptEvidence(
        name=_LEFT_BEHIND[record.name],
        sequence=record.place.sequence,
        file=FileId(str(record.data.get("file"))),
        sha256=sha256,
        salt=bytes.fromhex(salt) if isinstance(salt, str) else None,
        proven_by=tuple(sequence for sequence, digest in named if digest == sha256),
    )
