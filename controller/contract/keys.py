"""The keyring: the public keys a locker trusts, and for what. A JWK set (RFC 7517) with our `roles` and `carrier`."""

import re
from base64 import urlsafe_b64decode
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from joserfc.jwk import OKPKey

from controller.contract.jose import MAX_TOKEN_BYTES, Flaw, NotTrusted, Typ, seal, verify
from controller.contract.wire_json import JSON, JsonObject, loads_object
from controller.domain.ids import CarrierId, KeyId, KeyPoint, Role
from controller.domain.trust import TrustedKey, Use

KEY_ROLES = (Role.CARRIER, Role.CUSTODIAN, Role.OPERATOR, Role.TECHNICIAN)
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_CARRIER = re.compile(r"[A-Za-z0-9_-]{1,64}")
_MEMBERS = ("kty", "crv", "x", "kid", "use", "alg", "key_ops", "roles", "carrier")


CURVES = {Use.SIG: "Ed25519", Use.ENC: "X25519"}


class BadKeyring(ValueError):
    """The keyring cannot be used; the sentence names the key and what to do."""


@dataclass(frozen=True, slots=True)
class Key:
    """One public key, and what it may do."""

    kid: KeyId
    use: Use
    roles: tuple[Role, ...]
    carrier: CarrierId | None
    """Whose parcels, passes and drivers it reaches; None for keys of the site's operators."""
    jwk: OKPKey


@dataclass(frozen=True, slots=True)
class Signed:
    """What a trusted key has signed."""

    payload: bytes
    key: Key


class Keyring:
    """The keys of one locker, complete: each carrier can sign, and can be written to."""

    def __init__(self, keys: Iterable[Key]) -> None:
        """Raises `BadKeyring` where they do not make a whole."""
        self.keys: tuple[Key, ...] = ()
        self._by_kid: dict[KeyId, Key] = {}
        self._sealing: dict[CarrierId, Key] = {}
        self.become(keys)

    @classmethod
    def load(cls, path: Path) -> "Keyring":
        """Read a JWK set. Raises `BadKeyring` with the file's name, OSError where it cannot be read."""
        try:
            return cls.parse(path.read_bytes())
        except BadKeyring as error:
            raise BadKeyring(f"{path}: {error}") from None

    @classmethod
    def parse(cls, raw: bytes) -> "Keyring":
        """Read a JWK set. Raises `BadKeyring`."""
        try:
            members = loads_object(raw).get("keys")
        except ValueError as error:
            raise BadKeyring(f"not a JWK set: {error}") from None
        if not isinstance(members, list) or not members:
            raise BadKeyring('not a JWK set: it needs "keys", a list of at least one key')
        keys = tuple(read_key(member) for member in members)
        keyring = cls(keys)
        _check_custodian(keyring.keys)
        return keyring

    def become(self, keys: Iterable[Key]) -> None:
        """From now on these keys count, and no others. Raises `BadKeyring`, and then nothing has changed."""
        fresh = tuple(keys)
        _check_apart(fresh)
        self._sealing = _sealing_keys(fresh)
        self._by_kid = {key.kid: key for key in fresh}
        self.keys = fresh

    def trusted(self) -> tuple[TrustedKey, ...]:
        """The keys as they go on record, in their order."""
        return tuple(map(_trusted, self.keys))

    @property
    def custodian(self) -> Key | None:
        """The key whose acknowledgements move the cursor; while it is being replaced, one of the two."""
        return next((key for key in self.keys if Role.CUSTODIAN in key.roles), None)

    @property
    def carriers(self) -> tuple[CarrierId, ...]:
        """All carriers, by name."""
        return tuple(sorted(self._sealing))

    def seal_for(self, carrier: CarrierId, plaintext: bytes) -> str:
        """The JWE that only this carrier can open. Raises KeyError for a carrier that the keyring does not name."""
        return seal(plaintext, self._sealing[carrier].jwk)

    def verify(self, token: bytes | str, typ: Typ, roles: tuple[Role, ...], max_bytes: int = MAX_TOKEN_BYTES) -> Signed:
        """What a key with one of `roles` has signed. Raises `NotTrusted`."""

        def key_of(kid: KeyId) -> OKPKey:
            key = self._by_kid.get(kid)
            if key is None:
                raise NotTrusted(Flaw.KEY_UNKNOWN)
            if key.use is not Use.SIG or not set(roles) & set(key.roles):
                raise NotTrusted(Flaw.WRONG_ROLE)
            return key.jwk

        payload, kid = verify(token, typ, key_of, max_bytes)
        return Signed(payload, self._by_kid[kid])


def read_key(member: JSON) -> Key:
    """One member of the keyring. Raises `BadKeyring`."""
    if not isinstance(member, dict):
        raise BadKeyring("each key must be a JSON object")
    kid = member.get("kid")
    if not isinstance(kid, str) or not _ID.fullmatch(kid):
        raise BadKeyring("each key needs a kid of 1 to 64 letters, digits, ., _ and -")
    try:
        return _checked(KeyId(kid), member)
    except BadKeyring as error:
        raise BadKeyring(f"key {kid}: {error}") from None


def trusted_keys(members: Iterable[JSON]) -> tuple[TrustedKey, ...]:
    """Members of a keyring as they go on record. Raises `BadKeyring`."""
    return tuple(_trusted(read_key(member)) for member in members)


