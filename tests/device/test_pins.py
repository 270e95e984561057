"""PINs at the edge: what is compared with what, and that nobody's number looks like somebody's."""

import asyncio
from dataclasses import replace

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


@pytest.mark.parametrize(("who", "slot"), [("4712", "number-"), ("north/d-8", "north/d-8")])
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


def test_of_two_carriers_drivers_with_one_number_the_pin_decides() -> None:
    other = replace(MEMBER, carrier=CarrierId("south"), pin=make_verifier("731046", bytes(16)), told_sequence=30)
    both = Staff(members={MEMBER.key: MEMBER, other.key: other})
    found = [typed("4711", pin, both) for pin in ("482915", "731046", "999999")]
    assert [(each.who, each.right) for each in found] == [(MEMBER.key, True), (other.key, True), (None, False)]
    assert len({each.slot for each in found}) == 1, "wrong PINs for one number count together, whoever's it is"


def test_one_pin_of_two_people_with_one_number_is_nobodys() -> None:
    other = replace(MEMBER, carrier=CarrierId("south"))
    assert not typed("4711", "482915", Staff(members={MEMBER.key: MEMBER, other.key: other})).right


def test_the_time_it_takes_does_not_tell_whether_another_carrier_has_the_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[str] = []

    def counted(pin: str, verifier: str) -> bool:
        compared.append(verifier)
        return False

    monkeypatch.setattr(pins, "verifies", counted)
    other = replace(MEMBER, carrier=CarrierId("south"), driver=DriverId("d-8"))
    apart = replace(other, number=DriverNumber("4712"))
    for second in (other, apart):
        for who in ("4711", "4712", "4713"):
            typed(who, "482915", Staff(members={MEMBER.key: MEMBER, second.key: second}))
    assert len(compared) == 6 * 2


@pytest.mark.parametrize("bad", ["12345", "1234567890123", "48291x", "", "111222", "123456", "654321", "٤٨٢٩١٥"])
def test_a_pin_that_anybody_would_guess_is_not_made(bad: str) -> None:
    with pytest.raises(ValueError, match="PIN"):
        make_verifier(bad, bytes(16))


def test_the_verifier_is_what_openssl_makes_of_the_pin() -> None:
    """`openssl kdf -keylen 32 -kdfopt pass:482915 -kdfopt hexsalt:00… -kdfopt n:16384 …r:8 …p:5 SCRYPT`."""
    assert PIN == "scrypt-16384-8-5.AAAAAAAAAAAAAAAAAAAAAA.-NN-B8xiiVPSeS5yIEcI6E3XE-DpScgLxlQdEATJ1pQ"
