"""A second identifier, sealed to the locker that asks for it: nobody between can read it."""

from joserfc.jwk import OKPKey

from controller.contract.jose import seal
from controller.contract.wire_json import JsonObject


def sealed_second(digits: str, jwks: JsonObject) -> str:
    """The JWE for `second_jwe` of `parcel.expect`. `jwks` is what `locker key show` prints, or the locker publishes.

    Raises ValueError for anything but digits, and for a set without a key to seal to.
    """
    if not digits.isascii() or not digits.isdecimal():
        raise ValueError("a second identifier is digits alone")
    members = jwks.get("keys")
    for member in members if isinstance(members, list) else []:
        if isinstance(member, dict) and member.get("use") == "enc":
            return seal(digits.encode(), OKPKey.import_key({name: str(value) for name, value in member.items()}))
    raise ValueError("there is no key with use = enc: give what `locker key show` prints at that locker")
