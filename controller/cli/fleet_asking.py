"""`locker fleet diagnose`: the doctor's findings, from afar."""

import typer

from controller.cli.asked import shown_findings
from controller.cli.carrier_line import HERE, LOCAL, Folder, Url
from controller.cli.fleet_line import Filter
from controller.cli.fleet_orders import Batch, Named, Timeout, Yes
from controller.cli.options import AsJson
from controller.domain.commands import RunDiagnostics

DIAGNOSE_S = 30.0
"""A look after every part takes some seconds."""


def diagnose(
    context: typer.Context,
    lockers: Named = None,
    words: Filter = "",
    yes: Yes = False,
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Timeout = DIAGNOSE_S,
    as_json: AsJson = False,
) -> None:
    """Have each of the lockers look after its parts: what was found, what is wrong, what to do. Nothing is moved."""
    Batch(context.obj, url, folder, RunDiagnostics(), timeout, shown_findings).give(lockers or [], words, yes, as_json)
