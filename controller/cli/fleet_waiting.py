"""What operators say to many lockers at once about parcels that wait there."""

import typer

from controller.cli.carrier_line import HERE, LOCAL, Folder, Url
from controller.cli.fleet_line import Filter
from controller.cli.fleet_orders import Batch, Named, Timeout, Yes
from controller.cli.options import AsJson
from controller.cli.waiting_options import Hours, InHours, LongerH, What, declared
from controller.domain.commands import ExtendAll
from controller.remote.sender import ANSWER_S


def declare(
    context: typer.Context,
    condition: What,
    hours: Hours,
    in_hours: InHours = 0,
    lockers: Named = None,
    words: Filter = "",
    yes: Yes = False,
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Timeout = ANSWER_S,
    as_json: AsJson = False,
) -> None:
    """Say that something is the matter at each of the lockers: parcels wait longer there, and recipients are told."""
    batch = Batch(context.obj, url, folder, declared(condition, hours, in_hours), timeout)
    batch.give(lockers or [], words, yes, as_json)


def extend_all(
    context: typer.Context,
    hours: LongerH,
    lockers: Named = None,
    words: Filter = "",
    yes: Yes = False,
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Timeout = ANSWER_S,
    as_json: AsJson = False,
) -> None:
    """Hold every parcel that waits at each of the lockers for so much longer, and have the recipients told."""
    batch = Batch(context.obj, url, folder, ExtendAll(hold_s=hours * 3600), timeout)
    batch.give(lockers or [], words, yes, as_json)
