"""The private keys at the other end of the broker, one file each, and the keyring that a locker trusts them by."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from joserfc.jwk import OKPKey

from controller.contract.device_keys import PRIVATE_FILE_MODE, new_key, write_private
from controller.contract.jose import NotTrusted, unseal
from controller.contract.keys import CURVES
from controller.contract.wire_json import JsonObject
from controller.domain.ids import CarrierId, Role
from controller.domain.trust import Use

TRUST_FILE = "trust.json"
SEALING = "carrier-enc"
"""The name of the key that codes are sealed to; the others are named after their role."""
SITE = CarrierId("site")
"""Who says so, for those who hold no carrier's key."""
_ROLES = {
    "custodian": Role.CUSTODIAN,
    "carrier": Role.CARRIER,
    SEALING: Role.CARRIER,
    "operator": Role.OPERATOR,
    "technician": Role.TECHNICIAN,
}


class KeyName(StrEnum):
    """Which key is made; each is a file of that name."""

    CARRIER = "carrier"
    CARRIER_ENC = "carrier-enc"
    CUSTODIAN = "custodian"
    OPERATOR = "operator"
    TECHNICIAN = "technician"


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
        made = cls(carrier, {name: _make(folder, name, carrier) for name in _ROLES}, folder)
        trust = folder / TRUST_FILE
        trust.write_bytes(json.dumps(made.trust(), indent=2).encode() + b"\n")
        return made

    @classmethod
    def create_one(cls, folder: Path, name: KeyName, carrier: CarrierId) -> JsonObject:
        """Make one key, and give its public half as a member of a keyring. Raises FileExistsError rather than replace
        one.
        """
        if (folder / f"{name}.jwk").exists():
            raise FileExistsError(f"{folder / name}.jwk exists already: name another folder, or move the key away")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return cls(carrier, {name: _make(folder, name, carrier)}, folder).members()[0]

    @classmethod
    def load(cls, folder: Path) -> "KeySet":
        """Read those that are there. Raises `KeysMissing` where there is none."""
        paths = {name: folder / f"{name}.jwk" for name in _ROLES}
        there = {name: path for name, path in paths.items() if path.exists()}
        if not there:
            raise KeysMissing(f"no carrier.jwk in {folder}: make keys with `locker carrier keys --dir {folder}`")
        return cls(_carrier(there), {name: _import(path) for name, path in there.items()}, folder)

    def signing(self, role: Role) -> OKPKey:
        """The key to sign with in this role. Raises `KeysMissing`."""
        return self._key(role.value)

    @property
    def acknowledges(self) -> bool:
        """Whether these are the people whose acknowledgements count: one backend of each locker."""
        return Role.CUSTODIAN.value in self.keys

    def trust(self) -> JsonObject:
        """The public keyring for the locker: the content of `trust.json`."""
        return {"keys": [*self.members()]}

    def members(self) -> list[JsonObject]:
        """The public half of each key, as a keyring names it."""
        members: list[JsonObject] = []
        for name, key in self.keys.items():
            role, use = _ROLES[name], Use.ENC if name == SEALING else Use.SIG
            public = key.as_dict(private=False)
            member: JsonObject = {part: str(public[part]) for part in ("kty", "crv", "x", "kid")}
            member |= {"use": use.value, "roles": [role.value]}
            members.append(member | {"carrier": self.carrier} if role is Role.CARRIER else member)
        return members

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


def _make(folder: Path, name: str, carrier: CarrierId) -> OKPKey:
    role, use = _ROLES[name], Use.ENC if name == SEALING else Use.SIG
    key = new_key(CURVES[use])
    made = OKPKey.import_key({**key.as_dict(private=True), "kid": f"{name}-{key.thumbprint()[:8]}"})
    owner = {"carrier": carrier} if role is Role.CARRIER else {}
    private = {**made.as_dict(private=True), "use": use.value, "roles": [role.value], **owner}
    write_private(folder / f"{name}.jwk", json.dumps(private, indent=2).encode() + b"\n")
    return made


def _carrier(paths: Mapping[str, Path]) -> CarrierId:
    """As the carrier's own keys say; people who hold none of those are the site's."""
    named = [_read(path).get("carrier") for name, path in paths.items() if _ROLES[name] is Role.CARRIER]
    if not named:
        return SITE
    if not isinstance(named[0], str):
        raise KeysMissing(f"{min(paths.values())} names no carrier: it is not a key that `keys` has made")
    return CarrierId(named[0])


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
