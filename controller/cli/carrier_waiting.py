"""The commands of `locker carrier` about parcels that wait, and about what their recipients are told."""

from typing import Annotated

import typer

from controller.cli.carrier_line import HERE, LOCAL, Folder, Locker, Order, Timeout, Url
from controller.cli.carrier_orders import Parcel
from controller.cli.json_file import command_of
from controller.cli.options import AsJson
from controller.cli.waiting_options import Hours, InHours, LongerH, What, declared
from controller.contract.wire_json import JsonObject
from controller.domain.commands import (
    AnswerForRecipient,
    Command,
    ExtendAll,
    RecallParcel,
    RedirectParcel,
    ReportNotification,
)
from controller.domain.ids import ParcelId, Role
from controller.domain.notices import Reply, ReportedAs
from controller.domain.preferences import Channel
from controller.remote.sender import ANSWER_S

To = Annotated[str | None, typer.Option("--to", metavar="ID", help="The other locker.")]


def recall(
    context: typer.Context,
    parcel: Parcel,
    locker: Locker,
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Timeout = ANSWER_S,
    as_json: AsJson = False,
) -> None:
    """Call a stored parcel back: no longer handed out, its recipient told, taken away by the next driver."""
    order = Order(context.obj, url, folder, locker, Role.CARRIER, timeout, as_json)
    order.send(lambda _: RecallParcel(parcel=ParcelId(parcel)))


def redirect(
    context: typer.Context,
    parcel: Parcel,
    locker: Locker,
    to: To = None,
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Timeout = ANSWER_S,
    as_json: AsJson = False,
) -> None:
    """Send a parcel to another locker, or elsewhere: refused at the scan, or called back where it is inside."""
    command = _read(RedirectParcel.TYPE, parcel=parcel, locker=to)
    Order(context.obj, url, folder, locker, Role.CARRIER, timeout, as_json).send(lambda _: command)


def answer(
    context: typer.Context,
    parcel: Parcel,
    reply: Annotated[Reply, typer.Argument(help="What its recipient says.")],
    locker: Locker,
    notice: Annotated[str | None, typer.Option(help="What they were asked, such as n123.")] = None,
    hold_s: Annotated[int | None, typer.Option(help="Of extend: so many seconds longer.")] = None,
    to: To = None,
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Timeout = ANSWER_S,
    as_json: AsJson = False,
) -> None:
    """Pass on what the recipient of a parcel wants done with it."""
    said = _read(AnswerForRecipient.TYPE, parcel=parcel, answer=reply.value, notice=notice, hold_s=hold_s, locker=to)
    Order(context.obj, url, folder, locker, Role.CARRIER, timeout, as_json).send(lambda _: said)


def report(
    context: typer.Context,
    notice: Annotated[str, typer.Argument(help="The notice, such as n123.")],
    outcome: Annotated[ReportedAs, typer.Argument(help="What became of it.")],
    locker: Locker,
    channel: Annotated[Channel | None, typer.Option(help="The channel, where it is not the last one asked.")] = None,
    reason: Annotated[str | None, typer.Option(help="A word for machines, such as no_such_number.")] = None,
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Timeout = ANSWER_S,
    as_json: AsJson = False,
) -> None:
    """Report what became of something that a recipient was to be told."""
    by = None if channel is None else channel.value
    said = _read(ReportNotification.TYPE, notice=notice, outcome=outcome.value, channel=by, reason=reason)
    Order(context.obj, url, folder, locker, Role.CARRIER, timeout, as_json).send(lambda _: said)


def declare(
    context: typer.Context,
    condition: What,
    locker: Locker,
    hours: Hours,
    in_hours: InHours = 0,
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Timeout = ANSWER_S,
    as_json: AsJson = False,
) -> None:
    """Say that something is the matter at the site, as operator: parcels wait longer, and recipients are told."""
    command = declared(condition, hours, in_hours)
    Order(context.obj, url, folder, locker, Role.OPERATOR, timeout, as_json).send(lambda _: command)


def extend_all(
    context: typer.Context,
    locker: Locker,
    hours: LongerH,
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Timeout = ANSWER_S,
    as_json: AsJson = False,
) -> None:
    """Hold every parcel of this carrier that waits at the locker for so much longer, and have the recipients told."""
    order = Order(context.obj, url, folder, locker, Role.CARRIER, timeout, as_json)
    order.send(lambda _: ExtendAll(hold_s=hours * 3600))


def _read(type_: str, **fields: str | int | None) -> Command:
    given: JsonObject = {name: value for name, value in fields.items() if value is not None}
    return command_of(type_, given)
