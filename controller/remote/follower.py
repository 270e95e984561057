"""Following one stream: whether a record is the next one, one we have, one too far, or none that can be."""

from dataclasses import dataclass

from controller.contract.record import NotARecord, Record, digest, parse
from controller.journal.chain import Broken, Head, Verify, check_link, check_proof


@dataclass(frozen=True, slots=True)
class Next:
    """The record after the last one, good in every respect."""

    record: Record
    head: Head
    proven: bool | None
    """Whether it bears a proof; None where it does and no key is known to check it with."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """One we have, byte for byte."""

    sequence: int


@dataclass(frozen=True, slots=True)
class TooFar:
    """Records before it are missing."""

    sequence: int


@dataclass(frozen=True, slots=True)
class Unacceptable:
    """It contradicts what we have, or is no good; nothing after it can be taken either."""

    why: str


Verdict = Next | Repeated | TooFar | Unacceptable


def read(raw: bytes) -> Record | None:
    """The record in a message, None where it is none."""
    try:
        return parse(raw)
    except NotARecord:
        return None


def judge(raw: bytes, record: Record, last: Head, held: bytes | None, verify: Verify | None) -> Verdict:
    """What `record`, whose bytes are `raw`, is to a stream that ends in `last`.

    `held` are the bytes we have under its sequence; `verify` checks proofs, where a key of the locker is known.
    """
    place = record.place
    if place.sequence <= last.sequence:
        if held is not None and held != raw:
            return Unacceptable(f"record {place.sequence} was another one before: the stream has forked")
        return Repeated(place.sequence)
    if place.sequence > last.sequence + 1:
        return TooFar(place.sequence)
    try:
        _, head = check_link(last, place.locker, place.stream, place.sequence, digest(raw), raw)
        proven = (
            None if verify is None and record.proof is not None else verify is not None and check_proof(record, verify)
        )
    except Broken as error:
        return Unacceptable(f"record {place.sequence} cannot be taken: {error}")
    return Next(record, head, proven)
