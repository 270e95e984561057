from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.keyring import key_set, keyring

from controller.contract.credentials import make_badge, make_pass, open_badge, open_pass
from controller.contract.jose import Typ, sign
from controller.contract.wire_json import dumps
from controller.domain.ids import CarrierId, DriverId, Jti, ParcelId, SessionId, WallMs
from controller.domain.inputs import BadgeRejected, BadgeShown, PassRejected, PassShown

LOCKER = "L0042"
S = SessionId("s1")
FROM, UNTIL = WallMs(1_790_000_000_000), WallMs(1_790_003_600_000)
CARRIER = key_set().keys["carrier"]


def pass_for(*lockers: str) -> str:
    return make_pass(ParcelId("P1"), key=CARRIER, lockers=lockers, jti=Jti("j1"), not_before=FROM, expires_at=UNTIL)


def badge_for(*lockers: str, until: WallMs = UNTIL) -> str:
    return make_badge(DriverId("d7"), key=CARRIER, lockers=lockers, jti=Jti("j1"), not_before=FROM, expires_at=until)


def test_a_pass_is_the_carriers_whose_key_made_it() -> None:
    assert open_pass(pass_for(LOCKER), keyring(), LOCKER, S) == PassShown(
        S, Jti("j1"), CarrierId("acme"), ParcelId("acme/P1"), FROM, UNTIL
    )
    assert isinstance(open_pass(pass_for("L0041", LOCKER), keyring(), LOCKER, S), PassShown)


def test_a_badge_is_the_carriers_whose_key_made_it() -> None:
    assert open_badge(badge_for(LOCKER), keyring(), LOCKER, S) == BadgeShown(
        S, Jti("j1"), DriverId("d7"), CarrierId("acme"), FROM, UNTIL
    )


def test_a_badge_is_good_for_a_day_at_most() -> None:
    day = WallMs(FROM + 24 * 3_600_000)

    assert isinstance(open_badge(badge_for(LOCKER, until=day), keyring(), LOCKER, S), BadgeShown)
    longer = badge_for(LOCKER, until=WallMs(day + 1000))
    assert open_badge(longer, keyring(), LOCKER, S) == BadgeRejected("lifetime_too_long")


def test_a_badge_is_no_pass_and_a_pass_no_badge() -> None:
    assert open_pass(badge_for(LOCKER), keyring(), LOCKER, S) == PassRejected("wrong_type")
    assert open_badge(pass_for(LOCKER), keyring(), LOCKER, S) == BadgeRejected("wrong_type")


@pytest.mark.parametrize("name", ["operator", "technician", "custodian"])
def test_only_carriers_make_passes_and_badges(name: str) -> None:
    claims = {"aud": LOCKER, "driver": "d", "jti": "j", "nbf": 1, "exp": 2}
    token = sign(dumps(claims), key_set().keys[name], Typ.DRIVER)

    assert open_badge(token, keyring(), LOCKER, S) == BadgeRejected("wrong_role")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"aud": "L0043"}, "wrong_audience"),
        ({"scope": "everything"}, "scope"),
        ({"scope": None}, "scope"),
        ({"exp": 1}, "not_understood"),
        ({"nbf": None}, "not_understood"),
        ({"jti": "a b"}, "not_understood"),
        ({"parcel": "../x"}, "not_understood"),
        ({"parcel": None}, "not_understood"),
        ({"phone": "555"}, "not_understood"),
    ],
)
def test_a_pass_that_says_something_else_is_refused(change: dict[str, Any], why: str) -> None:
    claims = {"aud": LOCKER, "parcel": "P1", "jti": "j", "nbf": 5, "exp": 6, "scope": "pickup", **change}
    token = sign(dumps({name: value for name, value in claims.items() if value is not None}), CARRIER, Typ.PASS)

    assert open_pass(token, keyring(), LOCKER, S) == PassRejected(why)


def test_a_pass_fits_a_qr_code_and_is_plain_ascii() -> None:
    token = pass_for(LOCKER)

    assert token.isascii()
    assert len(token) < 500


@given(st.text(max_size=400))
def test_no_scan_makes_it_raise(text: str) -> None:
    assert isinstance(open_pass(text, keyring(), LOCKER, S), PassRejected)
    assert isinstance(open_badge(text, keyring(), LOCKER, S), BadgeRejected)


def test_a_scan_of_a_megabyte_is_refused() -> None:
    assert open_pass("a" * 1_000_000, keyring(), LOCKER, S) == PassRejected("too_large")
