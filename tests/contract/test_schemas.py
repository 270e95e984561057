from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from support.arbitrary import commands, events, stamps
from support.journals import sign

from controller.contract.codec import encode_command
from controller.contract.jose import Typ
from controller.contract.message_schemas import LINE_COUNTS, message_schemas
from controller.contract.record import Place, attach_proof, compose, compose_private, digest
from controller.contract.schemas import all_schemas, command_schema
from controller.contract.wire_json import JsonObject, loads_object
from controller.domain.commands import COMMANDS, Command
from controller.domain.events import EVENTS, Event
from firmware_bridge.bus_health import BusHealth

SCHEMAS = all_schemas()


def test_the_counts_of_a_line_are_those_of_the_bridge() -> None:
    assert tuple(item.name for item in fields(BusHealth)) == LINE_COUNTS


def test_every_event_every_command_and_the_record_have_one() -> None:
    named = {f"locker.{name}.v1" for name in EVENTS} | set(COMMANDS) | {"record"}
    assert set(SCHEMAS) == named | set(message_schemas())


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=SCHEMAS)
def test_each_is_a_schema_and_names_itself(schema: JsonObject) -> None:
    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"urn:locker:schema:{schema['title']}"
    assert SCHEMAS[str(schema["title"])] == schema


@pytest.mark.parametrize("cls", EVENTS.values(), ids=EVENTS)
@settings(max_examples=20)
@given(data=st.data())
def test_every_record_is_valid(cls: type[Event], data: st.DataObject) -> None:
    event: Event = data.draw(events(cls))
    part = compose_private(event, bytes(16))
    place = Place("L0042", "3f" * 16, 7, bytes(32))
    raw = compose(place, event, data.draw(stamps()), None if part is None else digest(part))
    whole = loads_object(attach_proof(raw, sign(raw, Typ.PROOF)) if cls.PROVEN else raw)
    Draft202012Validator(SCHEMAS["record"]).validate(whole)
    Draft202012Validator(SCHEMAS[f"locker.{cls.NAME}.v1"]).validate(whole["data"])


@pytest.mark.parametrize("cls", COMMANDS.values(), ids=COMMANDS)
@settings(max_examples=20)
@given(data=st.data())
def test_every_command_is_valid(cls: type[Command], data: st.DataObject) -> None:
    command = data.draw(commands(cls))
    Draft202012Validator(SCHEMAS[cls.TYPE]).validate({"type": cls.TYPE, **encode_command(command)})


@pytest.mark.parametrize(
    "cmd",
    [
        {"type": "parcel.expect"},
        {"type": "parcel.cancel", "parcel": "P1", "label": "L", "carrier": "acme"},
        {"type": "parcel.expect", "parcel": "P 1", "label": "L", "carrier": "acme"},
        {"type": "parcel.expect", "parcel": "P1", "label": "L", "carrier": "acme", "mm": [1, 2]},
        {"type": "parcel.expect", "parcel": "P1", "label": "L", "carrier": "acme", "colour": "red"},
        {"type": "parcel.expect", "parcel": "P1", "label": "L", "carrier": "acme", "hold_s": 1.5},
    ],
)
def test_what_the_locker_would_not_understand_is_not_valid(cmd: JsonObject) -> None:
    assert not Draft202012Validator(command_schema("parcel.expect")).is_valid(cmd)


def test_a_private_part_shows_in_the_schema_as_a_digest_alone() -> None:
    properties = SCHEMAS["locker.code.issued.v1"]["properties"]
    assert isinstance(properties, dict)
    assert "code_hmac" not in properties
    assert "private" in properties
