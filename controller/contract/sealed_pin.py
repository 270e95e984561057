"""A driver's PIN on its way: the verifier, sealed to the one locker that is to know it.

A verifier is slow to guess from, and a PIN is six digits: whoever may read a command must not get one. So it travels as
JWE to the locker's key with `use` `enc`; the plaintext is `{"driver", "pin"}`, so that nobody's sealed PIN can be given
to another.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from joserfc.jwk import OKPKey

from controller.contract.jose import NotTrusted, seal
from controller.contract.pin_verifier import SCHEME
from controller.contract.wire_json import JsonObject, dumps, loads_object
from controller.domain.commands import UpsertDriver
from controller.domain.ids import PinVerifier

_VERIFIER = re.compile(rf"{SCHEME}\.[A-Za-z0-9_-]{{22}}\.[A-Za-z0-9_-]{{43}}")


class BadSealedPin(ValueError):
    """What should hold a PIN's verifier does not; the sentence says what is wrong."""


def sealed(command: UpsertDriver, key: OKPKey) -> UpsertDriver:
    """The command as it may travel to the locker whose key this is."""
    if command.pin is None:
        return command
    plaintext = dumps({"driver": command.driver, "pin": command.pin})
    return replace(command, pin=PinVerifier(seal(plaintext, key)))


def opened(command: UpsertDriver, unseal: Callable[[str], bytes]) -> UpsertDriver:
    """The command as the rules take it. Raises `BadSealedPin`."""
    if command.pin is None:
        return command
    try:
        held = loads_object(unseal(command.pin))
    except (NotTrusted, ValueError):
        raise BadSealedPin("it is not sealed to this locker's key with use enc; see the topic …/keys") from None
    pin = held.get("pin")
    if held.get("driver") != command.driver or not isinstance(pin, str) or not _VERIFIER.fullmatch(pin):
        raise BadSealedPin(f"it does not hold driver and pin, a verifier of the form {SCHEME}.SALT.HASH")
    return replace(command, pin=PinVerifier(pin))


def sealing_key(keys: JsonObject) -> OKPKey:
    """What to seal to by a locker's public JWK set. Raises ValueError where there is no such key."""
    listed = keys.get("keys")
    for key in listed if isinstance(listed, list) else []:
        if isinstance(key, dict) and (key.get("use"), key.get("crv")) == ("enc", "X25519"):
            public = {name: str(key.get(name)) for name in ("kty", "crv", "x", "kid")}
            return OKPKey.import_key({**public})
    raise ValueError("a locker's JWK set needs a key with use enc and crv X25519")
