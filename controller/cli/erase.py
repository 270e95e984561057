"""`locker erase`: everything private about one parcel, recipient or driver, gone; and a report of it."""

from typing import Annotated, Any

import typer

from controller.cli.failure import Exit, Failed
from controller.cli.options import AsJson, ConfigOrNone, DataOrNone, data_directory
from controller.cli.output import console, print_json, some, table

app = typer.Typer()

_WHY = {
    "live_code": "a code that somebody still collects by; it goes with the parcel, or with `locker carrier revoke`",
    "announced": "a driver or technician still signs in by it; it goes when they are revoked",
    "disputed": "it shows how a disputed handoff went; it goes once the dispute was settled",
}


@app.command()
def erase(
    reference: Annotated[
        str,
        typer.Argument(metavar="REF", help="A parcel's id, a carrier's reference for a recipient, or CARRIER/DRIVER."),
    ],
    config: ConfigOrNone = None,
    data: DataOrNone = None,
    as_json: AsJson = False,
) -> None:
    """Erase everything private about a parcel, a recipient or a driver, and say what is gone and what has to stay. The
    records themselves stay, and `locker journal verify` still finds them whole.
    """
    from controller.cli.service_client import ask

    directory = data_directory(data, config)
    report = ask(directory, {"do": "erase", "reference": reference})
    if as_json:
        print_json(report)
    elif report["erased"] or report["kept"]:
        _show(report)
    if not report["erased"] and not report["kept"]:
        raise Failed(Exit.NOT_GOOD, f"{directory}: nothing private is kept about {reference}")


def _show(report: dict[str, Any]) -> None:
    erased, kept, out = report["erased"], report["kept"], console()
    out.print(f"{report['reference']}: {some(len(erased), 'private part')} erased, {len(kept)} kept")
    shown = table(">record", "type", "")
    for part in erased:
        shown.add_row(str(part["sequence"]), part["type"], "erased")
    for part in kept:
        shown.add_row(str(part["sequence"]), part["type"], f"kept: {_WHY[part['why']]}", style="bold yellow")
    out.print(shown)
    out.print(f"on record up to {report['recorded']}; `locker journal verify` checks that the chain is whole")
