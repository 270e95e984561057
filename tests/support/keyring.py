"""Keys for tests: the other end's, the keyring a locker trusts them by, and a device's own."""

from functools import cache
from pathlib import Path
from secrets import token_bytes

from joserfc.jwk import OKPKey

from controller.contract.device_keys import DeviceKeys, new_key
from controller.contract.jose import unseal
from controller.contract.keys import CURVES, Keyring
from controller.contract.wire_json import dumps
from controller.domain.ids import CarrierId
from controller.domain.trust import Use
from controller.remote.key_set import SEALING, KeySet

NAMES = ("custodian", "carrier", SEALING, "operator", "technician")


@cache
def key_set(carrier: str = "acme") -> KeySet:
    """One carrier's keys, in memory, the same for the whole run."""
    keys = {name: _key(name, carrier) for name in NAMES}
    return KeySet(CarrierId(carrier), keys, Path("/nowhere"))


def _key(name: str, carrier: str) -> OKPKey:
    return new_key(CURVES[Use.ENC if name == SEALING else Use.SIG], f"{carrier}-{name}")


@cache
def keyring(*others: str) -> Keyring:
    """What a locker trusts: all keys of `acme`, and the carrier's keys of `others`."""
    members = list(key_set().trust()["keys"])  # type: ignore[arg-type]  # a list, as `trust` has just made it
    for carrier in others:
        listed = key_set(carrier).trust()["keys"]
        assert isinstance(listed, list)
        members += [member for member in listed if isinstance(member, dict) and member["roles"] == ["carrier"]]
    return Keyring.parse(dumps({"keys": members}))


@cache
def device_keys() -> DeviceKeys:
    """One locker's own keys, in memory."""
    return DeviceKeys(new_key("Ed25519"), new_key("X25519"), token_bytes(32))


def to_the_device(token: str) -> bytes:
    """What was sealed to that locker."""
    return unseal(token, device_keys().enc)
