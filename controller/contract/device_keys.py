"""The locker's own keys: one to sign, one to be written to, one to keep codes under. Made at the first start."""

import json
import os
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes

from joserfc.jwk import OKPKey

from controller.contract.succession import vouch
from controller.contract.wire_json import JSON, JsonObject
from controller.domain.ids import KeyId

PRIVATE_FILE_MODE = 0o600
PAST = "past.json"
"""Public keys that signed before, and the word of each for the next."""
_NAMES = ("sign", "enc", "code")
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


class BadDeviceKeys(ValueError):
    """The locker's keys cannot be used; the sentence names the file and what to do."""


@dataclass(frozen=True, slots=True)
class DeviceKeys:
    """The private keys of one locker; they never leave its disk."""

    sign: OKPKey
    """Ed25519: proofs and snapshots."""
    enc: OKPKey
    """X25519: what others seal to this locker."""
    code: bytes
    """32 bytes: the key of the HMAC under which pickup codes are kept."""
    past: tuple[OKPKey, ...] = ()
    """Public halves of those that signed before, the latest last: what they signed stays good."""
    succession: tuple[str, ...] = ()
    """Each of those vouching for the next."""

    @classmethod
    def load_or_create(cls, directory: Path) -> "DeviceKeys":
        """Read `sign.jwk`, `enc.jwk` and `code.jwk`, or make all three where there is none of them.

        Raises `BadDeviceKeys` where some are missing, damaged or open to others; OSError where the disk refuses.
        """
        if not any((directory / f"{name}.jwk").exists() for name in _NAMES):
            _create(directory)
        sign, enc, code = (_read(directory / f"{name}.jwk") for name in _NAMES)
        past, succession = _past(directory / PAST, sign.get("kid"))
        return cls(
            _okp(sign, directory, "sign"),
            _okp(enc, directory, "enc"),
            _secret(code, directory / "code.jwk"),
            past,
            succession,
        )

    def public(self) -> JsonObject:
        """The public JWK set: what a carrier checks proofs with, and seals to."""
        keys: list[JSON] = [public_jwk(self.sign, "sig"), public_jwk(self.enc, "enc")]
        keys += [public_jwk(key, "sig") for key in self.past]
        succession: list[JSON] = [*self.succession]
        return {"keys": keys, "succession": succession} if succession else {"keys": keys}

    def verifying(self, kid: KeyId) -> OKPKey:
        """What checks a signature by the key of this name; the present one for a name that is none of ours."""
        return next((key for key in self.past if key.kid == kid), self.sign)

    @property
    def predecessor(self) -> KeyId | None:
        """Which key signed before the present one; None where it is the first."""
        return KeyId(str(self.past[-1].kid)) if self.past else None


def change_signing_key(directory: Path) -> DeviceKeys:
    """Have another key sign from now on; the private half of the old one is gone. The locker must not be running.

    A power cut in between leaves the old one in force. Raises as `load_or_create`.
    """
    old = DeviceKeys.load_or_create(directory)
    new = new_key("Ed25519")
    kept: JsonObject = {
        "keys": [public_jwk(key, "sig") for key in (*old.past, old.sign)],
        "succession": [*old.succession, vouch(old.sign, public_jwk(new, "sig"))],
    }
    write_private(directory / PAST, _json(kept))
    write_private(directory / "sign.jwk", _json(new.as_dict(private=True)))
    return DeviceKeys.load_or_create(directory)


def new_key(curve: str, kid: str | None = None) -> OKPKey:
    """A fresh private key on `Ed25519` or `X25519`; its thumbprint (RFC 7638) is its `kid` where none is given."""
    key = OKPKey.generate_key("Ed25519" if curve == "Ed25519" else "X25519")
    jwk = key.as_dict(private=True)
    return OKPKey.import_key({**jwk, "kid": kid or key.thumbprint()})


