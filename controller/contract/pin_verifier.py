"""What a carrier tells of a driver's PIN: enough to recognise it, and slow to guess from.

`scrypt-16384-8-5.SALT.HASH`, both base64url without padding: 16 random bytes, and the 32 of scrypt (RFC 7914) of the
PIN's ASCII digits with N = 16384, r = 8, p = 5. The figures are fixed, so that every PIN takes as long to look at as
any other, in 16 MiB of memory.
"""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hmac import compare_digest

from controller.domain.ids import PinVerifier

SCHEME = "scrypt-16384-8-5"
SALT_BYTES = 16
_MOST_MEMORY = 32 * 1024 * 1024
SHORTEST_PIN, LONGEST_PIN = 6, 12
"""Digits. The locker cannot see how long a PIN is: whoever makes the verifier sees to it."""


def make_verifier(pin: str, salt: bytes) -> PinVerifier:
    """The verifier of a PIN, which takes some tenths of a second. Raises ValueError for one that is easily guessed."""
    if not (pin.isascii() and pin.isdecimal() and SHORTEST_PIN <= len(pin) <= LONGEST_PIN):
        raise ValueError(f"a PIN is {SHORTEST_PIN} to {LONGEST_PIN} digits")
    if len(set(pin)) < 3 or pin in "01234567890123456789" or pin in "98765432109876543210":
        raise ValueError("this PIN is among the first that anybody would try; take another")
    return PinVerifier(f"{SCHEME}.{_text(salt)}.{_text(_hash(pin, salt))}")


def verifies(pin: str, verifier: PinVerifier) -> bool:
    """Whether this is the PIN, after the same time whether it is or not."""
    _, salt, expected = verifier.split(".")
    return compare_digest(_hash(pin, _bytes(salt)), _bytes(expected))


def _hash(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=16384, r=8, p=5, maxmem=_MOST_MEMORY, dklen=32)


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
