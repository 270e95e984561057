"""The report of a commissioning: what every channel was found to do, by whom and when, signed by the locker.

It stands in its file as a record does: one JSON object whose last member is `proof`, the JWS of the bytes without it.
"""

from collections.abc import Callable

from controller.contract.jose import Flaw, NotTrusted, Typ
from controller.contract.wire_json import JsonObject, dumps, loads_object

TYPE = "locker.commissioning.v1"
BEGINNING = dumps({"type": TYPE})[:-1]
"""How every report begins."""
_PROOF = b',"proof":"'
_END = b'"}'


def seal_report(facts: JsonObject, sign: Callable[[bytes, Typ], str]) -> bytes:
    """The report of these facts, signed, on one line."""
    payload = dumps({"type": TYPE, **facts})
    return payload[:-1] + _PROOF + sign(payload, Typ.COMMISSIONING).encode() + _END


def read_report(raw: bytes, verify: Callable[[str, Typ], bytes]) -> JsonObject:
    """The facts of a report that its locker signed. Raises `NotTrusted`."""
    body, proof, token = raw.rpartition(_PROOF)
    if not proof or not token.endswith(_END):
        raise NotTrusted(Flaw.NOT_A_TOKEN)
    payload = verify(token.removesuffix(_END).decode("ascii", "replace"), Typ.COMMISSIONING)
    if payload != body + b"}":
        raise NotTrusted(Flaw.BAD_SIGNATURE)
    return loads_object(payload)
