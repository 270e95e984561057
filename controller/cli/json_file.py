"""Fields of a command that a person wrote into a file: what is long, or must not stand in a list of processes."""

import sys
from pathlib import Path

from controller.cli.failure import Exit, Failed
from controller.contract.codec import NotUnderstood, decode_command
from controller.contract.wire_json import JsonObject, loads_object
from controller.domain.commands import Command


def read_object(file: Path) -> JsonObject:
    """The JSON object in a file, or in the input where it is called `-`. Raises `Failed`."""
    name = "the input" if str(file) == "-" else str(file)
    try:
        return loads_object(sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes())
    except OSError as unreadable:
        raise Failed(Exit.WRONG_USE, f"{file}: cannot be read: {unreadable.strerror}") from unreadable
    except ValueError as broken:
        raise Failed(Exit.WRONG_USE, f"{name}: is not a JSON object: {broken}") from broken


def command_of(type_: str, fields: JsonObject) -> Command:
    """The command with these fields. Raises `Failed`."""
    try:
        return decode_command(type_, fields)
    except NotUnderstood as wrong:
        raise Failed(Exit.WRONG_USE, str(wrong).replace("cmd.", "", 1)) from wrong
