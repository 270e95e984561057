from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.arbitrary import commands, events

from controller.contract.codec import (
    COMMAND_PATTERNS,
    NotUnderstood,
    compile_codec,
    decode_command,
    decode_event,
    encode_command,
    encode_data,
    encode_private,
)
from controller.contract.fields import Mismatch
from controller.contract.wire_json import JsonObject, dumps, loads_object
from controller.domain.commands import COMMANDS, Command, ExpectParcel
from controller.domain.events import EVENTS, CodeIssued, Event, ParcelExpected, UnlockAuthorised
from controller.domain.ids import (
    CarrierId,
    CodeHmac,
    CompartmentId,
    ParcelId,
    PickupId,
    Purpose,
    Role,
    Size,
    WallMs,
)

EXPECT: JsonObject = {"parcel": "P-1", "label": "RR473124829GB", "carrier": "acme"}


@pytest.mark.parametrize("cls", EVENTS.values(), ids=EVENTS)
@settings(max_examples=20)
@given(data=st.data())
def test_every_event_comes_back_as_it_went_out(cls: type[Event], data: st.DataObject) -> None:
    event = data.draw(events(cls))
    public, private = dumps(encode_data(event)), encode_private(event)
    kept = None if private is None else loads_object(dumps(private))
    assert decode_event(cls.NAME, loads_object(public), kept) == event


@pytest.mark.parametrize("cls", COMMANDS.values(), ids=COMMANDS)
@settings(max_examples=20)
@given(data=st.data())
def test_every_command_comes_back_as_it_went_out(cls: type[Command], data: st.DataObject) -> None:
    command = data.draw(commands(cls))
    assert decode_command(cls.TYPE, loads_object(dumps(encode_command(command)))) == command


def test_the_wire_has_times_as_text_and_leaves_out_what_is_none() -> None:
    event = ParcelExpected(
        parcel=ParcelId("acme/P-1"),
        label="RR473124829GB",
        carrier=CarrierId("acme"),
        size=Size.M,
        classes=("perishable",),
        not_after=WallMs(1_795_402_800_123),
    )
    assert encode_data(event) == {
        "parcel": "P-1",
        "label": "RR473124829GB",
        "carrier": "acme",
        "size": "M",
        "mm": [],
        "class": ["perishable"],
        "signature": False,
        "not_after": "2026-11-23T03:00:00.123Z",
    }


def test_a_private_field_never_stands_in_the_data() -> None:
    event = CodeIssued(
        parcel=ParcelId("acme/P-1"),
        pickup=PickupId("P-1"),
        compartment=CompartmentId("A01"),
        expires_at=WallMs(0),
        code_jwe="sealed",
        code_hmac=CodeHmac("ab" * 32),
    )
    assert encode_private(event) == {"code_hmac": "ab" * 32}
    assert "ab" * 32 not in dumps(encode_data(event)).decode()
    erased = decode_event(event.NAME, encode_data(event), None)
    assert isinstance(erased, CodeIssued)
    assert erased.code_hmac is None


