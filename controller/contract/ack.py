"""The carrier's acknowledgement: how far it has a stream, proven by the hash of the last record."""

import re
from dataclasses import dataclass

from joserfc.jwk import OKPKey

from controller.contract.jose import NotTrusted, Typ, sign
from controller.contract.keys import Keyring
from controller.contract.wire_json import dumps, loads_object
from controller.domain.ids import Role

MAX_ACK_BYTES = 1024
_STREAM = re.compile(r"[0-9a-f]{32}")
_HEAD = re.compile(r"[0-9a-f]{64}")


class BadAck(ValueError):
    """Not an acknowledgement that can be believed; the word says why."""


@dataclass(frozen=True, slots=True)
class Ack:
    """The carrier has every record of `stream` up to and with `sequence`."""

    stream: str
    sequence: int
    """0 where it has none."""
    head: bytes
    """SHA-256 of that record's bytes; 32 zero bytes for none."""


def make_ack(ack: Ack, key: OKPKey) -> str:
    """The JWS of it, by the custodian's key."""
    payload = dumps({"stream": ack.stream, "seq": ack.sequence, "head": ack.head.hex()})
    return sign(payload, key, Typ.ACK)


def open_ack(token: bytes, keyring: Keyring) -> Ack:
    """Read an acknowledgement by the custodian. Raises `BadAck`."""
    try:
        members = loads_object(keyring.verify(token, Typ.ACK, (Role.CUSTODIAN,), MAX_ACK_BYTES).payload)
    except NotTrusted as error:
        raise BadAck(error.flaw.value) from None
    except ValueError:
        raise BadAck("not_understood") from None
    stream, sequence, head = members.get("stream"), members.get("seq"), members.get("head")
    if type(sequence) is not int or not 0 <= sequence < 2**63:
        raise BadAck("not_understood")
    if not isinstance(stream, str) or not _STREAM.fullmatch(stream):
        raise BadAck("not_understood")
    if not isinstance(head, str) or not _HEAD.fullmatch(head):
        raise BadAck("not_understood")
    return Ack(stream, sequence, bytes.fromhex(head))
