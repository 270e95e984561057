"""How a locker asks for its certificate: first with a token that a person carried, later by its own key.

A request is `{"claim": JWS}`, the JWS by the locker's key to sign with; a first one bears a `mac` too, HMAC-SHA-256 of
the JWS under the token, which is what makes the keys in it the locker's. The answer to a first one bears the same sort
of `mac` over its text: before that the locker has nothing by which to know its backend.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode
from collections.abc import Callable
from dataclasses import dataclass

from controller.contract.device_keys import DeviceKeys
from controller.contract.jose import MAX_TOKEN_BYTES, NotTrusted, Typ, sign
from controller.contract.wire_json import JSON, JsonObject, dumps, loads_object

LONGEST_SKEW_S = 24 * 3600
"""A locker that was never set up may have no better clock than this."""


class BadClaim(ValueError):
    """A request or answer that is not to be believed; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a locker asks for."""

    locker: str
    request: str
    """Certificate signing request, PEM."""
    keys: JsonObject
    """The locker's public JWK set."""
    at: int
    """When it was made, by the locker's clock; s since 1970."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What it is given. All PEM but the keyring."""

    certificate: str
    authority: str
    trust: JsonObject | None = None
    """The keyring to begin with; none with a renewal."""


def make_claim(claim: Claim, keys: DeviceKeys, token: str | None) -> bytes:
    """The message; `token` for a locker's first."""
    members: JsonObject = {"locker": claim.locker, "request": claim.request, "keys": claim.keys, "iat": claim.at}
    jws = sign(dumps(members), keys.sign, Typ.CLAIM)
    return dumps({"claim": jws} if token is None else {"claim": jws, "mac": _mac(token, jws)})


def open_first(message: bytes, token: str, verify_by: Callable[[bytes], Callable[[str, Typ], bytes]]) -> Claim:
    """A first claim, whose `mac` shows that the locker was given this token. `verify_by` makes of a JWK set what checks
    signatures by its keys. Raises `BadClaim`.
    """
    members = _message(message)
    jws, mac = members.get("claim"), members.get("mac")
    if not isinstance(jws, str) or not isinstance(mac, str) or not hmac.compare_digest(_mac(token, jws), mac):
        raise BadClaim("it does not know the token")
    try:
        claimed = _claim(loads_object(_payload(jws)))
        verify_by(dumps(claimed.keys))(jws, Typ.CLAIM)
    except (NotTrusted, ValueError) as error:
        raise BadClaim(f"it is not what a locker sends: {error}") from None
    return claimed


def open_renewal(message: bytes, check: Callable[[str, Typ], bytes], now_s: int) -> Claim:
    """A claim by a locker whose keys are known: `check` is by them. Raises `BadClaim`."""
    jws = _message(message).get("claim")
    try:
        claimed = _claim(loads_object(check(str(jws), Typ.CLAIM)))
    except (NotTrusted, ValueError) as error:
        raise BadClaim(f"it is not by the key of that locker: {error}") from None
    if abs(now_s - claimed.at) > LONGEST_SKEW_S:
        raise BadClaim("it was made at another time")
    return claimed


def make_answer(grant: Grant, token: str | None) -> bytes:
    """The message; with the token of a first claim, so that the locker knows whose word it is."""
    members: JsonObject = {"certificate": grant.certificate, "authority": grant.authority}
    if grant.trust is not None:
        members["trust"] = grant.trust
    text = dumps(members).decode()
    return dumps({"answer": text} if token is None else {"answer": text, "mac": _mac(token, text)})


def open_answer(message: bytes, token: str | None) -> Grant:
    """Raises `BadClaim`."""
    members = _message(message)
    text, mac = members.get("answer"), members.get("mac")
    if not isinstance(text, str):
        raise BadClaim("it is no answer")
    if token is not None and not (isinstance(mac, str) and hmac.compare_digest(_mac(token, text), mac)):
        raise BadClaim("it is by somebody who does not know the token")
    return read_grant(text.encode())


def read_grant(raw: bytes) -> Grant:
    """As a file or an answer holds it. Raises `BadClaim`."""
    members = _message(raw)
    certificate, authority, trust = (members.get(name) for name in ("certificate", "authority", "trust"))
    if not isinstance(certificate, str) or not isinstance(authority, str):
        raise BadClaim("it holds no certificate with its authority")
    return Grant(certificate, authority, trust if isinstance(trust, dict) else None)


def _claim(members: JsonObject) -> Claim:
    locker, request, keys, at = (members.get(name) for name in ("locker", "request", "keys", "iat"))
    if not isinstance(locker, str) or not isinstance(request, str) or not isinstance(keys, dict) or type(at) is not int:
        raise ValueError("locker, request, keys and iat are needed")
    return Claim(locker, request, keys, at)


def _message(raw: bytes) -> dict[str, JSON]:
    if len(raw) > MAX_TOKEN_BYTES:
        raise BadClaim("it is too large")
    try:
        return loads_object(raw)
    except ValueError:
        raise BadClaim("it is no JSON object") from None


def _payload(jws: str) -> bytes:
    part = [*jws.split("."), ""][1]
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _mac(token: str, text: str) -> str:
    return hmac.new(token.encode(), text.encode(), hashlib.sha256).hexdigest()
