"""`locker carrier revoke` and `settle`: codes that open nothing any more, and disputes that somebody looked into."""

import typer

from controller.cli.carrier_line import HERE, LOCAL, Folder, Locker, Order, Timeout, Url
from controller.cli.carrier_orders import Parcel
from controller.cli.options import AsJson
from controller.domain.commands import RevokeCode, SettleDispute
from controller.domain.ids import ParcelId, Role
from controller.remote.sender import ANSWER_S


def revoke(
    context: typer.Context,
    parcel: Parcel,
    locker: Locker,
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Timeout = ANSWER_S,
    as_json: AsJson = False,
) -> None:
    """Make the code of a stored parcel worthless, without a new one; passes still open it."""
    order = Order(context.obj, url, folder, locker, Role.CARRIER, timeout, as_json)
    order.send(lambda _: RevokeCode(parcel=ParcelId(parcel)))


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
