"""One key of a locker vouching for the next: so that whoever trusts the old one may go on with the new one, and nobody
else's.

`{"previous": kid, "key": JWK}`, signed by the key called `previous`. Those who look at a chain of them begin with the
key they trust and with no other: what an older key says is worth nothing any more.
"""

from collections.abc import Iterable

from joserfc.jwk import OKPKey

from controller.contract.jose import NotTrusted, Typ, sign, verify
from controller.contract.wire_json import JsonObject, dumps, loads_object
from controller.domain.ids import KeyId

LONGEST_CHAIN = 100
_PUBLIC = ("kty", "crv", "x", "kid")


def vouch(old: OKPKey, new: JsonObject) -> str:
    """The word of `old`, a private key, for the public JWK `new`."""
    return sign(dumps({"previous": str(old.kid), "key": {name: new[name] for name in _PUBLIC}}), old, Typ.DEVICE_KEY)


def follow(trusted: OKPKey, chain: Iterable[object]) -> OKPKey:
    """The last key that `trusted` vouches for through the chain, in its order; `trusted` itself where it vouches for
    none. Tokens of other keys are passed over.
    """
    current = trusted
    for token, _ in zip(chain, range(LONGEST_CHAIN), strict=False):
        current = _next(current, token) or current
    return current


def _next(current: OKPKey, token: object) -> OKPKey | None:
    def key_of(kid: KeyId) -> OKPKey:
        return current

    if not isinstance(token, str):
        return None
    try:
        payload, kid = verify(token, Typ.DEVICE_KEY, key_of)
        members = loads_object(payload)
        key = members.get("key")
        if kid != current.kid or members.get("previous") != current.kid or not isinstance(key, dict):
            return None
        return OKPKey.import_key({name: str(key[name]) for name in _PUBLIC})
    except (NotTrusted, ValueError, KeyError):
        return None
