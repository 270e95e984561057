"""Technicians' badges: like a driver's, but with their role in it, and signed by an operator's or technician's key."""

from joserfc.jwk import OKPKey

from controller.contract.claims import BadClaim, Claims, audience
from controller.contract.credentials import BADGE_LIFETIME_MS, MAX_CREDENTIAL_BYTES
from controller.contract.jose import NotTrusted, Typ, sign
from controller.contract.keys import Keyring
from controller.contract.wire_json import JsonObject, dumps
from controller.domain.ids import DriverId, Jti, Role, SessionId, WallMs
from controller.domain.inputs import BadgeRejected, TechnicianShown

_CLAIMS = ("aud", "technician", "role", "jti", "nbf", "exp")
_SIGNERS = (Role.OPERATOR, Role.TECHNICIAN)


def open_technician_badge(
    token: str, keyring: Keyring, locker: str, session: SessionId
) -> TechnicianShown | BadgeRejected | None:
    """What a technician's badge comes to; None for one that no key of the site's has signed. Never raises."""
    try:
        claims = Claims.read(keyring.verify(token, Typ.DRIVER, _SIGNERS, MAX_CREDENTIAL_BYTES).payload)
    except (NotTrusted, BadClaim):
        return None
    try:
        return _shown(claims, locker, session)
    except BadClaim:
        return BadgeRejected("not_understood")


def _shown(claims: Claims, locker: str, session: SessionId) -> TechnicianShown | BadgeRejected:
    claims.allow_only(_CLAIMS)
    if claims.members.get("role") != Role.TECHNICIAN:
        return BadgeRejected("wrong_role")
    if not claims.is_for(locker):
        return BadgeRejected("wrong_audience")
    not_before, expires_at = claims.period("nbf", "exp")
    if expires_at - not_before > BADGE_LIFETIME_MS:
        return BadgeRejected("lifetime_too_long")
    return TechnicianShown(
        session=session,
        jti=claims.jti(),
        technician=DriverId(claims.identifier("technician")),
        not_before=not_before,
        expires_at=expires_at,
    )


def make_technician_badge(
    technician: DriverId, *, key: OKPKey, lockers: tuple[str, ...], jti: Jti, not_before: WallMs, expires_at: WallMs
) -> str:
    """A technician's badge for these lockers, good for at most 24 h, by an operator's or technician's key."""
    members: JsonObject = {
        "aud": audience(lockers),
        "technician": technician,
        "role": Role.TECHNICIAN.value,
        "jti": jti,
        "nbf": not_before // 1000,
        "exp": expires_at // 1000,
    }
    return sign(dumps(members), key, Typ.DRIVER)
