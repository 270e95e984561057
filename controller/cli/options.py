"""Options that several commands have, and what they stand for when they are left out."""

import tomllib
from pathlib import Path
from typing import Annotated

import typer

from controller.cli.defaults import DEFAULT_CONFIG, DEFAULT_DATA
from controller.cli.failure import Exit, Failed

ConfigFile = Annotated[Path, typer.Option("--config", metavar="FILE", help="The configuration file.")]
ConfigOrNone = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help=f"Whose data directory is meant.  [default: {DEFAULT_CONFIG}]"),
]
DataOrNone = Annotated[
    Path | None, typer.Option("--data", metavar="DIR", help="The data directory itself, instead of --config.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
AlwaysJson = Annotated[bool, typer.Option("--json", help="What is printed is JSON in any case.")]


def data_directory(data: Path | None, config: Path | None) -> Path:
    """The data directory that `--data` names, or else the configuration; of that nothing else is looked at.

    Raises `Failed`.
    """
    if data is not None:
        return data
    file = config or DEFAULT_CONFIG
    if config is None and not file.exists():
        return DEFAULT_DATA
    try:
        named = tomllib.loads(file.read_bytes().decode())["locker"]["data_dir"]
        return file.resolve().parent / Path(named)
    except OSError as unreadable:
        reason = f"cannot be read: {unreadable.strerror}"
    except (ValueError, KeyError, TypeError):
        reason = "does not name locker.data_dir; `locker check` says what is wrong with it"
    raise Failed(Exit.WRONG_USE, f"{file}: {reason}. Name the data directory with --data DIR.")
