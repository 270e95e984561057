"""PINs at the edge: what is compared with what, and that nobody's number looks like somebody's."""

import asyncio

import pytest

from controller.contract.pin_verifier import make_verifier, verifies
from controller.device import pins
from controller.device.pins import Pins
from controller.domain.ids import CarrierId, DriverId, DriverNumber, PinVerifier, SessionId
from controller.domain.inputs import PinTyped
from controller.domain.staff import DRIVING, Staff, StaffMember

MINE = SessionId("mine")
PIN = make_verifier("482915", bytes(16))
MEMBER = StaffMember(CarrierId("north"), DriverId("d-7"), DRIVING, None, None, DriverNumber("4711"), PIN, 12)
STAFF = Staff(members={MEMBER.key: MEMBER})


def typed(who: str, pin: str, staff: Staff = STAFF) -> PinTyped:
    return asyncio.run(Pins(b"key").typed(staff, MINE, DriverNumber(who), pin))


def test_a_pin_is_recognised_by_number_and_by_badge() -> None:
    assert typed("4711", "482915") == typed("north/d-7", "482915") == PinTyped(MINE, MEMBER.key, MEMBER.key, True, 12)
    assert typed("4711", "482916") == PinTyped(MINE, MEMBER.key, MEMBER.key, False, 12)


@pytest.mark.parametrize(("who", "slot"), [("4712", "nobody-"), ("north/d-8", "north/d-8")])
def test_nobody_is_compared_as_well(who: str, slot: str, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[PinVerifier] = []

    def counted(pin: str, verifier: PinVerifier) -> bool:
        compared.append(verifier)
        return verifies(pin, verifier)

    monkeypatch.setattr(pins, "verifies", counted)
    found = typed(who, "482915")

    assert (found.who, found.right) == (None, False)
    assert found.slot.startswith(slot)
    assert "4712" not in found.slot
    assert [len(each) for each in compared] == [len(PIN)]


@pytest.mark.parametrize("bad", ["12345", "1234567890123", "48291x", "", "111222", "123456", "654321", "٤٨٢٩١٥"])
def test_a_pin_that_anybody_would_guess_is_not_made(bad: str) -> None:
    with pytest.raises(ValueError, match="PIN"):
        make_verifier(bad, bytes(16))


def test_the_verifier_is_what_openssl_makes_of_the_pin() -> None:
    """`openssl kdf -keylen 32 -kdfopt pass:482915 -kdfopt hexsalt:00… -kdfopt n:16384 …r:8 …p:5 SCRYPT`."""
    assert PIN == "scrypt-16384-8-5.AAAAAAAAAAAAAAAAAAAAAA.-NN-B8xiiVPSeS5yIEcI6E3XE-DpScgLxlQdEATJ1pQ"
