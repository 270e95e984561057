"""The configuration that an operator wants of lockers, as it is signed and kept at the broker."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from joserfc.jwk import OKPKey

from controller.contract.claims import BadClaim, Claims, audience
from controller.contract.fields import INT_MAX
from controller.contract.jose import Flaw, NotTrusted, Typ, sign
from controller.contract.keys import Keyring
from controller.contract.wire_json import dumps
from controller.domain.ids import KeyId, Role
from controller.domain.refusals import Refusal

LONGEST_SETTINGS = 40_000
"""Characters, so that what is signed stays below what is looked at."""
_CLAIMS = ("iss", "aud", "version", "settings")


class BadConfig(Exception):
    """What is kept at the broker is not to be believed, or not for us; `reason` says why."""

    def __init__(self, reason: Refusal, kid: KeyId | None = None) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.kid = kid


@dataclass(frozen=True, slots=True)
class WantedConfig:
    """One version of it."""

    version: int
    settings: str
    """TOML: the part of the configuration that may be told from afar."""
    kid: KeyId

    @property
    def sha256(self) -> str:
        """Of the settings, lower-case hex."""
        return settings_sha256(self.settings)


def settings_sha256(settings: str) -> str:
    """SHA-256 of the settings in UTF-8, lower-case hex."""
    return hashlib.sha256(settings.encode()).hexdigest()


def make_config(version: int, settings: str, *, key: OKPKey, issuer: str, lockers: Collection[str]) -> str:
    """The JWS of it, by an operator's key. Raises ValueError for what no locker would look at."""
    if not 1 <= version <= INT_MAX:
        raise ValueError(f"a version is a whole number from 1 to {INT_MAX}")
    if len(settings) > LONGEST_SETTINGS:
        raise ValueError(f"the settings are {len(settings)} characters long; at most {LONGEST_SETTINGS} are taken")
    claims = {"iss": issuer, "aud": audience(lockers), "version": version, "settings": settings}
    return sign(dumps(claims), key, Typ.CONFIG)


def open_config(token: bytes, keyring: Keyring, locker: str) -> WantedConfig:
    """Read one. Raises `BadConfig`."""
    try:
        signed = keyring.verify(token, Typ.CONFIG, (Role.OPERATOR,))
    except NotTrusted as error:
        raise BadConfig(_REFUSALS.get(error.flaw, Refusal.BAD_SIGNATURE)) from None
    kid = signed.key.kid
    try:
        claims = Claims.read(signed.payload)
        claims.allow_only(_CLAIMS)
        claims.text("iss")
        version, settings = claims.count("version"), claims.members.get("settings")
    except BadClaim:
        raise BadConfig(Refusal.NOT_UNDERSTOOD, kid) from None
    if not claims.is_for(locker):
        raise BadConfig(Refusal.WRONG_AUDIENCE, kid)
    if version is None or not 1 <= version <= INT_MAX or not _is_text(settings):
        raise BadConfig(Refusal.NOT_UNDERSTOOD, kid)
    return WantedConfig(version, str(settings), kid)


_REFUSALS = {
    Flaw.TOO_LARGE: Refusal.TOO_LARGE,
    Flaw.NOT_A_TOKEN: Refusal.NOT_UNDERSTOOD,
    Flaw.WRONG_ROLE: Refusal.NOT_ALLOWED,
}


def _is_text(value: object) -> bool:
    try:
        return isinstance(value, str) and len(value) <= LONGEST_SETTINGS and value.encode() is not None
    except UnicodeEncodeError:
        return False
