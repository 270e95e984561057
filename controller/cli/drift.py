"""`locker drift`: what went a little wrong of late, and what goes wrong too often."""

from typing import Any

import typer

from controller.cli.options import AsJson, ConfigOrNone, DataOrNone, data_directory
from controller.cli.output import console, print_json, some, table

app = typer.Typer()


@app.command()
def drift(config: ConfigOrNone = None, data: DataOrNone = None, as_json: AsJson = False) -> None:
    """Show what went a little wrong within the last days: at the locker, and by door, driver and channel."""
    from controller.cli.service_client import ask

    facts = ask(data_directory(data, config), {"do": "drift"})
    if as_json:
        print_json(facts)
    else:
        _show(facts)


def _show(facts: dict[str, Any]) -> None:
    rows, out = facts["figures"], console()
    if not rows:
        out.print(f"nothing happened within {facts['days']} days")
        return
    over = sum(row["over"] for row in rows)
    said = f"{some(over, 'figure')} to look into" if over else "nothing goes wrong too often"
    out.print(f"{said}, counted over {facts['days']} days", style="bold yellow" if over else "")
    openings = {row["about"]: row["count"] for row in rows if row["figure"] == "openings"}
    shown = table("about", "figure", ">count", ">limit", "")
    for row in rows:
        shown.add_row(
            row["about"],
            row["figure"].replace("_", " "),
            str(row["count"]),
            "" if row["limit"] is None else str(row["limit"]),
            _note(row, openings),
            style="bold yellow" if row["over"] else "",
        )
    out.print()
    out.print(shown)


def _note(row: dict[str, Any], openings: dict[str, int]) -> str:
    if row["figure"] == "open_s":
        return f"{row['count'] / openings[row['about']]:.0f} s each time"
    return "look into this" if row["over"] else ""
