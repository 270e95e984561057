"""Who may sign in at a locker: drivers, as their carrier says, and technicians, as the operator does."""

import getpass
import secrets
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from controller.cli.carrier_line import HERE, LOCAL, Folder, Locker, Order, Timeout, Url, explained
from controller.cli.failure import Exit, Failed
from controller.cli.options import AsJson
from controller.contract.codec import decode_command
from controller.contract.pin_verifier import SALT_BYTES, make_verifier
from controller.contract.wire_json import JsonObject
from controller.domain.commands import RevokeDriver, UpsertDriver
from controller.domain.ids import PinVerifier, Role
from controller.domain.staff import DRIVING, Scope
from controller.remote.sender import ANSWER_S

Name = Annotated[str, typer.Argument(metavar="DRIVER", help="The carrier's pseudonym; no name.")]
PinFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Where their PIN stands; - is the input. It never leaves here.")
]

DeviceKeys = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="The locker's public JWK set, to seal the PIN to.  [default: what it announces]"),
]


def driver(
    context: typer.Context,
    name: Name,
    locker: Locker,
    number: Annotated[str | None, typer.Option(help="What they type to say who they are: 3 to 12 digits.")] = None,
    pin_file: PinFile = None,
    scope: Annotated[list[Scope] | None, typer.Option(help="What they may do.  [default: deposit, take_away]")] = None,
    language: Annotated[str | None, typer.Option(help="What they read, such as de.")] = None,
    valid_until: Annotated[str | None, typer.Option(help="Such as 2026-12-31T23:00:00Z.")] = None,
    device_keys: DeviceKeys = None,
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Timeout = ANSWER_S,
    as_json: AsJson = False,
) -> None:
    """Tell the locker who this driver is, in place of all it was told before; with scope technician, as operator."""
    scopes = tuple(scope or DRIVING)
    said: JsonObject = {"driver": name, "scope": [each.value for each in scopes]}
    for field, value in (("number", number), ("language", language), ("valid_until", valid_until)):
        if value is not None:
            said[field] = value
    with explained():
        command = decode_command(UpsertDriver.TYPE, said)
    if pin_file is not None and isinstance(command, UpsertDriver):
        command = replace(command, pin=_verifier(pin_file))
    role = Role.OPERATOR if Scope.TECHNICIAN in scopes else Role.CARRIER
    Order(context.obj, url, folder, locker, role, timeout, as_json, device_keys).send(lambda _: command)


def driver_revoke(
    context: typer.Context,
    locker: Locker,
    name: Annotated[str | None, typer.Argument(metavar="[DRIVER]", help="With every badge of theirs.")] = None,
    badge: Annotated[str | None, typer.Option(metavar="JTI", help="One badge alone, as one that was lost.")] = None,
    technician: Annotated[bool, typer.Option("--technician", help="Not a driver: a technician, as operator.")] = False,
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Timeout = ANSWER_S,
    as_json: AsJson = False,
) -> None:
    """A driver, or one badge, is let in no more; whoever is signed in with it is out at their next step."""
    said: JsonObject = {field: value for field, value in (("driver", name), ("badge", badge)) if value is not None}
    with explained():
        command = decode_command(RevokeDriver.TYPE, said)
    role = Role.OPERATOR if technician else Role.CARRIER
    Order(context.obj, url, folder, locker, role, timeout, as_json).send(lambda _: command)


def _verifier(file: Path) -> PinVerifier:
    """What may be told of the PIN in this file. Raises `Failed`."""
    try:
        if str(file) != "-":
            text = file.read_text()
        elif sys.stdin.isatty():
            text = getpass.getpass("PIN: ")
        else:
            text = sys.stdin.readline()
        return make_verifier(text.strip(), secrets.token_bytes(SALT_BYTES))
    except OSError as unreadable:
        raise Failed(Exit.WRONG_USE, f"{file}: cannot be read: {unreadable.strerror}") from unreadable
    except ValueError as bad:
        raise Failed(Exit.WRONG_USE, str(bad)) from bad