def _trusted(key: Key) -> TrustedKey:
    point = KeyPoint(str(key.jwk["x"]))
    return TrustedKey(kid=key.kid, use=key.use, roles=key.roles, x=point, carrier=key.carrier)


def member_of(key: TrustedKey) -> JsonObject:
    """A key on record as a member of a keyring."""
    roles: list[JSON] = [role.value for role in key.roles]
    member: JsonObject = {"kty": "OKP", "crv": CURVES[key.use], "x": key.x, "kid": key.kid, "use": key.use.value}
    member["roles"] = roles
    return member if key.carrier is None else member | {"carrier": key.carrier}


def _checked(kid: KeyId, member: JsonObject) -> Key:
    if "d" in member:
        raise BadKeyring("this is a private key. Keep it with its owner, and put only its public half here")
    for name in member.keys() - set(_MEMBERS):
        near = get_close_matches(name, _MEMBERS, 1)
        raise BadKeyring(f"{name[:32]!a} is not a member of a key here{f'; is {near[0]} meant?' if near else ''}")
    use = _use(member)
    roles = _roles(member)
    return Key(kid, use, roles, _carrier(member, use, roles), _jwk(kid, member, use))


def _use(member: JsonObject) -> Use:
    use = member.get("use")
    if use not in tuple(Use):
        raise BadKeyring("use must be sig or enc")
    return Use(str(use))


def _roles(member: JsonObject) -> tuple[Role, ...]:
    names = member.get("roles")
    allowed = {role.value: role for role in KEY_ROLES}
    if not isinstance(names, list) or not names or any(name not in allowed for name in names):
        raise BadKeyring(f"roles must be a list of one or more of {', '.join(allowed)}")
    return tuple(allowed[str(name)] for name in names)


def _carrier(member: JsonObject, use: Use, roles: tuple[Role, ...]) -> CarrierId | None:
    carrier = member.get("carrier")
    if use is Use.ENC and roles != (Role.CARRIER,):
        raise BadKeyring("a key to seal to belongs to a carrier: its roles must be carrier alone")
    if Role.CARRIER not in roles:
        if carrier is not None:
            raise BadKeyring("only a key with the role carrier names a carrier")
        return None
    if {Role.OPERATOR, Role.TECHNICIAN} & set(roles):
        raise BadKeyring("a carrier's key cannot be an operator's or technician's too: it would reach every parcel")
    if not isinstance(carrier, str) or not _CARRIER.fullmatch(carrier):
        raise BadKeyring("a key with the role carrier must name its carrier: 1 to 64 letters, digits, _ and -")
    return CarrierId(carrier)


def _jwk(kid: KeyId, member: JsonObject, use: Use) -> OKPKey:
    curve, x = CURVES[use], member.get("x")
    if (member.get("kty"), member.get("crv")) != ("OKP", curve):
        raise BadKeyring(f"a key for {use} must have kty OKP and crv {curve}")
    if not isinstance(x, str) or not re.fullmatch(r"[A-Za-z0-9_-]{43}", x):
        raise BadKeyring("x must be 32 bytes in base64url without padding")
    jwk = OKPKey.import_key({"kty": "OKP", "crv": curve, "x": x, "kid": kid, "use": use.value})
    if use is Use.ENC:
        _try_sealing(jwk)
    return jwk


def _try_sealing(jwk: OKPKey) -> None:
    try:
        seal(b"", jwk)
    except ValueError:
        raise BadKeyring("nothing can be sealed to this key: x is not a point to agree on a secret with") from None


def _check_apart(keys: tuple[Key, ...]) -> None:
    for kid, times in Counter(key.kid for key in keys).items():
        if times > 1:
            raise BadKeyring(f"key {kid} stands there {times} times: give every key a kid of its own")
    owner: dict[bytes, KeyId] = {}
    for key in keys:
        other = owner.setdefault(_point(key), key.kid)
        if other != key.kid:
            raise BadKeyring(f"keys {other} and {key.kid} are one and the same key: make a new one for each")


def _check_custodian(keys: tuple[Key, ...]) -> None:
    custodians = [key.kid for key in keys if Role.CUSTODIAN in key.roles]
    if len(custodians) > 1:
        raise BadKeyring(f"keys {' and '.join(custodians)} are both custodian: exactly one backend acknowledges")


def _point(key: Key) -> bytes:
    return urlsafe_b64decode(f"{key.jwk['x']}=")


def _sealing_keys(keys: tuple[Key, ...]) -> dict[CarrierId, Key]:
    signing = {key.carrier for key in keys if key.carrier is not None and key.use is Use.SIG}
    found: dict[CarrierId, Key] = {}
    for carrier in sorted({key.carrier for key in keys if key.carrier is not None}):
        enc = [key for key in keys if key.carrier == carrier and key.use is Use.ENC]
        if len(enc) != 1:
            raise BadKeyring(
                f"carrier {carrier} has {len(enc)} keys with use enc: it needs exactly one, to seal pickup codes to"
            )
        if carrier not in signing:
            raise BadKeyring(f"carrier {carrier} has no key with use sig: it could not send any command")
        found[carrier] = enc[0]
    return found
