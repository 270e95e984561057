from pathlib import Path

import pytest

from controller.contract.keys import Keyring
from controller.domain.ids import CarrierId, Role
from controller.remote.key_set import KeySet, KeysMissing


def test_the_keys_made_are_the_keys_found_and_a_locker_can_trust_them(tmp_path: Path) -> None:
    made = KeySet.create(tmp_path / "acme", CarrierId("acme"))
    found = KeySet.load(tmp_path / "acme")
    ring = Keyring.load(tmp_path / "acme" / "trust.json")

    assert found.carrier == "acme"
    assert found.trust() == made.trust()
    assert ring.carriers == ("acme",)
    assert found.unseal(ring.seal_for(CarrierId("acme"), b"12345678")) == b"12345678"
    assert ring.custodian is not None
    assert ring.custodian.kid == found.signing(Role.CUSTODIAN).kid


def test_private_keys_are_for_their_owner_alone(tmp_path: Path) -> None:
    KeySet.create(tmp_path / "acme", CarrierId("acme"))

    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "acme").glob("*.jwk")}
    assert modes == dict.fromkeys(
        ("carrier.jwk", "carrier-enc.jwk", "custodian.jwk", "operator.jwk", "technician.jwk"), 0o600
    )
    assert '"d"' not in (tmp_path / "acme" / "trust.json").read_text()


def test_keys_are_never_replaced(tmp_path: Path) -> None:
    KeySet.create(tmp_path, CarrierId("acme"))
    before = (tmp_path / "carrier.jwk").read_bytes()

    with pytest.raises(FileExistsError, match="exists already"):
        KeySet.create(tmp_path, CarrierId("acme"))
    assert (tmp_path / "carrier.jwk").read_bytes() == before


def test_what_is_not_here_is_asked_for_by_name(tmp_path: Path) -> None:
    KeySet.create(tmp_path, CarrierId("acme"))
    (tmp_path / "operator.jwk").unlink()
    keys = KeySet.load(tmp_path)

    assert keys.signing(Role.CARRIER).kid
    with pytest.raises(KeysMissing, match=r"operator\.jwk, which is not there"):
        keys.signing(Role.OPERATOR)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"kty":"OKP","crv":"Ed25519"}'])
def test_a_damaged_key_is_named(tmp_path: Path, content: str) -> None:
    KeySet.create(tmp_path, CarrierId("acme"))
    (tmp_path / "custodian.jwk").write_text(content)

    with pytest.raises(KeysMissing, match=r"custodian\.jwk"):
        KeySet.load(tmp_path)


def test_an_open_key_file_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(KeysMissing, match="locker carrier keys"):
        KeySet.load(tmp_path)
    KeySet.create(tmp_path, CarrierId("acme"))
    (tmp_path / "carrier.jwk").chmod(0o640)
    with pytest.raises(KeysMissing, match="chmod 600"):
        KeySet.load(tmp_path)
