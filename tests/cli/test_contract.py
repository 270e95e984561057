import json

from support.command_line import Locker

from controller.domain.commands import COMMANDS
from controller.domain.events import EVENTS


def test_every_record_type_and_command_has_its_schema(locker: Locker) -> None:
    schemas = json.loads(locker("contract", "schemas").out)

    assert schemas.keys() > {"record", "status", *COMMANDS, *(f"locker.{name}.v1" for name in EVENTS)}


def test_one_alone(locker: Locker) -> None:
    assert json.loads(locker("contract", "schemas", "parcel.expect").out)["title"] == "parcel.expect"


def test_one_that_there_is_not(locker: Locker) -> None:
    ended = locker("contract", "schemas", "parcel.eat")

    assert (ended.code, ended.out) == (2, "")
    assert "there is no schema parcel.eat" in ended.err


def test_the_topics_as_asyncapi(locker: Locker) -> None:
    document = json.loads(locker("contract", "asyncapi", "--root", "ours/v2").out)

    assert document["asyncapi"] == "3.0.0"
    assert document["channels"]["events"]["address"] == "ours/v2/{locker}/events"


def test_topics_that_there_cannot_be(locker: Locker) -> None:
    ended = locker("contract", "asyncapi", "--root", "a//b")

    assert (ended.code, ended.out) == (2, "")
    assert "the root 'a//b' must be" in ended.err


def test_states_lists_what_leads_where(locker: Locker) -> None:
    strands = json.loads(locker("contract", "states").out)
    assert {"from": "depositing", "record": "custody.stored", "to": "stored"} in strands["custody"]
