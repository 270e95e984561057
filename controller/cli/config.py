"""`locker config show`: what is in force, and whether the locker's own file says so or somebody far away."""

import json
from typing import Any

import typer

from controller.cli.options import AsJson, ConfigOrNone, DataOrNone, data_directory
from controller.cli.output import console, print_json, table

app = typer.Typer()
_config = typer.Typer(name="config", help="The configuration of the running locker.", no_args_is_help=True)
app.add_typer(_config)
_LONGEST = 60


@_config.callback()
def _group() -> None:
    """The configuration of the running locker."""


@_config.command()
def show(config: ConfigOrNone = None, data: DataOrNone = None, as_json: AsJson = False) -> None:
    """Show every key that is set, with where: in the locker's own file, or from afar. The rest has its default."""
    from controller.cli.service_client import ask

    facts = ask(data_directory(data, config), {"do": "config"})
    if as_json:
        print_json(facts)
    else:
        _show(facts)


def _show(facts: dict[str, Any]) -> None:
    out, rows = console(), table("key", "value", "from")
    over = f"version {facts['version']}" if facts["version"] is not None else "nothing"
    out.print(f"{facts['file']}, and over it from afar: {over}")
    for problem in facts["problems"]:
        out.print(f"not in force, for it does not go with the file any more: {problem}", style="bold red")
    for row in facts["keys"]:
        rows.add_row(row["key"], _value(row["value"]), row["from"], style="bold" if row["from"] == "afar" else "")
    out.print()
    out.print(rows)


def _value(value: object) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        names = [str(each.get("id", each.get("name", "?"))) for each in value]
        text = f"{len(value)}: {', '.join(names)}"
    else:
        text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
