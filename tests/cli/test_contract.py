import json

from support.command_line import Locker

from controller.domain.commands import COMMANDS
from controller.domain.events import EVENTS


def test_every_record_type_and_command_has_its_schema(locker: Locker) -> None:
    schemas = json.loads(locker("contract", "schemas").out)

    assert schemas.keys() == {"record", *COMMANDS, *(f"locker.{name}.v1" for name in EVENTS)}


def test_one_alone(locker: Locker) -> None:
    assert json.loads(locker("contract", "schemas", "parcel.expect").out)["title"] == "parcel.expect"


def test_one_that_there_is_not(locker: Locker) -> None:
    ended = locker("contract", "schemas", "parcel.eat")

    assert (ended.code, ended.out) == (2, "")
    assert "there is no schema parcel.eat" in ended.err
