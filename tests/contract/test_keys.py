from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.keyring import key_set, keyring

from controller.contract.jose import Flaw, NotTrusted, Typ, sign, unseal
from controller.contract.keys import BadKeyring, Keyring
from controller.contract.wire_json import dumps, loads_object
from controller.domain.ids import CarrierId, Role

Members = list[dict[str, Any]]


def trusted(carrier: str = "acme") -> Members:
    members: Any = loads_object(dumps(key_set(carrier).trust()))["keys"]
    return list(members)


def named(members: Members, name: str) -> dict[str, Any]:
    return next(member for member in members if member["kid"] == f"acme-{name}")


def refusal(change: Callable[[Members], object]) -> str:
    members = trusted()
    change(members)
    with pytest.raises(BadKeyring) as refused:
        Keyring.parse(dumps({"keys": members}))
    return str(refused.value)


def test_a_good_keyring_knows_its_custodian_and_carriers() -> None:
    ring = keyring("beta")

    assert ring.custodian is not None
    assert ring.custodian.kid == "acme-custodian"
    assert ring.carriers == ("acme", "beta")


def test_what_is_sealed_for_a_carrier_opens_with_its_key_alone() -> None:
    token = keyring("beta").seal_for(CarrierId("beta"), b"code")

    assert unseal(token, key_set("beta").keys["carrier-enc"]) == b"code"
    assert key_set().unseal(token) is None
    with pytest.raises(KeyError):
        keyring("beta").seal_for(CarrierId("gamma"), b"code")


def test_a_signature_counts_only_in_the_role_of_its_key() -> None:
    token = sign(b"{}", key_set().keys["carrier"], Typ.COMMAND)

    assert keyring().verify(token, Typ.COMMAND, (Role.OPERATOR, Role.CARRIER)).key.carrier == "acme"
    with pytest.raises(NotTrusted) as refused:
        keyring().verify(token, Typ.COMMAND, (Role.OPERATOR,))
    assert refused.value.flaw is Flaw.WRONG_ROLE


def test_a_key_that_is_not_in_the_keyring_counts_for_nothing() -> None:
    token = sign(b"{}", key_set("beta").keys["carrier"], Typ.COMMAND)

    with pytest.raises(NotTrusted) as refused:
        keyring().verify(token, Typ.COMMAND, (Role.CARRIER,))
    assert refused.value.flaw is Flaw.KEY_UNKNOWN


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda keys: keys.append(keys[0]), "acme-custodian stands there 2 times"),
        (lambda keys: keys.append({**keys[0], "kid": "twin", "roles": ["operator"]}), "one and the same key"),
        (lambda keys: named(keys, "carrier").update(d="secret"), "acme-carrier: this is a private key"),
        (lambda keys: named(keys, "operator").update(crv="X25519"), "acme-operator: a key for sig must have"),
        (
            lambda keys: named(keys, "carrier-enc").update(crv="Ed25519"),
            "a key for enc must have kty OKP and crv X25519",
        ),
        (lambda keys: keys.remove(named(keys, "carrier-enc")), "carrier acme has 0 keys with use enc"),
        (lambda keys: keys.remove(named(keys, "carrier")), "carrier acme has no key with use sig"),
        (lambda keys: named(keys, "operator").update(roles=["king"]), "roles must be a list of one or more of carrier"),
        (lambda keys: named(keys, "operator").update(roles=[]), "roles must be a list of one or more of carrier"),
        (lambda keys: named(keys, "operator").update(roles=["custodian"]), "are both custodian"),
        (lambda keys: named(keys, "operator").update(roles=["operator", "carrier"], carrier="acme"), "every parcel"),
        (lambda keys: named(keys, "operator").update(carrier="acme"), "only a key with the role carrier"),
        (lambda keys: named(keys, "carrier").pop("carrier"), "must name its carrier"),
        (lambda keys: named(keys, "carrier").update(use="both"), "use must be sig or enc"),
        (lambda keys: named(keys, "carrier").update(x="AAAA"), "x must be 32 bytes"),
        (lambda keys: named(keys, "carrier-enc").update(x="A" * 43), "nothing can be sealed to this key"),
        (
            lambda keys: named(keys, "carrier").update(role=["x"]),
            "'role' is not a member of a key here; is roles meant?",
        ),
        (lambda keys: named(keys, "carrier").update(kid="a b"), "each key needs a kid"),
        (lambda keys: keys.append("key"), "each key must be a JSON object"),
        (lambda keys: keys.clear(), "a list of at least one key"),
    ],
)
def test_a_bad_keyring_is_refused_with_the_key_and_the_reason(change: Callable[[Members], object], words: str) -> None:
    assert words in refusal(change)


def test_two_keys_to_seal_to_are_one_too_many() -> None:
    other = next(member for member in trusted("beta") if member["use"] == "enc")

    assert "carrier acme has 2 keys with use enc" in refusal(lambda keys: keys.append({**other, "carrier": "acme"}))


@pytest.mark.parametrize("raw", [b"", b"no", b"[]", b'{"keys":7}', b"\xff"])
def test_what_is_no_jwk_set_is_refused(raw: bytes) -> None:
    with pytest.raises(BadKeyring, match="not a JWK set"):
        Keyring.parse(raw)


def test_a_refused_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "trust.json").write_text("{}")

    with pytest.raises(BadKeyring, match=r"trust\.json: not a JWK set"):
        Keyring.load(tmp_path / "trust.json")