def test_an_event_with_nothing_private_to_say_has_no_private_part() -> None:
    event = UnlockAuthorised(compartment=CompartmentId("A01"), purpose=Purpose.SERVICE, role=Role.OPERATOR)
    assert encode_private(event) is None


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"parcel": None}, "cmd.parcel must be a string"),
        ({"parcel": 5}, "cmd.parcel must be a string"),
        (
            {"parcel": "no spaces"},
            f"cmd.parcel must be a string that matches {COMMAND_PATTERNS[ParcelId]}",
        ),
        ({"parcel": "P\n"}, f"cmd.parcel must be a string that matches {COMMAND_PATTERNS[ParcelId]}"),
        ({"label": ""}, "cmd.label must be a string that matches ^.{1,512}$"),
        ({"label": "\ud800"}, "cmd.label must be a string of Unicode characters"),
        ({"size": "XXL"}, "cmd.size must be one of S, M, L, XL"),
        ({"size": ["M"]}, "cmd.size must be one of S, M, L, XL"),
        ({"hold_s": "1"}, "cmd.hold_s must be a whole number within 32 bits"),
        ({"hold_s": True}, "cmd.hold_s must be a whole number within 32 bits"),
        ({"hold_s": 2**31}, "cmd.hold_s must be a whole number within 32 bits"),
        ({"not_after": "tomorrow"}, "cmd.not_after must be a time such as 2026-11-23T03:00:00.123Z"),
        ({"not_after": "2026-13-23T03:00:00.123Z"}, "cmd.not_after must be a time that the calendar has"),
        ({"not_after": "1969-12-31T23:59:59.999Z"}, "cmd.not_after must be a time after 1970"),
        ({"not_after": 1_795_402_800}, "cmd.not_after must be a time such as 2026-11-23T03:00:00.123Z"),
        ({"mm": [1, 2]}, "cmd.mm must be three lengths in millimetres, 1 to 10000"),
        ({"mm": [1, 2, 0]}, "cmd.mm must be three lengths in millimetres, 1 to 10000"),
        ({"class": "regulated"}, "cmd.class must be an array"),
        ({"value": 5}, "cmd.value must be an object"),
        ({"value": {"currency": "EUR"}}, "cmd.value.amount is missing"),
        (
            {"value": {"amount": -1, "currency": "EUR"}},
            "cmd.value.amount must be a whole number of the currency's smallest coin, 0 to 2147483647",
        ),
        ({"value": {"amount": 1, "currency": "euro"}}, "cmd.value.currency must be a string that matches ^[A-Z]{3}$"),
        ({"value": {"amount": 1, "currency": "EUR", "tax": 0}}, "cmd.value.'tax' is not a field of it"),
        ({"authority_to_leave": "no"}, "cmd.authority_to_leave must be true or false"),
        ({"signature": 1}, "cmd.signature must be true or false"),
        ({"class": [1]}, "cmd.class must be a string"),
        ({"classes": []}, "cmd.'classes' is not a field of it; is class meant?"),
        ({"\U0001f4e6": 1}, "cmd.'\\U0001f4e6' is not a field of it"),
    ],
)
def test_a_command_that_cannot_be_read_names_the_field_and_what_it_takes(changed: JsonObject, sentence: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        decode_command("parcel.expect", EXPECT | changed)
    assert str(refused.value) == sentence


def test_a_missing_field_and_an_unknown_command_are_named() -> None:
    with pytest.raises(NotUnderstood, match=r"^cmd.label is missing$"):
        decode_command("parcel.expect", {"parcel": "P-1", "carrier": "acme"})
    with pytest.raises(NotUnderstood, match=r"^cmd.type must be one of parcel.expect, "):
        decode_command("parcel.explode", {})


def test_times_of_less_than_milliseconds_are_read_too() -> None:
    command = decode_command("parcel.expect", EXPECT | {"not_after": "2026-11-23T03:00:00Z"})
    assert isinstance(command, ExpectParcel)
    assert command.not_after == 1_795_402_800_000


def test_an_unknown_event_and_a_bad_field_of_one_are_named() -> None:
    with pytest.raises(Mismatch, match=r"^custody.teleported is not an event this software knows$"):
        decode_event("custody.teleported", {}, None)
    spec: JsonObject = {"id": "A01", "size": "huge"}
    with pytest.raises(Mismatch, match=r"^compartments.size must be one of S, M, L, XL$"):
        decode_event("config.applied", {"sha256": "", "compartments": [spec]}, None)
    with pytest.raises(Mismatch, match=r"^compartments must be an object$"):
        decode_event("config.applied", {"sha256": "", "compartments": ["A01"]}, None)


def test_our_own_values_must_fit_the_wire() -> None:
    late = ParcelExpected(parcel=ParcelId("c/P"), label="", carrier=CarrierId("c"), not_after=WallMs(-1))
    with pytest.raises(ValueError, match="not a time between"):
        encode_data(late)
    with pytest.raises(ValueError, match="does not fit 32 bits"):
        encode_data(ParcelExpected(parcel=ParcelId("c/P"), label="", carrier=CarrierId("c"), hold_s=2**31))


def test_a_field_the_wire_has_no_form_for_is_refused_when_the_class_is_compiled() -> None:
    @dataclass(frozen=True, slots=True)
    class Weighed:
        kilograms: float

    @dataclass(frozen=True, slots=True)
    class Odd:
        count: int | None = field(default=1)

    with pytest.raises(TypeError, match="float"):
        compile_codec(Weighed, {}, {})
    with pytest.raises(TypeError, match=r"Odd.count: None is left out, so its default must be None"):
        compile_codec(Odd, {}, {})
