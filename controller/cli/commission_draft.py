"""What `locker commission` is told of the cabinet: by a file, or by flags for one board; and whose locker it is."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from controller.cli.failure import Exit, Failed
from controller.cli.options import data_directory

if TYPE_CHECKING:
    from controller.device.commissioning.draft import Draft

_RANGE = re.compile(r"([A-Za-z0-9_-]*?)(\d+)-([A-Za-z0-9_-]*?)(\d+)")


@dataclass(frozen=True, slots=True)
class Flags:
    """A cabinet with one board, told on the command line."""

    driver: str | None
    port: str | None
    baud: int | None
    address: int
    try_channels: int | None
    doors: str


def draft_of(file: Path | None, flags: Flags) -> "Draft":
    """The draft that is meant. Raises `Failed`."""
    from controller.device.commissioning.draft import make_draft, read_draft
    from controller.device.settings_errors import SettingsError

    try:
        return read_draft(file) if file is not None else make_draft(Path("the command line"), _told(flags))
    except SettingsError as error:
        raise Failed(Exit.WRONG_USE, *error.lines) from error


def data_directory_of(data: Path | None, config: Path | None, draft: Path | None) -> Path:
    """Where the locker keeps its journal and its keys; the draft is asked if nothing else says so. Raises `Failed`."""
    named_by_draft = draft is not None and "data_dir" in _locker_table(draft)
    return data_directory(data, draft if config is None and named_by_draft else config)


def locker_of(config: Path | None, draft: Path | None) -> str | None:
    """The locker's identifier, where the configuration or the draft has it."""
    names = (_locker_table(file).get("id") for file in (config, draft) if file is not None)
    return next((name for name in names if isinstance(name, str)), None)


def doors_of(text: str) -> list[dict[str, Any]]:
    """Compartments from `A01-A24:M,B01:L`; without a size they are M. Raises `Failed`."""
    compartments = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        names, _, size = part.partition(":")
        compartments += [{"id": name, "size": size or "M"} for name in _names(names)]
    return compartments


def _names(text: str) -> list[str]:
    span = _RANGE.fullmatch(text)
    if span is None:
        return [text]
    first, start, last, end = span.groups()
    if first != last or int(start) > int(end):
        raise Failed(Exit.WRONG_USE, f"--doors {text}: write a range such as A01-A24")
    return [f"{first}{number:0{len(start)}}" for number in range(int(start), int(end) + 1)]


def _told(flags: Flags) -> dict[str, Any]:
    if flags.driver is None or not flags.doors:
        raise Failed(Exit.WRONG_USE, "Name a draft with --draft FILE, or one board with --driver, --port and --doors.")
    given = {"port": flags.port, "baud": flags.baud, "try_channels": flags.try_channels}
    board = {"name": "main", "driver": flags.driver, "address": flags.address, "supply": "psu"}
    return {
        "supplies": [{"name": "psu"}],
        "boards": [board | {key: value for key, value in given.items() if value is not None}],
        "compartments": doors_of(flags.doors),
    }


def _locker_table(file: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(file.read_bytes().decode()).get("locker")
    except (OSError, ValueError):
        return {}
    return table if isinstance(table, dict) else {}
