"""The private keys at the other end of the broker, one file each, and the keyring that a locker trusts them by."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from joserfc.jwk import OKPKey

from controller.contract.device_keys import PRIVATE_FILE_MODE, new_key, write_private
from controller.contract.jose import NotTrusted, unseal
from controller.contract.keys import CURVES, Use
from controller.contract.wire_json import JSON, JsonObject
from controller.domain.ids import CarrierId, Role

TRUST_FILE = "trust.json"
SEALING = "carrier-enc"
"""The name of the key that codes are sealed to; the others are named after their role."""
_ROLES = {
    "custodian": Role.CUSTODIAN,
    "carrier": Role.CARRIER,
    SEALING: Role.CARRIER,
    "operator": Role.OPERATOR,
    "technician": Role.TECHNICIAN,
}


class KeysMissing(Exception):
    """A key that is needed is not there, or not a key; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class KeySet:
    """What one carrier's people hold. Nobody needs all of them: leave the operator's key with the operator."""

    carrier: CarrierId
    keys: Mapping[str, OKPKey]
    folder: Path

    @classmethod
    def create(cls, folder: Path, carrier: CarrierId) -> "KeySet":
        """Make all five keys and the `trust.json` for the locker. Raises FileExistsError rather than replace any."""
        there = [name for name in (*(f"{name}.jwk" for name in _ROLES), TRUST_FILE) if (folder / name).exists()]
        if there:
            raise FileExistsError(f"{folder / there[0]} exists already: name another folder, or move the keys away")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        keys = {}
        for name, role in _ROLES.items():
            use = Use.ENC if name == SEALING else Use.SIG
            key = new_key(CURVES[use])
            keys[name] = OKPKey.import_key({**key.as_dict(private=True), "kid": f"{name}-{key.thumbprint()[:8]}"})
            owner = {"carrier": carrier} if role is Role.CARRIER else {}
            private = {**keys[name].as_dict(private=True), "use": use.value, "roles": [role.value], **owner}
            write_private(folder / f"{name}.jwk", json.dumps(private, indent=2).encode() + b"\n")
        made = cls(carrier, keys, folder)
        trust = folder / TRUST_FILE
        trust.write_bytes(json.dumps(made.trust(), indent=2).encode() + b"\n")
        return made

    @classmethod
    def load(cls, folder: Path) -> "KeySet":
        """Read those that are there. Raises `KeysMissing` where the carrier's own key is not among them."""
        if not (folder / "carrier.jwk").exists():
            raise KeysMissing(f"no carrier.jwk in {folder}: make keys with `locker carrier keys --dir {folder}`")
        carrier = _read(folder / "carrier.jwk").get("carrier")
        if not isinstance(carrier, str):
            raise KeysMissing(f"{folder / 'carrier.jwk'} names no carrier: it is not a key that `keys` has made")
        paths = {name: folder / f"{name}.jwk" for name in _ROLES}
        return cls(CarrierId(carrier), {name: _import(path) for name, path in paths.items() if path.exists()}, folder)

    def signing(self, role: Role) -> OKPKey:
        """The key to sign with in this role. Raises `KeysMissing`."""
        return self._key(role.value)

    def trust(self) -> JsonObject:
        """The public keyring for the locker: the content of `trust.json`."""
        members: list[JSON] = []
        for name, key in self.keys.items():
            role, use = _ROLES[name], Use.ENC if name == SEALING else Use.SIG
            public = key.as_dict(private=False)
            member: JsonObject = {part: str(public[part]) for part in ("kty", "crv", "x", "kid")}
            member |= {"use": use.value, "roles": [role.value]}
            members.append(member | {"carrier": self.carrier} if role is Role.CARRIER else member)
        return {"keys": members}

    def unseal(self, token: str) -> bytes | None:
        """What a locker sealed to this carrier; None where it was sealed to another. Raises `KeysMissing`."""
        try:
            return unseal(token, self._key(SEALING))
        except NotTrusted:
            return None

    def _key(self, name: str) -> OKPKey:
        key = self.keys.get(name)
        if key is None:
            raise KeysMissing(f"this needs {self.folder / name}.jwk, which is not there: ask whoever holds that key")
        return key


def _read(path: Path) -> JsonObject:
    if path.stat().st_mode & 0o777 & ~PRIVATE_FILE_MODE:
        raise KeysMissing(f"{path} can be read by others: chmod 600 it, and think about whether it was copied")
    try:
        jwk = json.loads(path.read_bytes())
    except ValueError:
        jwk = None
    if not isinstance(jwk, dict):
        raise KeysMissing(f"{path} is not a JWK: restore it from a backup")
    return jwk


def _import(path: Path) -> OKPKey:
    jwk = _read(path)
    try:
        return OKPKey.import_key({name: str(jwk[name]) for name in ("kty", "crv", "x", "d", "kid")})
    except (KeyError, ValueError):
        raise KeysMissing(f"{path} does not hold a whole private key with a kid: restore it from a backup") from None
