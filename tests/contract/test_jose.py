import json
import subprocess
from base64 import urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import OKPKey

from controller.contract.device_keys import new_key
from controller.contract.jose import MAX_TOKEN_BYTES, Flaw, NotTrusted, Typ, seal, sign, unseal, verify
from controller.domain.ids import KeyId

KEY = new_key("Ed25519", "k1")
PAYLOAD = b'{"a":1}'


def key_of(kid: KeyId) -> OKPKey:
    if kid != "k1":
        raise NotTrusted(Flaw.KEY_UNKNOWN)
    return KEY


def b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def forged(header: dict[str, object], payload: bytes = PAYLOAD) -> str:
    """A token with any header, really signed over it."""
    signed = f"{b64(json.dumps(header).encode())}.{b64(payload)}"
    private = KEY.private_key
    assert isinstance(private, Ed25519PrivateKey)
    return f"{signed}.{b64(private.sign(signed.encode()))}"


GOOD: dict[str, object] = {"alg": "Ed25519", "kid": "k1", "typ": Typ.COMMAND.value}


def flaw_of(token: bytes | str, typ: Typ = Typ.COMMAND) -> Flaw:
    with pytest.raises(NotTrusted) as refused:
        verify(token, typ, key_of)
    return refused.value.flaw


def test_what_was_signed_comes_back_with_the_key_that_signed_it() -> None:
    assert verify(sign(PAYLOAD, KEY, Typ.COMMAND), Typ.COMMAND, key_of) == (PAYLOAD, "k1")
    assert verify(forged(GOOD), Typ.COMMAND, key_of) == (PAYLOAD, "k1")


def test_a_token_is_the_same_whoever_reads_it_as_text_or_bytes() -> None:
    token = sign(PAYLOAD, KEY, Typ.PROOF)

    assert verify(token.encode(), Typ.PROOF, key_of) == verify(token, Typ.PROOF, key_of)


@pytest.mark.parametrize("other", [typ for typ in Typ if typ is not Typ.COMMAND])
def test_one_kind_of_token_never_passes_for_another(other: Typ) -> None:
    assert flaw_of(sign(PAYLOAD, KEY, other)) is Flaw.WRONG_TYPE


@pytest.mark.parametrize(
    "change",
    [
        {"alg": "none"},
        {"alg": "EdDSA"},
        {"alg": "HS256"},
        {"alg": None},
        {"jwk": KEY.as_dict(private=False)},
        {"jku": "https://example.org/keys"},
        {"x5u": "https://example.org/cert"},
        {"x5c": ["MIIB"]},
        {"crit": ["exp"], "exp": 1},
        {"crit": []},
        {"b64": False},
        {"kid": 7},
        {"kid": None},
    ],
    ids=lambda change: "-".join(change),
)
def test_a_header_that_chooses_an_algorithm_or_brings_a_key_is_refused(change: dict[str, object]) -> None:
    header = {name: value for name, value in {**GOOD, **change}.items() if value is not None}

    assert flaw_of(forged(header)) is Flaw.HEADER_REFUSED


def test_a_proof_may_carry_the_certificate_of_the_device() -> None:
    token = forged({**GOOD, "typ": Typ.PROOF.value, "x5c": ["MIIB" * 500]})

    assert verify(token, Typ.PROOF, key_of) == (PAYLOAD, "k1")


def test_the_type_is_looked_at_before_the_signature() -> None:
    token = sign(PAYLOAD, KEY, Typ.PASS)

    assert flaw_of(token[:-4] + "AAAA") is Flaw.WRONG_TYPE


def test_a_changed_payload_or_signature_is_a_bad_signature() -> None:
    header, payload, signature = sign(PAYLOAD, KEY, Typ.COMMAND).split(".")

    assert flaw_of(f"{header}.{b64(b'{}')}.{signature}") is Flaw.BAD_SIGNATURE
    assert flaw_of(f"{header}.{payload}.{'A' * 86}") is Flaw.BAD_SIGNATURE


def test_a_key_nobody_knows_is_not_looked_for_in_the_token() -> None:
    assert flaw_of(forged({**GOOD, "kid": "k2"})) is Flaw.KEY_UNKNOWN


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"{}",
        b"a.b",
        b"a.b.c",
        b"\xff\xfe.\x00.\x00",
        sign(PAYLOAD, KEY, Typ.COMMAND).encode()[:-10],
        sign(PAYLOAD, KEY, Typ.COMMAND).encode() + b"\n",
        ("..".join(sign(PAYLOAD, KEY, Typ.COMMAND).split(".")[::2])).encode(),
        f"{b64(b'[1]')}.{b64(PAYLOAD)}.{'A' * 86}".encode(),
        f"{b64(b'[' * 9000)}.{b64(PAYLOAD)}.{'A' * 86}".encode(),
    ],
    ids=["empty", "json", "two-parts", "short", "not-ascii", "truncated", "newline", "detached", "list", "deep"],
)
def test_what_is_no_token_is_told_apart_from_a_bad_signature(junk: bytes) -> None:
    assert flaw_of(junk) is Flaw.NOT_A_TOKEN


