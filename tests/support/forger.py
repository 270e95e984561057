"""Tokens that nobody should make: any header, any payload, signed by any key or by none."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import OKPKey

from controller.contract.jose import Typ


def forged(payload: bytes, key: OKPKey, header: Mapping[str, object]) -> bytes:
    """A JWS compact whose signature is good by `key`, and whose header is a command's with these members changed.

    A member that is None is left out.
    """
    members: dict[str, object] = {"alg": "Ed25519", "kid": key.kid, "typ": Typ.COMMAND.value, **header}
    kept = {name: value for name, value in members.items() if value is not None}
    signed = b".".join((segment(json.dumps(kept).encode()), segment(payload)))
    private = key.private_key
    assert isinstance(private, Ed25519PrivateKey)
    return b".".join((signed, segment(private.sign(signed))))


def segment(raw: bytes) -> bytes:
    """Base64url without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=")
