"""The hash chain: sealing events into records, and checking a record against the one before it."""

import builtins
from collections.abc import Callable
from dataclasses import dataclass

from controller.contract.jose import NotTrusted, Typ
from controller.contract.record import (
    GENESIS,
    IDENTITY,
    NotARecord,
    Place,
    Record,
    attach_proof,
    compose,
    compose_private,
    digest,
    parse,
)
from controller.domain.events import EVENTS, Event
from controller.domain.stamp import Stamp

Sign = Callable[[bytes, Typ], str]
"""The device's JWS compact of a payload, of the type given."""
Verify = Callable[[str, Typ], bytes]
"""The payload of a JWS of the device, of the type given. Raises `NotTrusted`."""


@dataclass(frozen=True, slots=True)
class Signatures:
    """The device's key, as the journal uses it."""

    sign: Sign
    verify: Verify


class Broken(Exception):
    """A record that is not what was sealed; the text says how."""


@dataclass(frozen=True, slots=True)
class Head:
    """The last record of a chain."""

    sequence: int = 0
    hash: bytes = GENESIS
    """SHA-256 of its bytes."""


@dataclass(frozen=True, slots=True)
class SealedRecord:
    """One event, ready to be committed."""

    sequence: int
    hash: bytes
    """SHA-256 of `bytes`."""
    bytes: builtins.bytes
    private_bytes: builtins.bytes | None
    event: Event
    stamp: Stamp


class Sealer:
    """Turns events into the next records of one stream."""

    def __init__(self, stream: str, locker: str, head: Head, sign: Callable[[bytes], str]) -> None:
        """Raises ValueError for a locker or stream that no record may name."""
        if not IDENTITY.fullmatch(f"{locker}-{stream}-1"):
            raise ValueError(f"{locker!r} is no locker id, or {stream!r} no stream of 32 hex digits")
        self.stream = stream
        self.locker = locker
        self._head = head
        self._sign = sign

    @property
    def head(self) -> Head:
        """The last record sealed."""
        return self._head

    def rewind(self, head: Head) -> None:
        """Forget what was sealed after `head`; for a batch that is known not to have been stored."""
        self._head = head

    def seal(self, event: Event, stamp: Stamp, salt: bytes) -> SealedRecord:
        """The record of `event`, chained to the one before, signed where the event moves custody.

        `salt` is 16 fresh random bytes, used where the event has a private part. Raises ValueError where a value does
        not fit the contract; then nothing was sealed.
        """
        sequence = self._head.sequence + 1
        private = compose_private(event, salt)
        place = Place(self.locker, self.stream, sequence, self._head.hash)
        raw = compose(place, event, stamp, None if private is None else digest(private))
        if event.PROVEN:
            raw = attach_proof(raw, self._sign(raw))
        self._head = Head(sequence, digest(raw))
        return SealedRecord(sequence, self._head.hash, raw, private, event, stamp)


def check_link(
    before: Head, locker: str, stream: str, sequence: int, hashed: object, raw: object
) -> tuple[Record, Head]:
    """The record in a stored row, found to follow `before`, and the new head. Raises `Broken`."""
    if sequence != before.sequence + 1:
        raise Broken(f"it follows record {before.sequence}, so {_between(before.sequence, sequence)}")
    if not isinstance(raw, bytes) or hashed != digest(raw):
        raise Broken("its bytes do not match its hash")
    try:
        record = parse(raw)
    except NotARecord as error:
        raise Broken(str(error)) from None
    for name, found, expected in (
        ("locker", record.place.locker, locker),
        ("stream", record.place.stream, stream),
        ("sequence", record.place.sequence, sequence),
        ("prevhash", record.place.prevhash.hex(), before.hash.hex()),
    ):
        if found != expected:
            raise Broken(f"its {name} is {found} where {expected} belongs")
    return record, Head(sequence, digest(raw))


def check_proof(record: Record, verify: Verify) -> bool:
    """Whether the record bears a proof, which was found to be good. Raises `Broken` for a bad or a missing one."""
    event = EVENTS.get(record.name)
    if record.proof is None:
        if event is not None and event.PROVEN:
            raise Broken("it moves custody and bears no proof")
        return False
    try:
        payload = verify(record.proof, Typ.PROOF)
    except NotTrusted as error:
        raise Broken(f"its proof is not good: {error}") from None
    if payload != record.payload:
        raise Broken("its proof is of something else")
    return True


def _between(before: int, after: int) -> str:
    if after <= before:
        return "it stands in the wrong place"
    missing = (
        f"record {before + 1} is missing" if after == before + 2 else f"records {before + 1} to {after - 1} are missing"
    )
    return missing
