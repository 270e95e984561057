"""`locker doctor`: every part of the locker, found or faulty, and what to do about it."""

import errno
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from controller.cli.defaults import DEFAULT_CONFIG
from controller.cli.failure import Exit, Failed
from controller.cli.options import AsJson, ConfigFile
from controller.cli.output import console, print_json, some, table

if TYPE_CHECKING:
    from controller.device.settings import Settings
    from firmware_bridge.parts import Part

app = typer.Typer()
_NOBODY = (errno.ENOENT, errno.ENOTDIR, errno.ECONNREFUSED)
_STYLES = {"found": "green", "faulty": "bold red", "missing": "bold red", "not_configured": "dim"}


@app.command()
def doctor(config: ConfigFile = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Look after every part: boards, doors, scanner, camera, broker, keys, clock, disk. Nothing is moved.

    A running locker is asked; without one, ports are opened and status questions asked.
    """
    from controller.device.doctor.examination import examine, is_good

    settings = _settings(config)
    status = _status(settings.locker.data_dir)
    parts = list(examine(settings, status))
    bad = [part for part in parts if not is_good(part)]
    if as_json:
        print_json({"good": not bad, "running": status is not None, "parts": [_facts(part) for part in parts]})
    else:
        _show(parts, bad)
    raise typer.Exit(Exit.NOT_GOOD if bad else Exit.GOOD)


def _settings(config: Path) -> "Settings":
    from controller.device.settings import load
    from controller.device.settings_errors import SettingsError
    from controller.device.settings_parts import check_parts

    try:
        settings = load(config)
        check_parts(config, settings)
    except SettingsError as error:
        raise Failed(Exit.WRONG_USE, *error.lines) from error
    return settings


def _status(data_dir: Path) -> dict[str, Any] | None:
    """What the running locker says of itself, None if none runs. Raises `Failed` for one that does not answer."""
    from controller.cli.service_client import ask
    from controller.device.service_requests import SOCKET

    with socket.socket(socket.AF_UNIX) as call:
        if call.connect_ex(bytes(data_dir / SOCKET)) in _NOBODY:
            return None
    return ask(data_dir, {"do": "status"})


def _facts(part: "Part") -> dict[str, str]:
    return {"part": part.name, "state": part.state.value, "what": part.what, "advice": part.advice}


def _show(parts: list["Part"], bad: list["Part"]) -> None:
    from rich.text import Text

    rows = table("part", "", "what")
    for part in parts:
        state = Text(part.state.value.replace("_", " "), style=_STYLES[part.state.value])
        rows.add_row(part.name, state, Text(part.what + (f"\n→ {part.advice}" if part.advice else "")))
    out = console()
    out.print(rows)
    out.print(f"\n{some(len(bad), 'part')} to see to" if bad else "\nEverything is well.")
