"""PINs on their way: readable for the one locker they are for, and for nobody else."""

import json
from base64 import urlsafe_b64decode

import pytest
from support.keyring import device_keys, key_set, keyring, to_the_device

from controller.contract.codec import encode_command
from controller.contract.command import Opened, make_command, open_command
from controller.contract.device_keys import new_key
from controller.contract.jose import Typ, seal, sign
from controller.contract.pin_verifier import make_verifier, verifies
from controller.contract.sealed_pin import sealed, sealing_key
from controller.contract.wire_json import dumps
from controller.domain.commands import UpsertDriver
from controller.domain.ids import DriverId, Jti, Role, WallMs
from controller.domain.inputs import CommandArrived, CommandRejected
from controller.domain.refusals import Refusal

NOW = WallMs(1_790_000_000_000)
VERIFIER = make_verifier("482915", bytes(16))
D7 = DriverId("d7")


def opened(token: str) -> Opened:
    return open_command(token.encode(), keyring(), "L0042", lambda nonce: False, to_the_device)


def said(pin_jwe: object, field: str = "pin_jwe") -> str:
    """An upsert of driver d7 as somebody may write it."""
    claims = {"iss": "a", "aud": "L0042", "jti": "j1", "iat": NOW // 1000, "exp": NOW // 1000 + 60}
    cmd = {"type": "driver.upsert", "driver": "d7", field: pin_jwe}
    return sign(json.dumps(claims | {"cmd": cmd}).encode(), key_set().signing(Role.CARRIER), Typ.COMMAND)


def test_the_locker_reads_what_nobody_on_the_way_can() -> None:
    command = sealed(UpsertDriver(driver=D7, pin=VERIFIER), sealing_key(device_keys().public()))
    key = key_set().signing(Role.CARRIER)
    token = make_command(command, key=key, issuer="acme", locker="L0042", jti=Jti("j1"), at=NOW)

    payload = token.split(".")[1]
    assert VERIFIER.encode() not in urlsafe_b64decode(payload + "==")
    assert set(encode_command(command)) == {"driver", "pin_jwe", "scope"}
    item = opened(token).item
    assert isinstance(item, CommandArrived)
    assert isinstance(item.command, UpsertDriver)
    assert item.command.pin == VERIFIER
    assert verifies("482915", item.command.pin)


@pytest.mark.parametrize(
    ("token", "words"),
    [
        (said(VERIFIER, "pin"), "is not a field of it; is pin_jwe meant"),
        (said(VERIFIER), "cmd.pin_jwe must be a string that matches"),
        (said(7), "cmd.pin_jwe must be a string"),
        (said(seal(dumps({"driver": "d7", "pin": VERIFIER}), new_key("X25519"))), "not sealed to this locker's key"),
        (said(seal(b"?", device_keys().enc)), "not sealed to this locker's key"),
        (said(seal(dumps({"driver": "d8", "pin": VERIFIER}), device_keys().enc)), "does not hold driver and pin"),
        (said(seal(dumps({"driver": "d7", "pin": "482915"}), device_keys().enc)), "does not hold driver and pin"),
        (said(seal(dumps({"pin": VERIFIER}), device_keys().enc)), "does not hold driver and pin"),
    ],
)
def test_anything_else_is_refused_and_its_sender_told_how(token: str, words: str) -> None:
    found = opened(token)
    assert isinstance(found.item, CommandRejected)
    assert found.item.reason is Refusal.NOT_UNDERSTOOD
    assert words in str(found.detail)
    assert VERIFIER not in str(found.detail)


def test_without_a_pin_nothing_is_sealed() -> None:
    command = UpsertDriver(driver=D7)
    assert sealed(command, device_keys().enc) == command
    with pytest.raises(ValueError, match="use enc"):
        sealing_key({"keys": []})
