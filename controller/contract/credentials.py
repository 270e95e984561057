"""Pickup passes and drivers' badges: signed by a carrier, shown at the screen, checked offline."""

import re

from joserfc.jwk import OKPKey

from controller.contract.claims import BadClaim, Claims, audience
from controller.contract.codec import COMMAND_PATTERNS
from controller.contract.jose import NotTrusted, Typ, sign
from controller.contract.keys import Keyring
from controller.contract.wire_json import JSON, JsonObject, dumps
from controller.domain.ids import HOUR_MS, CarrierId, DriverId, Jti, ParcelId, Role, SessionId, WallMs, Word
from controller.domain.inputs import BadgeRejected, BadgeShown, PassRejected, PassShown
from controller.domain.naming import parcel_id
from controller.domain.staff import DRIVING, Scope

MAX_CREDENTIAL_BYTES = 2953
"""What the largest QR code holds."""
BADGE_LIFETIME_MS = 24 * HOUR_MS
PICKUP = "pickup"
"""The only scope a pass can have."""
_WORD = re.compile(COMMAND_PATTERNS[Word].removesuffix("$"))
_PASS_CLAIMS = ("aud", "parcel", "delegate", "jti", "nbf", "exp", "scope")
_BADGE_CLAIMS = ("aud", "driver", "jti", "nbf", "exp", "scope")


class _Rejected(Exception):
    """Why a credential is not taken, in one word."""


def open_pass(token: str, keyring: Keyring, locker: str, session: SessionId) -> PassShown | PassRejected:
    """What a scanned pass comes to. When it is good for is the domain's to judge. Never raises, whatever the text."""
    try:
        claims, carrier = _open(token, keyring, locker, Typ.PASS, _PASS_CLAIMS)
        if claims.members.get("scope") != PICKUP:
            raise _Rejected("scope")
        not_before, expires_at = claims.period("nbf", "exp")
        return PassShown(
            session=session,
            jti=claims.jti(),
            carrier=carrier,
            parcel=parcel_id(carrier, claims.identifier("parcel")),
            not_before=not_before,
            expires_at=expires_at,
            delegate=_delegate(claims.members.get("delegate")),
        )
    except BadClaim:
        return PassRejected("not_understood")
    except _Rejected as error:
        return PassRejected(str(error))


def _delegate(claimed: JSON) -> Word | None:
    """Whom the pass is for, in one word of the carrier's; None for the recipient."""
    if claimed is None:
        return None
    if not isinstance(claimed, str) or not _WORD.fullmatch(claimed):
        raise _Rejected("delegate")
    return Word(claimed)


def open_badge(token: str, keyring: Keyring, locker: str, session: SessionId) -> BadgeShown | BadgeRejected:
    """What a scanned badge comes to. Never raises, whatever the text."""
    try:
        claims, carrier = _open(token, keyring, locker, Typ.DRIVER, _BADGE_CLAIMS)
        not_before, expires_at = claims.period("nbf", "exp")
        if expires_at - not_before > BADGE_LIFETIME_MS:
            raise _Rejected("lifetime_too_long")
        return BadgeShown(
            session=session,
            jti=claims.jti(),
            driver=DriverId(claims.identifier("driver")),
            carrier=carrier,
            not_before=not_before,
            expires_at=expires_at,
            scope=_scope(claims.members.get("scope")),
        )
    except BadClaim:
        return BadgeRejected("not_understood")
    except _Rejected as error:
        return BadgeRejected(str(error))


def _scope(claimed: JSON) -> tuple[Scope, ...] | None:
    """What a badge is for: words with blanks between them. None where it does not say."""
    if claimed is None:
        return None
    words = claimed.split(" ") if isinstance(claimed, str) else []
    if not words or not set(words) <= set(DRIVING):
        raise _Rejected("scope")
    return tuple(scope for scope in DRIVING if scope in words)


def _open(token: str, keyring: Keyring, locker: str, typ: Typ, allowed: tuple[str, ...]) -> tuple[Claims, CarrierId]:
    try:
        signed = keyring.verify(token, typ, (Role.CARRIER,), MAX_CREDENTIAL_BYTES)
    except NotTrusted as error:
        raise _Rejected(error.flaw.value) from None
    claims = Claims.read(signed.payload)
    claims.allow_only(allowed)
    if not claims.is_for(locker):
        raise _Rejected("wrong_audience")
    if signed.key.carrier is None:
        raise _Rejected("wrong_role")
    return claims, signed.key.carrier


def make_pass(
    parcel: ParcelId,
    *,
    key: OKPKey,
    lockers: tuple[str, ...],
    jti: Jti,
    not_before: WallMs,
    expires_at: WallMs,
    delegate: Word | None = None,
) -> str:
    """A pass for one parcel at these lockers, by the carrier's signing key; for its recipient, or for a delegate."""
    members: JsonObject = {
        "aud": audience(lockers),
        "parcel": parcel,
        "jti": jti,
        "nbf": not_before // 1000,
        "exp": expires_at // 1000,
        "scope": PICKUP,
    }
    if delegate is not None:
        members["delegate"] = delegate
    return sign(dumps(members), key, Typ.PASS)


def make_badge(
    driver: DriverId,
    *,
    key: OKPKey,
    lockers: tuple[str, ...],
    jti: Jti,
    not_before: WallMs,
    expires_at: WallMs,
    scope: tuple[Scope, ...] = (),
) -> str:
    """A driver's badge for these lockers, good for at most 24 h, by the carrier's signing key. Without a `scope` it is
    good for all that the carrier allows this driver.
    """
    members: JsonObject = {
        "aud": audience(lockers),
        "driver": driver,
        "jti": jti,
        "nbf": not_before // 1000,
        "exp": expires_at // 1000,
    }
    if scope:
        members["scope"] = " ".join(scope)
    return sign(dumps(members), key, Typ.DRIVER)
