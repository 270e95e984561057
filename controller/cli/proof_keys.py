"""The public keys that proofs are checked with: one JWK, or a set of them, from a file."""

from collections.abc import Mapping
from pathlib import Path

from joserfc.jwk import OKPKey

from controller.cli.failure import Exit, Failed
from controller.contract.jose import Flaw, NotTrusted, Typ, verify
from controller.contract.wire_json import JSON, JsonObject, loads_object
from controller.domain.ids import KeyId

_LONGEST_PROOF_BYTES = 1024 * 1024
_NAMELESS = KeyId("")


class ProofKeys:
    """The keys by their `kid`. One that has none is tried with every token, if it is the only one."""

    def __init__(self, keys: Mapping[KeyId, OKPKey]) -> None:
        self._keys = keys

    @classmethod
    def read(cls, file: Path) -> "ProofKeys":
        """Those of a JWK or JWK set that Ed25519 signatures are checked with. Raises `Failed`."""
        try:
            content = loads_object(file.read_bytes())
        except OSError as error:
            raise Failed(Exit.WRONG_USE, f"{file}: cannot be read: {error.strerror}") from error
        except ValueError as error:
            raise Failed(Exit.WRONG_USE, f"{file}: is no JWK: {error}") from error
        members = content.get("keys", [content])
        found = [_signing(member) for member in members] if isinstance(members, list) else []
        keys = {KeyId(key.kid or _NAMELESS): key for key in found if key is not None}
        if not keys:
            raise Failed(
                Exit.WRONG_USE,
                f"{file}: holds no Ed25519 key. `locker key show` prints that of a locker; its topic …/keys does too.",
            )
        return cls(keys)

    def verify(self, token: str, typ: Typ) -> bytes:
        """The payload of a token that one of the keys signed. Raises `NotTrusted`."""
        return verify(token, typ, self._key_of, _LONGEST_PROOF_BYTES)[0]

    def _key_of(self, kid: KeyId) -> OKPKey:
        key = self._keys.get(kid)
        if key is None and len(self._keys) == 1:
            key = self._keys.get(_NAMELESS)
        if key is None:
            raise NotTrusted(Flaw.KEY_UNKNOWN)
        return key


def _signing(member: JSON) -> OKPKey | None:
    if not isinstance(member, dict) or (member.get("kty"), member.get("crv")) != ("OKP", "Ed25519"):
        return None
    try:
        return OKPKey.import_key(_public(member))
    except ValueError:
        return None


def _public(member: JsonObject) -> dict[str, str | list[str]]:
    return {name: str(member[name]) for name in ("kty", "crv", "x", "kid") if name in member}
