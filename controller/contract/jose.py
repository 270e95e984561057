"""Signing and sealing: JWS compact with Ed25519 (RFC 7515, RFC 8037, RFC 9864) and JWE compact with X25519 (RFC 7516).

A token is looked at from outside to inside: its size, its shape, its header, the key its `kid` names, its signature.
Nothing of the payload is read before all of that was good, and no key or algorithm is ever taken from the token.
"""

import re
from base64 import urlsafe_b64decode
from collections.abc import Callable
from enum import StrEnum

from joserfc import jwe, jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from controller.contract.wire_json import JsonObject, loads_object
from controller.domain.ids import KeyId

MAX_TOKEN_BYTES = 64 * 1024
"""No token that comes from outside is looked at above this."""
_MAX_HEADER_CHARS = 16 * 1024
"""Room for a device's certificate chain in the header of a proof."""
_SIGNATURE_CHARS = 86
_SHAPE = re.compile(rb"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)")
_NEVER_IN_HEADER = frozenset({"jwk", "jku", "x5u", "crit", "b64"})
_SEALING = ("ECDH-ES", "A256GCM")


class Typ(StrEnum):
    """What a signed token is for. One kind never passes for another."""

    COMMAND = "locker-command+jws"
    ACK = "locker-ack+jws"
    PASS = "locker-pass+jws"
    DRIVER = "locker-driver+jws"
    CONFIG = "locker-config+jws"
    PROOF = "locker-proof+jws"
    SNAPSHOT = "locker-snapshot+jws"
    COMMISSIONING = "locker-commissioning+jws"
    RECEIPT = "locker-receipt+jws"
    DEVICE_KEY = "locker-device-key+jws"
    CLAIM = "locker-claim+jws"


class Flaw(StrEnum):
    """Why a token is not trusted."""

    TOO_LARGE = "too_large"
    NOT_A_TOKEN = "not_a_token"
    WRONG_TYPE = "wrong_type"
    HEADER_REFUSED = "header_refused"
    """Another algorithm, or a header that brings or points to a key."""
    KEY_UNKNOWN = "key_unknown"
    WRONG_ROLE = "wrong_role"
    BAD_SIGNATURE = "bad_signature"


class NotTrusted(Exception):
    """A token that must not be believed; `flaw` says why and nothing of the token is repeated."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw


class _Registry(jws.JWSRegistry):
    """Ed25519 alone. Sizes are ours to judge, by what a token is for."""

    max_header_length = _MAX_HEADER_CHARS
    max_payload_length = 2**31


_registry = _Registry(algorithms=["Ed25519"])


def sign(payload: bytes, key: OKPKey, typ: Typ) -> str:
    """The JWS compact of `payload`, by an Ed25519 private key that has a `kid`."""
    header = {"alg": "Ed25519", "kid": key.kid, "typ": typ.value}
    return jws.serialize_compact(header, payload, key, registry=_registry)


def verify(
    token: bytes | str, typ: Typ, key_of: Callable[[KeyId], OKPKey], max_bytes: int = MAX_TOKEN_BYTES
) -> tuple[bytes, KeyId]:
    """The payload of a token that can be believed, and the id of the key that signed it.

    `key_of` finds the key of a `kid`, or raises `NotTrusted`. Raises `NotTrusted` for anything that is not a good
    token of this type.
    """
    raw = token.encode("ascii", "replace") if isinstance(token, str) else token
    if len(raw) > max_bytes:
        raise NotTrusted(Flaw.TOO_LARGE)
    kid = _checked_kid(raw, typ)
    try:
        return jws.deserialize_compact(raw, key_of(kid), registry=_registry).payload, kid
    except (JoseError, ValueError):
        raise NotTrusted(Flaw.BAD_SIGNATURE) from None


def _checked_kid(raw: bytes, typ: Typ) -> KeyId:
    shape = _SHAPE.fullmatch(raw)
    if shape is None or len(shape[1]) > _MAX_HEADER_CHARS or len(shape[3]) != _SIGNATURE_CHARS:
        raise NotTrusted(Flaw.NOT_A_TOKEN)
    header = _header(shape[1])
    if header.get("typ") != typ.value:
        raise NotTrusted(Flaw.WRONG_TYPE)
    kid = header.get("kid")
    refused = header.keys() & _NEVER_IN_HEADER or ("x5c" in header and typ is not Typ.PROOF)
    if refused or header.get("alg") != "Ed25519" or not isinstance(kid, str):
        raise NotTrusted(Flaw.HEADER_REFUSED)
    return KeyId(kid)


def _header(segment: bytes) -> JsonObject:
    try:
        return loads_object(urlsafe_b64decode(segment + b"=" * (-len(segment) % 4)))
    except ValueError:
        raise NotTrusted(Flaw.NOT_A_TOKEN) from None


def seal(plaintext: bytes, key: OKPKey) -> str:
    """The JWE compact of `plaintext` for the holder of an X25519 key that has a `kid`."""
    agreement, encryption = _SEALING
    header = {"alg": agreement, "enc": encryption, "kid": key.kid}
    return jwe.encrypt_compact(header, plaintext, key, algorithms=_SEALING)


def unseal(token: str, key: OKPKey) -> bytes:
    """What was sealed to this X25519 private key. Raises `NotTrusted` where it was not, or was changed."""
    first, _, _ = token.encode("ascii", "replace").partition(b".")
    if len(token) > MAX_TOKEN_BYTES or not _is_sealing_header(_header(first)):
        raise NotTrusted(Flaw.NOT_A_TOKEN)
    try:
        return jwe.decrypt_compact(token, key, algorithms=_SEALING).plaintext or b""
    except (JoseError, ValueError):
        raise NotTrusted(Flaw.NOT_A_TOKEN) from None


def _is_sealing_header(header: JsonObject) -> bool:
    epk = header.get("epk")
    if not isinstance(epk, dict) or (header.get("alg"), header.get("enc")) != _SEALING:
        return False
    return (epk.get("kty"), epk.get("crv")) == ("OKP", "X25519") and isinstance(epk.get("x"), str)
