import json
from pathlib import Path

import pytest

from controller.contract.device_keys import BadDeviceKeys, DeviceKeys
from controller.contract.jose import Typ, seal, sign, unseal, verify


def test_the_first_start_makes_keys_and_the_second_finds_them(tmp_path: Path) -> None:
    made = DeviceKeys.load_or_create(tmp_path / "keys")
    found = DeviceKeys.load_or_create(tmp_path / "keys")

    assert verify(sign(b"{}", made.sign, Typ.PROOF), Typ.PROOF, lambda _: found.sign)[0] == b"{}"
    assert unseal(seal(b"x", made.enc), found.enc) == b"x"
    assert found.code == made.code
    assert len(made.code) == 32


def test_nobody_else_can_read_them(tmp_path: Path) -> None:
    DeviceKeys.load_or_create(tmp_path / "keys")

    files = sorted((tmp_path / "keys").iterdir())
    assert [file.name for file in files] == ["code.jwk", "enc.jwk", "sign.jwk"]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700


def test_what_is_public_holds_no_secret(tmp_path: Path) -> None:
    public = json.dumps(DeviceKeys.load_or_create(tmp_path / "keys").public())

    assert '"d"' not in public
    assert '"k"' not in public
    assert [key["use"] for key in json.loads(public)["keys"]] == ["sig", "enc"]


def test_a_first_start_that_was_cut_off_is_begun_anew(tmp_path: Path) -> None:
    half = tmp_path / "keys.new"
    half.mkdir()
    (half / "sign.jwk").write_text("{")

    assert DeviceKeys.load_or_create(tmp_path / "keys").code == DeviceKeys.load_or_create(tmp_path / "keys").code


def test_an_empty_folder_made_by_somebody_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()

    assert DeviceKeys.load_or_create(tmp_path / "keys").code


@pytest.mark.parametrize("name", ["sign", "enc", "code"])
def test_a_missing_key_is_never_silently_replaced(tmp_path: Path, name: str) -> None:
    DeviceKeys.load_or_create(tmp_path / "keys")
    (tmp_path / "keys" / f"{name}.jwk").unlink()

    with pytest.raises(BadDeviceKeys, match=rf"{name}\.jwk is missing.*from a backup"):
        DeviceKeys.load_or_create(tmp_path / "keys")


@pytest.mark.parametrize("name", ["sign", "enc", "code"])
@pytest.mark.parametrize("content", ["", "{}", "[]", '{"kty":"OKP"}', '{"kty":"oct","k":"AAAA"}'])
def test_a_damaged_key_is_named(tmp_path: Path, name: str, content: str) -> None:
    DeviceKeys.load_or_create(tmp_path / "keys")
    (tmp_path / "keys" / f"{name}.jwk").write_text(content)

    with pytest.raises(BadDeviceKeys, match=name):
        DeviceKeys.load_or_create(tmp_path / "keys")


def test_the_two_curves_are_not_mixed_up(tmp_path: Path) -> None:
    DeviceKeys.load_or_create(tmp_path / "keys")
    (tmp_path / "keys" / "enc.jwk").write_bytes((tmp_path / "keys" / "sign.jwk").read_bytes())

    with pytest.raises(BadDeviceKeys, match="not a private X25519 JWK"):
        DeviceKeys.load_or_create(tmp_path / "keys")


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    DeviceKeys.load_or_create(tmp_path / "keys")
    (tmp_path / "keys" / "code.jwk").chmod(0o644)

    with pytest.raises(BadDeviceKeys, match="chmod 600"):
        DeviceKeys.load_or_create(tmp_path / "keys")