def test_a_megabyte_is_refused_by_its_size_alone() -> None:
    assert flaw_of(b"a" * 1_000_000) is Flaw.TOO_LARGE
    assert flaw_of(sign(b"x" * MAX_TOKEN_BYTES, KEY, Typ.COMMAND)) is Flaw.TOO_LARGE


@given(st.binary(max_size=400))
def test_no_bytes_make_it_raise_anything_else(raw: bytes) -> None:
    assert flaw_of(raw) in Flaw


@given(st.data())
def test_no_flipped_bit_goes_unnoticed(data: st.DataObject) -> None:
    token = bytearray(sign(PAYLOAD, KEY, Typ.COMMAND).encode())
    place = data.draw(st.integers(0, len(token) - 1))
    token[place] ^= 1 << data.draw(st.integers(0, 6))

    assert flaw_of(bytes(token)) in Flaw


def test_openssl_alone_can_check_a_signature(tmp_path: Path) -> None:
    signed, _, signature = sign(PAYLOAD, KEY, Typ.PROOF).rpartition(".")
    (tmp_path / "signed").write_text(signed)
    (tmp_path / "signature").write_bytes(urlsafe_b64decode(signature + "=="))
    (tmp_path / "key.pem").write_bytes(KEY.as_pem(private=False))

    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "key.pem", "-rawin"]
    checked = subprocess.run(
        [*command, "-in", "signed", "-sigfile", "signature"], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert "Verified Successfully" in checked.stdout


SEALED_TO = new_key("X25519", "e1")


def test_what_is_sealed_opens_for_its_key_alone() -> None:
    token = seal(b"12345678", SEALED_TO)

    assert unseal(token, SEALED_TO) == b"12345678"
    with pytest.raises(NotTrusted):
        unseal(token, new_key("X25519", "e2"))
    assert token != seal(b"12345678", SEALED_TO)


def test_sealing_names_its_algorithms_and_its_key() -> None:
    header = json.loads(urlsafe_b64decode(seal(b"", SEALED_TO).split(".")[0] + "=="))

    assert (header["alg"], header["enc"], header["kid"]) == ("ECDH-ES", "A256GCM", "e1")
    assert header["epk"]["crv"] == "X25519"


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "dir", "enc": "A256GCM"},
        {"alg": "ECDH-ES", "enc": "A256GCM"},
        {"alg": "ECDH-ES", "enc": "A256GCM", "epk": "x"},
        {"alg": "ECDH-ES", "enc": "A256GCM", "epk": {"kty": "OKP", "crv": "Ed25519", "x": "A" * 43}},
        {"alg": "ECDH-ES", "enc": "A256GCM", "epk": {"kty": "OKP", "crv": "X25519", "x": "A"}},
        {"alg": "ECDH-ES", "enc": "A256GCM", "epk": {"kty": "OKP", "crv": "X25519", "x": "A" * 43}},
        {"alg": "ECDH-ES", "enc": "A128GCM", "epk": {"kty": "OKP", "crv": "X25519", "x": "A" * 43}},
    ],
)
def test_a_strange_seal_is_refused_and_nothing_else(header: dict[str, object]) -> None:
    _, key, iv, text, tag = seal(b"12345678", SEALED_TO).split(".")

    with pytest.raises(NotTrusted):
        unseal(".".join((b64(json.dumps(header).encode()), key, iv, text, tag)), SEALED_TO)


@given(st.text(max_size=300))
def test_no_text_makes_unsealing_raise_anything_else(text: str) -> None:
    with pytest.raises(NotTrusted):
        unseal(text, SEALED_TO)


@given(st.data())
def test_no_changed_character_of_a_seal_goes_unnoticed(data: st.DataObject) -> None:
    token = bytearray(seal(b"12345678", SEALED_TO).encode())
    place = data.draw(st.integers(0, len(token) - 1))
    token[place] ^= 1 << data.draw(st.integers(0, 6))

    with pytest.raises(NotTrusted):
        unseal(token.decode("latin-1"), SEALED_TO)
