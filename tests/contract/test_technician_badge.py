"""Technicians' badges: the site's keys sign them, carriers' never do."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.keyring import key_set, keyring

from controller.contract.credentials import make_badge, open_badge
from controller.contract.jose import Typ, sign
from controller.contract.technician_badge import make_technician_badge, open_technician_badge
from controller.contract.wire_json import dumps
from controller.domain.ids import DriverId, Jti, SessionId, WallMs
from controller.domain.inputs import BadgeRejected, TechnicianShown

LOCKER = "L0042"
S = SessionId("s1")
FROM, UNTIL = WallMs(1_790_000_000_000), WallMs(1_790_003_600_000)
TECHNICIAN = DriverId("t7")


def badge(signer: str, until: WallMs = UNTIL) -> str:
    key = key_set().keys[signer]
    return make_technician_badge(
        TECHNICIAN, key=key, lockers=(LOCKER,), jti=Jti("j1"), not_before=FROM, expires_at=until
    )


@pytest.mark.parametrize("signer", ["operator", "technician"])
def test_the_sites_keys_make_technicians(signer: str) -> None:
    shown = open_technician_badge(badge(signer), keyring(), LOCKER, S)
    assert shown == TechnicianShown(S, Jti("j1"), TECHNICIAN, FROM, UNTIL)


@pytest.mark.parametrize("signer", ["carrier", "custodian"])
def test_no_carrier_makes_a_technician(signer: str) -> None:
    assert open_technician_badge(badge(signer), keyring(), LOCKER, S) is None
    assert isinstance(open_badge(badge(signer), keyring(), LOCKER, S), BadgeRejected)


def test_a_drivers_badge_is_none() -> None:
    key = key_set().keys["carrier"]
    driver = make_badge(TECHNICIAN, key=key, lockers=(LOCKER,), jti=Jti("j"), not_before=FROM, expires_at=UNTIL)
    assert open_technician_badge(driver, keyring(), LOCKER, S) is None


def test_it_is_good_for_a_day_at_most() -> None:
    longer = badge("operator", WallMs(FROM + 25 * 3_600_000))
    assert open_technician_badge(longer, keyring(), LOCKER, S) == BadgeRejected("lifetime_too_long")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"role": "operator"}, "wrong_role"),
        ({"role": None}, "wrong_role"),
        ({"aud": "L0043"}, "wrong_audience"),
        ({"technician": "a b"}, "not_understood"),
        ({"phone": "555"}, "not_understood"),
        ({"exp": 1}, "not_understood"),
    ],
)
def test_one_that_says_something_else_is_refused(change: dict[str, Any], why: str) -> None:
    claims = {"aud": LOCKER, "technician": "t", "role": "technician", "jti": "j", "nbf": 5, "exp": 6, **change}
    held = {name: value for name, value in claims.items() if value is not None}
    token = sign(dumps(held), key_set().keys["operator"], Typ.DRIVER)
    assert open_technician_badge(token, keyring(), LOCKER, S) == BadgeRejected(why)


@given(st.text(max_size=400))
def test_no_scan_makes_it_raise(text: str) -> None:
    assert open_technician_badge(text, keyring(), LOCKER, S) is None