def write_private(path: Path, content: bytes) -> None:
    """Write a file for our eyes only, whole or not at all, safe against a power cut."""
    temporary = path.with_name(f".{path.name}.new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE_MODE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(path)
    _sync_directory(path.parent)


def secret_at(path: Path) -> bytes:
    """32 secret bytes, made at the first use. Raises `BadDeviceKeys` where they are damaged or open to others."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(path, _new_secret())
    return _secret(_read(path), path)


def kept_secret(path: Path) -> bytes:
    """32 secret bytes that were made before. Raises `BadDeviceKeys` where they are not there, or as `secret_at`."""
    return _secret(_read(path), path)


def _create(directory: Path) -> None:
    """All three appear at once, by one rename, so that a power cut leaves none rather than some."""
    fresh = directory.with_name(f"{directory.name}.new")
    fresh.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(fresh / "sign.jwk", _json(new_key("Ed25519").as_dict(private=True)))
    write_private(fresh / "enc.jwk", _json(new_key("X25519").as_dict(private=True)))
    write_private(fresh / "code.jwk", _new_secret())
    fresh.rename(directory)
    _sync_directory(directory.parent)


def _new_secret() -> bytes:
    return _json({"kty": "oct", "k": urlsafe_b64encode(token_bytes(32)).decode()[:43]})


def _json(jwk: object) -> bytes:
    return json.dumps(jwk, indent=2).encode() + b"\n"


def _read(path: Path) -> JsonObject:
    if not path.exists():
        raise BadDeviceKeys(
            f"{path} is missing, though others of this locker's keys are there. Restore {path.parent} from a backup; "
            "without it the codes and proofs of this journal cannot be continued"
        )
    if path.stat().st_mode & 0o077:
        raise BadDeviceKeys(f"{path} can be read by others: chmod 600 it, and think about whether it was copied")
    try:
        jwk = json.loads(path.read_bytes())
    except ValueError:
        raise BadDeviceKeys(f"{path} is not JSON: restore it from a backup") from None
    if not isinstance(jwk, dict):
        raise BadDeviceKeys(f"{path} is not a JWK: restore it from a backup")
    return jwk


def _past(path: Path, present: JSON) -> tuple[tuple[OKPKey, ...], tuple[str, ...]]:
    """What stands there, but for the last of it where the power went before its successor was in force."""
    if not path.exists():
        return (), ()
    kept = _read(path)
    keys, succession = kept.get("keys"), kept.get("succession")
    try:
        listed = [each for each in keys if isinstance(each, dict)] if isinstance(keys, list) else []
        past = [OKPKey.import_key({name: str(each[name]) for name in ("kty", "crv", "x", "kid")}) for each in listed]
    except (KeyError, ValueError):
        raise BadDeviceKeys(f"{path} does not hold public keys: restore it from a backup") from None
    told = tuple(map(str, succession)) if isinstance(succession, list) else ()
    changed = [key for key in past if key.kid != present]
    return tuple(changed), told[: len(changed)]


def _okp(jwk: JsonObject, directory: Path, file: str) -> OKPKey:
    curve = {"sign": "Ed25519", "enc": "X25519"}[file]
    text: dict[str, str | list[str]] = {name: value for name, value in jwk.items() if isinstance(value, str)}
    if text.get("kty") != "OKP" or text.get("crv") != curve or not {"d", "x", "kid"} <= text.keys():
        raise BadDeviceKeys(f"{directory / file}.jwk is not a private {curve} JWK with a kid: restore it from a backup")
    try:
        return OKPKey.import_key(text)
    except ValueError:
        raise BadDeviceKeys(f"{directory / file}.jwk does not hold a whole key: restore it from a backup") from None


def _secret(jwk: JsonObject, path: Path) -> bytes:
    k = jwk.get("k")
    if jwk.get("kty") != "oct" or not isinstance(k, str) or not _SECRET.fullmatch(k):
        raise BadDeviceKeys(f"{path} is not a secret of 32 bytes: restore it from a backup")
    return urlsafe_b64decode(f"{k}=")


def public_jwk(key: OKPKey, use: str) -> JsonObject:
    """The public half of a key that is for `sig` or `enc`."""
    public = key.as_dict(private=False)
    members: JsonObject = {name: str(public[name]) for name in ("kty", "crv", "x", "kid")}
    return members | {"use": use}


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
