"""`locker fleet config …`: one configuration for many lockers, signed, kept at the broker, and waited for."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from controller.cli.carrier_line import HERE, LOCAL, Folder, Url, explained
from controller.cli.failure import Exit, Failed
from controller.cli.fleet_line import Filter, Patience
from controller.cli.fleet_orders import Batch, Named, Timeout, Yes
from controller.cli.fleet_push import Push, Stand
from controller.cli.options import AsJson
from controller.cli.output import print_json
from controller.contract.fields import INT_MAX
from controller.device.from_afar import NAME, parse_told
from controller.device.settings_errors import SettingsError
from controller.domain.commands import ApplyConfig
from controller.domain.ids import Role
from controller.remote.key_set import KeySet
from controller.remote.sender import ANSWER_S

app = typer.Typer(name="config", help="What lockers are configured to do, from afar.", no_args_is_help=True)
Version = Annotated[int | None, typer.Option(min=1, max=INT_MAX, help="Default: one more than any of them has seen.")]


@app.command()
def push(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="TOML: the tables that may be told from afar.")],
    lockers: Named = None,
    words: Filter = "",
    version: Version = None,
    yes: Yes = False,
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Patience = ANSWER_S,
    as_json: AsJson = False,
) -> None:
    """Have each of the lockers configured so, as operator. Those that are away take it in when they come."""
    with explained():
        text = _read(file)
        keys = KeySet.load(folder)
        keys.signing(Role.OPERATOR)
        pushed = Push(context.obj, url, keys, text, version, timeout)
        stands = asyncio.run(pushed.to(lockers or [], words, yes))
    _tell(stands, as_json)
    if any(stand.refused for stand in stands.values()):
        raise typer.Exit(Exit.NOT_GOOD)
    if any(stand.silent for stand in stands.values()):
        raise typer.Exit(Exit.UNREACHABLE)


@app.command("apply")
def apply_(
    context: typer.Context,
    version: Annotated[int, typer.Argument(min=1, max=INT_MAX, help="The version that was pushed.")],
    lockers: Named = None,
    words: Filter = "",
    yes: Yes = False,
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Timeout = ANSWER_S,
    as_json: AsJson = False,
) -> None:
    """Have each of the lockers look once more at what was pushed, after their own file was put right."""
    batch = Batch(context.obj, url, folder, ApplyConfig(version=version), timeout)
    batch.give(lockers or [], words, yes, as_json)


def _read(file: Path) -> str:
    """The text to push. Raises `Failed` for what no locker would take."""
    text = file.read_text("utf-8")
    try:
        parse_told(text)
    except SettingsError as error:
        raise Failed(Exit.WRONG_USE, *(line.replace(str(NAME), str(file), 1) for line in error.lines)) from error
    return text


def _tell(stands: Mapping[str, Stand], as_json: bool) -> None:
    if as_json:
        print_json({locker: stand.members() for locker, stand in stands.items()})
        return
    for locker, stand in stands.items():
        typer.echo(f"{locker}: {stand.said}")
        for problem in stand.problems:
            typer.echo(f"  {problem}")
