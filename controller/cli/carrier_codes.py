"""`locker carrier delegate`, `revoke` and `settle`: who else may collect, who may no more, disputes looked into."""

from typing import Annotated

import typer

from controller.cli.carrier_line import HERE, LOCAL, Folder, Locker, Order, Timeout, Url
from controller.cli.carrier_orders import Parcel
from controller.cli.json_file import command_of
from controller.cli.options import AsJson
from controller.domain.commands import DelegateCode, RevokeCode, SettleDispute
from controller.domain.ids import ParcelId, Role, Word
from controller.remote.sender import ANSWER_S


def revoke(
    context: typer.Context,
    parcel: Parcel,
    locker: Locker,
    delegate: Annotated[str | None, typer.Option(help="This delegate's alone, with their passes.")] = None,
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Timeout = ANSWER_S,
    as_json: AsJson = False,
) -> None:
    """Make the code of a stored parcel worthless, without a new one; passes still open it."""
    order = Order(context.obj, url, folder, locker, Role.CARRIER, timeout, as_json)
    order.send(lambda _: RevokeCode(parcel=ParcelId(parcel), delegate=Word(delegate) if delegate else None))


def delegate(
    context: typer.Context,
    parcel: Parcel,
    name: Annotated[str, typer.Argument(help="What to call them: a word, no name and no number.")],
    locker: Locker,
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Timeout = ANSWER_S,
    as_json: AsJson = False,
) -> None:
    """Let somebody else collect a stored parcel, with a code of their own, or a pass made with --delegate."""
    command = command_of(DelegateCode.TYPE, {"parcel": parcel, "delegate": name})
    Order(context.obj, url, folder, locker, Role.CARRIER, timeout, as_json).send(lambda _: command)


def settle(
    context: typer.Context,
    parcel: Parcel,
    locker: Locker,
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Timeout = ANSWER_S,
    as_json: AsJson = False,
) -> None:
    """Settle a recipient's dispute, as operator: its evidence need no longer be kept for it."""
    order = Order(context.obj, url, folder, locker, Role.OPERATOR, timeout, as_json)
    order.send(lambda _: SettleDispute(parcel=ParcelId(parcel)))
