"""A locker's keys one after the other, each by the word of the one before."""

import json
from pathlib import Path

import pytest

from controller.contract import device_keys
from controller.contract.device_keys import BadDeviceKeys, DeviceKeys, change_signing_key, new_key, public_jwk
from controller.contract.jose import Typ, sign, verify
from controller.contract.succession import follow, vouch


def test_what_was_signed_before_stays_good_after_two_changes(tmp_path: Path) -> None:
    keys = DeviceKeys.load_or_create(tmp_path / "keys")
    tokens = [sign(b"0", keys.sign, Typ.PROOF)]
    for n in (b"1", b"2"):
        keys = change_signing_key(tmp_path / "keys")
        tokens.append(sign(n, keys.sign, Typ.PROOF))

    assert [verify(token, Typ.PROOF, keys.verifying)[0] for token in tokens] == [b"0", b"1", b"2"]
    assert len(keys.succession) == 2
    assert keys.predecessor == keys.past[-1].kid != keys.sign.kid
    assert (tmp_path / "keys" / "past.json").stat().st_mode & 0o777 == 0o600
    kept = json.loads((tmp_path / "keys" / "past.json").read_text())
    assert all("d" not in key for key in kept["keys"])


def test_a_power_cut_in_between_leaves_the_old_key_in_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = DeviceKeys.load_or_create(tmp_path / "keys")
    write = device_keys.write_private

    def cut(path: Path, content: bytes) -> None:
        if path.name == "sign.jwk":
            raise OSError(5, "power cut", str(path))
        write(path, content)

    monkeypatch.setattr(device_keys, "write_private", cut)
    with pytest.raises(OSError, match="power cut"):
        change_signing_key(tmp_path / "keys")
    monkeypatch.undo()

    found = DeviceKeys.load_or_create(tmp_path / "keys")
    assert (found.sign.kid, found.past, found.succession) == (before.sign.kid, (), ())
    after = change_signing_key(tmp_path / "keys")
    assert [key.kid for key in after.past] == [before.sign.kid]
    assert follow(before.sign, after.succession).kid == after.sign.kid


@pytest.mark.parametrize("content", ["", "[]", '{"keys":[{"kty":"OKP"}]}'])
def test_damaged_old_keys_are_named(tmp_path: Path, content: str) -> None:
    DeviceKeys.load_or_create(tmp_path / "keys")
    (tmp_path / "keys" / "past.json").write_text(content)
    (tmp_path / "keys" / "past.json").chmod(0o600)
    with pytest.raises(BadDeviceKeys, match=r"past\.json"):
        DeviceKeys.load_or_create(tmp_path / "keys")


def test_only_the_trusted_key_and_those_after_it_lead_on() -> None:
    first, second, third, thief = (new_key("Ed25519") for _ in range(4))
    chain = [vouch(first, public_jwk(second, "sig")), vouch(second, public_jwk(third, "sig"))]
    assert follow(first, chain).kid == third.kid
    assert follow(second, chain).kid == third.kid

    of_thief = public_jwk(thief, "sig")
    assert follow(second, [vouch(first, of_thief)]).kid == second.kid
    assert follow(third, [*chain, vouch(thief, of_thief), vouch(second, of_thief)]).kid == third.kid
    lie = sign(b'{"previous":"' + str(third.kid).encode() + b'","key":{}}', thief, Typ.DEVICE_KEY)
    assert follow(third, [lie, 7, None, "x", "a.b.c"]).kid == third.kid
