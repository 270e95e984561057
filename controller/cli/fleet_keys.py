"""Changing the keys that lockers trust: one operator asks, another one says the same."""

from pathlib import Path
from typing import Annotated

import typer

from controller.cli.carrier_line import HERE, LOCAL, Folder, Url, explained
from controller.cli.fleet_line import Filter
from controller.cli.fleet_orders import Batch, Named, Timeout, Yes
from controller.cli.json_file import read_object
from controller.cli.options import AsJson
from controller.contract.fields import wall_ms
from controller.contract.keys import trusted_keys
from controller.domain.commands import RotateKeys
from controller.domain.ids import KeyId
from controller.domain.trust import TrustedKey
from controller.remote.sender import ANSWER_S

Add = Annotated[
    list[Path] | None,
    typer.Option("--add", metavar="FILE", help="A public key, as `locker carrier new-key` prints it; may be repeated."),
]
Retire = Annotated[list[str] | None, typer.Option("--retire", metavar="KID", help="This key; may be repeated.")]
Until = Annotated[
    str | None,
    typer.Option("--until", metavar="TIME", help="How long what is retired still signs, such as 2026-12-31T23:00:00Z."),
]


def rotate_key(
    context: typer.Context,
    add: Add = None,
    retire: Retire = None,
    until: Until = None,
    lockers: Named = None,
    words: Filter = "",
    yes: Yes = False,
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Timeout = ANSWER_S,
    as_json: AsJson = False,
) -> None:
    """Add keys to those that each of the lockers trusts, and retire others. It takes a second operator with a key of
    their own to say the same within five minutes.
    """
    with explained():
        keys = tuple(key for file in add or [] for key in _read(file))
        ends_at = None if until is None else wall_ms(until)
        command = RotateKeys(add=keys, retire=tuple(map(KeyId, retire or [])), ends_at=ends_at)
    Batch(context.obj, url, folder, command, timeout).give(lockers or [], words, yes, as_json)


def _read(file: Path) -> tuple[TrustedKey, ...]:
    """One public key, or a set of them. Raises `Failed`; ValueError for what is no key."""
    content = read_object(file)
    members = content.get("keys", [content])
    return trusted_keys(members if isinstance(members, list) else [members])
