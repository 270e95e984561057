"""Which keys a locker's proofs are checked with: those it was commissioned with, or the first that it announced."""

from collections.abc import Callable, Mapping

from joserfc.jwk import OKPKey

from controller.contract.jose import MAX_TOKEN_BYTES, Flaw, NotTrusted, Typ, verify
from controller.contract.succession import follow
from controller.contract.wire_json import JsonObject, loads_object
from controller.domain.ids import KeyId
from controller.journal.chain import Verify
from controller.remote.carrier_store import CarrierStore
from controller.remote.notice import Kind, Notice


class DevicePins:
    """Pinned on first use where nobody gave them; given ones win. A later change is told and not followed."""

    def __init__(self, store: CarrierStore, given: Mapping[str, bytes], tell: Callable[[Notice], None]) -> None:
        """`given`: JWK sets by locker, as `locker key show` prints them. Raises ValueError for what is none."""
        self._store = store
        self._tell = tell
        self._verify: dict[str, Verify] = {}
        self._unsaved: dict[str, bytes] = {}
        for locker, jwks in given.items():
            self._verify[locker] = verifier(jwks)
            store.pin_device_keys(locker, jwks)

    def verify_for(self, locker: str) -> Verify | None:
        """What checks this locker's proofs, None while its key is not known."""
        if locker not in self._verify:
            pinned = self._pinned(locker)
            if pinned is None:
                return None
            self._verify[locker] = verifier(pinned)
        return self._verify[locker]

    @property
    def unsaved(self) -> dict[str, bytes]:
        """The keys that were pinned and are not in the store: to be saved with or before any record they vouch for."""
        return dict(self._unsaved)

    def saved(self, pins: Mapping[str, bytes]) -> None:
        """These are in the store now."""
        for locker in pins:
            del self._unsaved[locker]

    def _pinned(self, locker: str) -> bytes | None:
        return self._unsaved.get(locker) or self._store.device_keys(locker)

    def announced(self, locker: str, jwks: bytes) -> bool:
        """A locker says that these are its keys; whether others are trusted from now on than before."""
        pinned = self._pinned(locker)
        if pinned == jwks or len(jwks) > MAX_TOKEN_BYTES:
            return False
        try:
            announced = verifier(jwks)
        except ValueError:
            self._tell(Notice(Kind.KEYS, locker, "announces keys that are no JWK set; ignored"))
            return False
        if pinned is not None and not _vouched(pinned, jwks):
            text = "announces other keys than were pinned; ignored. Was its card replaced? Give the new ones if so"
            self._tell(Notice(Kind.KEYS, locker, text))
            return False
        self._unsaved[locker] = jwks
        self._verify[locker] = announced
        word = "its own word" if pinned is None else "the word of the key before"
        self._tell(Notice(Kind.KEYS, locker, f"its keys are pinned from now on, on {word}"))
        return True


def verifier(jwks: bytes) -> Verify:
    """What checks signatures by the keys of a device's JWK set. Raises ValueError where there is none to sign."""
    members = loads_object(jwks).get("keys")
    listed = members if isinstance(members, list) else []
    keys = dict(_signing_key(member) for member in listed if isinstance(member, dict) and _signs(member))
    if not keys:
        raise ValueError("a device's JWK set needs a key with use sig and crv Ed25519")

    def key_of(kid: KeyId) -> OKPKey:
        if kid not in keys:
            raise NotTrusted(Flaw.KEY_UNKNOWN)
        return keys[kid]

    def check(token: str, typ: Typ) -> bytes:
        return verify(token, typ, key_of)[0]

    return check


def _vouched(pinned: bytes, announced: bytes) -> bool:
    """Whether the key that a locker now signs with is the pinned one, or one that it vouches for."""
    members = loads_object(announced)
    chain, now = members.get("succession"), _present_key(members)
    trusted = _present_key(loads_object(pinned))
    reached = follow(trusted, chain) if trusted is not None and isinstance(chain, list) else trusted
    return now is not None and reached is not None and (now.kid, now["x"]) == (reached.kid, reached["x"])


def _present_key(members: JsonObject) -> OKPKey | None:
    """The one that signs now stands before those that did earlier."""
    listed = members.get("keys")
    signing = [each for each in listed if isinstance(each, dict) and _signs(each)] if isinstance(listed, list) else []
    return _signing_key(signing[0])[1] if signing else None


def _signs(member: JsonObject) -> bool:
    return member.get("use") == "sig" and member.get("crv") == "Ed25519"


def _signing_key(member: JsonObject) -> tuple[KeyId, OKPKey]:
    try:
        public = {name: str(member[name]) for name in ("kty", "crv", "x", "kid")}
    except KeyError as missing:
        raise ValueError(f"a key of the device lacks {missing}") from None
    return KeyId(public["kid"]), OKPKey.import_key({**public})
