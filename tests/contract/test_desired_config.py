"""The configuration that is wanted from afar, as it is signed and read."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.keyring import key_set, keyring

from controller.contract.config_report import ConfigReport
from controller.contract.desired_config import LONGEST_SETTINGS, BadConfig, make_config, open_config
from controller.contract.jose import MAX_TOKEN_BYTES, Typ, sign
from controller.contract.wire_json import dumps
from controller.domain.refusals import Refusal

LOCKER = "L0042"
KEY = key_set().keys["operator"]
CLAIMS: Mapping[str, object] = {"iss": "acme", "aud": LOCKER, "version": 3, "settings": "[policy]\n"}


def signed(role: str = "operator", typ: Typ = Typ.CONFIG, **odd: object) -> bytes:
    claims = {name: value for name, value in {**CLAIMS, **odd}.items() if value is not ...}
    return sign(dumps(claims), key_set().keys[role], typ).encode()


def reason_of(token: bytes) -> Refusal:
    with pytest.raises(BadConfig) as bad:
        open_config(token, keyring("beta"), LOCKER)
    return bad.value.reason


def test_what_is_made_is_read_for_one_locker_or_for_several() -> None:
    for lockers in ([LOCKER], ["L1", LOCKER]):
        token = make_config(3, "[policy]\n# ü\n", key=KEY, issuer="acme", lockers=lockers)
        wanted = open_config(token.encode(), keyring("beta"), LOCKER)
        assert (wanted.version, wanted.settings, wanted.kid) == (3, "[policy]\n# ü\n", KEY.kid)


def test_the_longest_is_looked_at_by_every_locker() -> None:
    token = make_config(2**31 - 1, "#" * LONGEST_SETTINGS, key=KEY, issuer="x" * 256, lockers=[LOCKER])
    assert len(token) <= MAX_TOKEN_BYTES
    assert open_config(token.encode(), keyring("beta"), LOCKER).version == 2**31 - 1


@pytest.mark.parametrize(("version", "settings"), [(0, ""), (2**31, ""), (1, "#" * (LONGEST_SETTINGS + 1))])
def test_what_no_locker_would_take_is_not_made(version: int, settings: str) -> None:
    with pytest.raises(ValueError, match=r"version|characters"):
        make_config(version, settings, key=KEY, issuer="acme", lockers=[LOCKER])


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        (b"", Refusal.NOT_UNDERSTOOD),
        (b"x" * 70_000, Refusal.TOO_LARGE),
        (signed()[:-4] + b"AAAA", Refusal.BAD_SIGNATURE),
        (signed(typ=Typ.COMMAND), Refusal.BAD_SIGNATURE),
        (signed("carrier"), Refusal.NOT_ALLOWED),
        (signed("custodian"), Refusal.NOT_ALLOWED),
        (signed("technician"), Refusal.NOT_ALLOWED),
        (signed(aud="L0043"), Refusal.WRONG_AUDIENCE),
        (signed(aud=["L0043"]), Refusal.WRONG_AUDIENCE),
        (signed(version=0), Refusal.NOT_UNDERSTOOD),
        (signed(version=...), Refusal.NOT_UNDERSTOOD),
        (signed(version=2**31), Refusal.NOT_UNDERSTOOD),
        (signed(settings={"policy": {}}), Refusal.NOT_UNDERSTOOD),
        (signed(settings="#" * (LONGEST_SETTINGS + 1)), Refusal.NOT_UNDERSTOOD),
        (signed(iss=...), Refusal.NOT_UNDERSTOOD),
        (signed(sudo=True), Refusal.NOT_UNDERSTOOD),
    ],
)
def test_what_cannot_be_believed_is_not_read(token: bytes, reason: Refusal) -> None:
    assert reason_of(token) is reason


@given(st.binary(max_size=200))
def test_no_bytes_make_it_raise_anything_else(raw: bytes) -> None:
    assert reason_of(raw) in (Refusal.NOT_UNDERSTOOD, Refusal.BAD_SIGNATURE)


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"{}", b'{"version":-1,"sha256":""}', b'{"version":"1"}', b'{"version":1,"sha256":"","refused":2}'],
)
def test_a_report_that_is_none_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        ConfigReport.decode(raw)


def test_the_newest_version_that_a_locker_has_seen_is_known() -> None:
    problems = b'[{"file":"locker.toml","key":"policy.hold","reason":"there is no such key","nearest":"hold_s"}]'
    raw = b'{"version":3,"sha256":"a","pending":5,"refused":{"version":4,"sha256":"b","reason":"r","problems":%b}}'
    report = ConfigReport.decode(raw % problems)
    assert report.newest == 5
    assert report.problems == ("locker.toml: policy.hold: there is no such key; did you mean 'hold_s'?",)
