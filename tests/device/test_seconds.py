"""Second identifiers on their way in: sealed by a carrier or typed, and nothing but an HMAC goes on."""

import pytest

from controller.contract.device_keys import new_key
from controller.contract.jose import seal
from controller.device.seconds import Seconds
from controller.device.secrets import typed_code, typed_second
from controller.domain.policy import Policy

ENC, OTHER, KEY = new_key("X25519"), new_key("X25519"), bytes(range(32))
SECONDS = Seconds(ENC, KEY, Policy(second_digits=4, short_digits=6))


def test_what_a_carrier_seals_and_what_a_recipient_types_are_the_same() -> None:
    assert SECONDS.sealed(seal(b"4711", ENC)) == SECONDS.typed("4711") == typed_second("4711", KEY)
    assert SECONDS.typed("4711") != typed_code("4711", KEY)
    assert "4711" not in str(SECONDS.typed("4711"))


@pytest.mark.parametrize("plain", [b"471", b"47110", b"47a1", b"", b"\xff\xff\xff\xff", "４７１１".encode()])
def test_what_is_no_second_identifier_here_is_none(plain: bytes) -> None:
    assert SECONDS.sealed(seal(plain, ENC)) is None


def test_what_was_sealed_to_another_or_not_at_all_is_none() -> None:
    assert SECONDS.sealed(seal(b"4711", OTHER)) is None
    assert SECONDS.sealed("not a seal") is None


@pytest.mark.parametrize(("code", "digits"), [("123456", 4), ("12345678", 0), ("12345", 0)])
def test_short_codes_alone_are_followed_by_one(code: str, digits: int) -> None:
    assert SECONDS.wanted(code) == digits
    assert Seconds(ENC, KEY, Policy()).wanted(code) == 0
