"""The event record: one CloudEvents 1.0 JSON object, whose bytes are hashed, stored and published as they are.

`proof`, where there is one, is the last member: a JWS whose payload is the record's bytes without it.
The private part of an event is 16 random bytes followed by JSON; the record holds its SHA-256 as `data.private`.
"""

import re
from dataclasses import dataclass
from hashlib import sha256

from controller.contract.codec import decode_event, encode_data, encode_private
from controller.contract.fields import big, big_text, wall_ms, wall_text, whole
from controller.contract.wire_json import JsonObject, dumps, loads_object
from controller.domain.events import Event
from controller.domain.ids import ClockQuality, MonoMs
from controller.domain.stamp import Stamp

PROOF_TYP = "locker-proof+jws"
SALT_BYTES = 16
GENESIS = bytes(32)
"""What the first record of a stream has for the hash of its predecessor."""
SEQUENCE_DIGITS = 20

IDENTITY = re.compile(r"([A-Za-z0-9_-]{1,32})-([0-9a-f]{32})-([1-9][0-9]{0,18})")
"""A record's `id`: locker, stream, sequence."""
_TYPE = re.compile(r"locker\.([a-z]+\.[a-z_]+)\.v1")
_HASH = re.compile(r"[0-9a-f]{64}")


class NotARecord(ValueError):
    """The bytes are no record of this contract; the sentence says what is wrong with them."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands: in whose stream, as which one, after what."""

    locker: str
    stream: str
    """32 hex digits."""
    sequence: int
    """From 1."""
    prevhash: bytes
    """SHA-256 of the record before; `GENESIS` for the first."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record that was read and found to be in form."""

    place: Place
    name: str
    """`<area>.<what>`."""
    stamp: Stamp
    data: JsonObject
    payload: bytes
    """The record without its proof."""
    proof: str | None

    @property
    def private_digest(self) -> bytes | None:
        """SHA-256 of the private part, None for an event without one."""
        digest = self.data.get("private")
        return bytes.fromhex(digest) if isinstance(digest, str) else None

    def event(self, private: JsonObject | None) -> Event:
        """The event; `private` is None where there is no private part, or it was erased. Raises `NotARecord`."""
        data = {name: value for name, value in self.data.items() if name != "private"}
        try:
            return decode_event(self.name, data, private)
        except ValueError as mismatch:
            raise NotARecord(f"data.{mismatch}") from None


def compose(place: Place, event: Event, stamp: Stamp, private_digest: bytes | None) -> bytes:
    """The bytes of a record without proof. Raises ValueError where a value is outside of the contract's range."""
    data = encode_data(event)
    if private_digest is not None:
        data["private"] = private_digest.hex()
    return _render(place, event.NAME, stamp, data)


def compose_private(event: Event, salt: bytes) -> bytes | None:
    """The bytes of the event's private part behind 16 bytes of `salt`, None where it has none."""
    private = encode_private(event)
    return None if private is None else salt + dumps(private)


def open_private(raw: bytes) -> JsonObject:
    """The private part that `compose_private` made. Raises ValueError."""
    return loads_object(raw[SALT_BYTES:])


def attach_proof(payload: bytes, proof: str) -> bytes:
    """The record that ends in the JWS `proof` of its own bytes `payload`."""
    return b'%b,"proof":"%b"}' % (payload[:-1], proof.encode())


def parse(raw: bytes) -> Record:
    """Read a record. Raises `NotARecord` for any bytes that `compose` and `attach_proof` would not have written."""
    try:
        members = loads_object(raw)
        proof = members.pop("proof", None)
        record = _read(members, raw, proof)
        rendered = _render(record.place, record.name, record.stamp, record.data)
    except NotARecord:
        raise
    except (ValueError, KeyError, TypeError) as error:
        raise NotARecord(f"not a record of this contract: {error}") from None
    if rendered != record.payload:
        raise NotARecord("a record whose bytes are not in the order and form of the contract")
    return record


def _read(members: JsonObject, raw: bytes, proof: object) -> Record:
    identity, type_, prevhash, data = members["id"], members["type"], members["prevhash"], members["data"]
    id_match, type_match = IDENTITY.fullmatch(str(identity)), _TYPE.fullmatch(str(type_))
    if id_match is None or type_match is None or not _HASH.fullmatch(str(prevhash)):
        raise NotARecord("id, type or prevhash is not in the form of the contract")
    if not isinstance(data, dict) or not _HASH.fullmatch(str(data.get("private", "0" * 64))):
        raise NotARecord("data is not an object, or its private is no SHA-256")
    return Record(
        place=Place(id_match[1], id_match[2], int(id_match[3]), bytes.fromhex(str(prevhash))),
        name=type_match[1],
        stamp=Stamp(
            wall=wall_ms(members["time"]),
            mono=MonoMs(big(members["monotonicms"])),
            boot=whole(members["boot"]),
            clock=ClockQuality(str(members["clock"])),
        ),
        data=data,
        payload=raw if proof is None else _without_proof(raw, proof),
        proof=None if proof is None else str(proof),
    )


def _without_proof(raw: bytes, proof: object) -> bytes:
    tail = b',"proof":"%b"}' % str(proof).encode()
    if not isinstance(proof, str) or not raw.endswith(tail):
        raise NotARecord("proof is not the last member")
    return raw[: -len(tail)] + b"}"


def _render(place: Place, name: str, stamp: Stamp, data: JsonObject) -> bytes:
    members: JsonObject = {
        "specversion": "1.0",
        "id": f"{place.locker}-{place.stream}-{place.sequence}",
        "source": f"urn:locker:{place.locker}",
        "type": f"locker.{name}.v1",
    }
    if "compartment" in data:
        members["subject"] = data["compartment"]
    members |= {
        "time": wall_text(stamp.wall),
        "datacontenttype": "application/json",
        "sequence": f"{place.sequence:0{SEQUENCE_DIGITS}d}",
        "stream": place.stream,
        "boot": stamp.boot,
        "monotonicms": big_text(stamp.mono),
        "clock": stamp.clock.value,
        "prevhash": place.prevhash.hex(),
        "data": data,
    }
    return dumps(members)


def digest(raw: bytes) -> bytes:
    """SHA-256: of a record's exact bytes for the next one's `prevhash`, of a private part for `data.private`."""
    return sha256(raw).digest()
