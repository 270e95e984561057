"""A receipt: what a recipient keeps of the handoffs of one visit, short enough for a QR code that any telephone reads.

The proofs themselves do not fit: each is a whole record, and bears the device's certificate where there is one. A
receipt names them by sequence and hash instead, and is signed by the same key. It proves by itself that this locker
handed these parcels over, and fixes which record says more.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256

from controller.contract.fields import wall_text
from controller.contract.jose import Flaw, NotTrusted, Typ
from controller.contract.record import parse
from controller.contract.wire_json import JSON, JsonObject, dumps, loads_object

TYPE = "locker.receipt.v1"
MOST_HANDOFFS = 6
"""The latest: more make a QR code that a telephone does not read from a screen."""


def make_receipt(records: Sequence[bytes], sign: Callable[[bytes, Typ], str]) -> str:
    """The receipt of these records, one or more of one stream: `custody.collected`, byte for byte. A compact JWS."""
    handoffs: list[JSON] = [_handoff(raw) for raw in records[-MOST_HANDOFFS:]]
    place = parse(records[-1]).place
    return sign(
        dumps({"type": TYPE, "locker": place.locker, "stream": place.stream, "handoffs": handoffs}), Typ.RECEIPT
    )


def read_receipt(token: str, verify: Callable[[str, Typ], bytes]) -> JsonObject:
    """What a receipt says that its locker signed. Raises `NotTrusted`."""
    told = loads_object(verify(token, Typ.RECEIPT))
    if told.get("type") != TYPE:
        raise NotTrusted(Flaw.WRONG_TYPE)
    return told


def _handoff(raw: bytes) -> JsonObject:
    record = parse(raw)
    return {
        "seq": str(record.place.sequence),
        "hash": sha256(raw).hexdigest(),
        "parcel": record.data.get("parcel"),
        "compartment": record.data.get("compartment"),
        "time": wall_text(record.stamp.wall),
    }
