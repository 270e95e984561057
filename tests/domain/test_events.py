"""What every event owes to those who read records."""

from dataclasses import fields, is_dataclass

import pytest
from support.locker_rules import SECRET, public_texts

from controller.domain import events as ev
from controller.domain.ids import CodeHmac, CompartmentId, ParcelId, PickupId, WallMs

EVENTS = list(ev.EVENTS.values())


def test_every_event_has_a_name_of_its_own() -> None:
    assert len(set(EVENTS)) == len(ev.EVENTS)
    assert all(name == cls.NAME for name, cls in ev.EVENTS.items())
    parts = ("EVENTS", "PRIVATE", "WIRING_FAULT", "Because", "CompartmentSpec", "Event", "Evidence", "EvidenceDigest")
    assert {cls.__name__ for cls in EVENTS} == {name for name in ev.__all__ if name not in parts}


@pytest.mark.parametrize("cls", EVENTS, ids=lambda cls: cls.NAME)
def test_an_event_is_small_and_says_what_it_is(cls: type[ev.Event]) -> None:
    assert cls.__doc__
    assert is_dataclass(cls)
    assert "__slots__" in vars(cls)


def test_private_is_what_must_never_be_published() -> None:
    private = {(cls.NAME, item.name) for cls in EVENTS for item in fields(cls) if item.metadata.get("private", False)}
    assert private == {
        ("code.delegated", "code_hmac"),
        ("code.issued", "code_hmac"),
        ("code.reissued", "code_hmac"),
        ("code.pin_requested", "pin_hmac"),
        ("compartment.out_of_service", "note"),
        ("compartment.restored", "note"),
        ("config.accepted", "settings"),
        ("driver.upserted", "number"),
        ("driver.upserted", "pin"),
        ("parcel.expected", "second_hmac"),
        ("preference.changed", "note"),
        ("recipient.signed", "salt"),
        ("service.locked_out", "note"),
        ("service.lockout_ended", "note"),
        ("unlock.authorised", "note"),
    }


def test_what_moves_custody_is_signed() -> None:
    assert {cls.NAME for cls in EVENTS if cls.PROVEN} == {
        "audit.finished",
        "custody.stored",
        "custody.collected",
        "custody.disputed",
        "custody.removed",
        "custody.returned",
    }


def test_a_secret_in_a_public_field_would_be_noticed() -> None:
    issued = ev.CodeIssued(
        parcel=ParcelId("north/P1"),
        pickup=PickupId("north/P1"),
        compartment=CompartmentId("A01"),
        expires_at=WallMs(1),
        code_jwe=f"{SECRET}leak",
        code_hmac=CodeHmac(f"{SECRET}1"),
    )
    assert [text for text in public_texts(issued) if SECRET in text] == [f"{SECRET}leak"]
