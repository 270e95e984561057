"""Signed commands: made by the sender, opened by the locker, in the order in which the contract checks them.

What needs the locker's memory comes after, in the domain: a `jti` seen before, `exp` against the clock, `ctr` against
the highest so far, and whose parcel it is.
"""

from collections.abc import Callable
from dataclasses import dataclass

from joserfc.jwk import OKPKey

from controller.contract.claims import BadClaim, Claims, audience
from controller.contract.codec import NotUnderstood, decode_command, encode_command
from controller.contract.jose import Flaw, NotTrusted, Typ, sign
from controller.contract.keys import BadKeyring, Key, Keyring, member_of, read_key
from controller.contract.permissions import PERMISSIONS, SENDERS, Permission
from controller.contract.sealed_pin import BadSealedPin, opened
from controller.contract.wire_json import JSON, JsonObject, dumps
from controller.domain.commands import Command, ExpectParcel, RotateKeys, UpsertDriver
from controller.domain.ids import Counter, Jti, Role, WallMs
from controller.domain.inputs import CommandArrived, CommandRejected
from controller.domain.refusals import Refusal

_CLAIMS = ("iss", "aud", "jti", "iat", "exp", "ctr", "nonce", "cmd")
_REFUSALS = {
    Flaw.TOO_LARGE: Refusal.TOO_LARGE,
    Flaw.NOT_A_TOKEN: Refusal.NOT_UNDERSTOOD,
    Flaw.WRONG_ROLE: Refusal.NOT_ALLOWED,
}


@dataclass(frozen=True, slots=True)
class Opened:
    """What a message on `…/commands` comes to."""

    item: CommandArrived | CommandRejected
    detail: str | None = None
    """What is wrong with it, for a sender whose signature was good."""


class _Refused(Exception):
    """An early no, of a command whose signature was good."""

    def __init__(self, reason: Refusal, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


def open_command(
    token: bytes,
    keyring: Keyring,
    locker: str,
    nonce_good: Callable[[str], bool],
    unseal: Callable[[str], bytes],
) -> Opened:
    """Check a command as far as it can be without the locker's memory. `unseal` opens what is sealed to this locker, or
    raises `NotTrusted`. Never raises, whatever the bytes.
    """
    try:
        signed = keyring.verify(token, Typ.COMMAND, SENDERS)
    except NotTrusted as error:
        return Opened(CommandRejected(_REFUSALS.get(error.flaw, Refusal.BAD_SIGNATURE)))
    kid = signed.key.kid
    try:
        claims = Claims.read(signed.payload)
        jti = claims.jti()
    except BadClaim as error:
        return Opened(CommandRejected(Refusal.NOT_UNDERSTOOD, kid=kid), str(error))
    try:
        return Opened(_arrived(claims, jti, signed.key, locker, nonce_good, unseal))
    except _Refused as error:
        return Opened(CommandRejected(error.reason, jti, kid), str(error))
    except (BadClaim, NotUnderstood) as error:
        return Opened(CommandRejected(Refusal.NOT_UNDERSTOOD, jti, kid), str(error))


def _arrived(
    claims: Claims,
    jti: Jti,
    key: Key,
    locker: str,
    nonce_good: Callable[[str], bool],
    unseal: Callable[[str], bytes],
) -> CommandArrived:
    claims.allow_only(_CLAIMS)
    claims.text("iss")
    if not claims.is_for(locker):
        raise _Refused(Refusal.WRONG_AUDIENCE, f"aud does not name {locker}")
    issued_at, expires_at = claims.period("iat", "exp")
    command = _opened(_command(claims.members.get("cmd")), unseal)
    permission = PERMISSIONS[type(command)]
    if expires_at - issued_at > permission.lifetime_s * 1000:
        raise _Refused(
            Refusal.LIFETIME_TOO_LONG, f"{command.TYPE} may live {permission.lifetime_s} s from iat to exp at most"
        )
    role = _role(command, permission, key)
    ctr = claims.count("ctr")
    return CommandArrived(
        jti=jti,
        kid=key.kid,
        role=role,
        carrier=key.carrier,
        issued_at=issued_at,
        expires_at=expires_at,
        ctr=None if ctr is None else Counter(ctr),
        nonce_good="nonce" in claims.members and nonce_good(claims.text("nonce")),
        command=command,
    )


def _command(cmd: JSON) -> Command:
    if not isinstance(cmd, dict) or not isinstance(cmd.get("type"), str):
        raise BadClaim("cmd must be an object with a type")
    command = decode_command(str(cmd["type"]), {name: value for name, value in cmd.items() if name != "type"})
    if isinstance(command, RotateKeys):
        _check_keys(command)
    return command


def _opened(command: Command, unseal: Callable[[str], bytes]) -> Command:
    if not isinstance(command, UpsertDriver):
        return command
    try:
        return opened(command, unseal)
    except BadSealedPin as error:
        raise BadClaim(f"cmd.pin_jwe: {error}") from None


def _check_keys(command: RotateKeys) -> None:
    try:
        for key in command.add:
            read_key(member_of(key))
    except BadKeyring as error:
        raise BadClaim(f"cmd.add: {error}") from None


def _role(command: Command, permission: Permission, key: Key) -> Role:
    role = next((role for role in permission.roles if role in key.roles), None)
    if role is None:
        needed = " or ".join(permission.roles)
        raise _Refused(Refusal.NOT_ALLOWED, f"{command.TYPE} needs a key with the role {needed}")
    if isinstance(command, ExpectParcel) and command.carrier != key.carrier:
        raise _Refused(Refusal.NOT_ALLOWED, f"this key is {key.carrier}'s, and cmd.carrier another")
    return role


def make_command(
    command: Command,
    *,
    key: OKPKey,
    issuer: str,
    locker: str,
    jti: Jti,
    at: WallMs,
    lifetime_s: int | None = None,
    ctr: int | None = None,
    nonce: str | None = None,
) -> str:
    """A signed command for one locker; `lifetime_s` is the longest allowed where it is not given.

    What must not be read on the way is sealed already; see `sealed_pin`.
    """
    issued_at = at // 1000
    claims: JsonObject = {
        "iss": issuer,
        "aud": audience([locker]),
        "jti": jti,
        "iat": issued_at,
        "exp": issued_at + (lifetime_s or PERMISSIONS[type(command)].lifetime_s),
        "cmd": {"type": command.TYPE, **encode_command(command)},
    }
    if ctr is not None:
        claims["ctr"] = ctr
    if nonce is not None:
        claims["nonce"] = nonce
    return sign(dumps(claims), key, Typ.COMMAND)
