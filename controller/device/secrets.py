"""Codes in the clear, for as long as it takes to turn them into something else. Nothing here is ever logged."""

import hashlib
import hmac
import json
import secrets

from controller.contract.keys import Keyring
from controller.domain.codes import LONGEST_TYPED
from controller.domain.ids import CarrierId, CodeHmac, ParcelId
from controller.domain.inputs import FreshCode
from controller.domain.naming import name_of

CANDIDATES = 3
"""Codes brought along for one to be issued: that three in a row are live already happens in no locker's lifetime."""
SALT_BYTES = 16


def typed_second(text: str, key: bytes) -> CodeHmac | None:
    """The HMAC of a second identifier; None for anything but 1 to 64 ASCII digits. It can be mistaken for no code's."""
    if not text.isascii() or not text.isdecimal() or len(text) > LONGEST_TYPED:
        return None
    return CodeHmac(hmac.new(key, f"second {text}".encode(), hashlib.sha256).hexdigest())


def typed_code(text: str, key: bytes) -> CodeHmac | None:
    """The HMAC of what somebody typed; None for what no code can be: anything but 1 to 64 ASCII digits."""
    if not text.isascii() or not text.isdecimal() or len(text) > LONGEST_TYPED:
        return None
    return CodeHmac(hmac.new(key, text.encode(), hashlib.sha256).hexdigest())


class DeviceSecrets:
    """New codes, from the operating system's random numbers."""

    def __init__(self, keyring: Keyring, code_key: bytes) -> None:
        self._keyring = keyring
        self._code_key = code_key

    def fresh_codes(self, parcel: ParcelId, carrier: CarrierId, digits: int) -> tuple[FreshCode, ...]:
        """Some new codes of so many digits, sealed to the carrier. Raises KeyError for a carrier without an encryption
        key.
        """
        return tuple(self._fresh_code(parcel, carrier, digits) for _ in range(CANDIDATES))

    def salt(self) -> bytes:
        """16 random bytes for the digest of a private part."""
        return secrets.token_bytes(SALT_BYTES)

    def _fresh_code(self, parcel: ParcelId, carrier: CarrierId, digits: int) -> FreshCode:
        code = f"{secrets.randbelow(10**digits):0{digits}d}"
        sealed = self._keyring.seal_for(carrier, json.dumps({"code": code, "parcel": name_of(parcel)}).encode())
        known = hmac.new(self._code_key, code.encode(), hashlib.sha256).hexdigest()
        return FreshCode(CodeHmac(known), sealed)
