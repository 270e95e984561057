"""`locker carrier authorise`: what a carrier's backend does when its app has read the screen of a locker."""

from typing import Annotated

import typer

from controller.cli.carrier_line import HERE, LOCAL, Folder, Order, Timeout, Url, explained
from controller.cli.carrier_orders import Parcel
from controller.cli.options import AsJson
from controller.contract.presence_text import read_presence
from controller.domain.commands import AuthorisePickup
from controller.domain.ids import ParcelId, Role
from controller.remote.sender import ANSWER_S


def authorise(
    context: typer.Context,
    parcel: Parcel,
    seen: Annotated[str, typer.Argument(metavar="TEXT", help="What the QR code on the screen says: locker:L0042?…")],
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Timeout = ANSWER_S,
    as_json: AsJson = False,
) -> None:
    """Let whoever stands before the screen to their parcel; the QR code names the locker, and is good for 30 s."""
    with explained():
        locker, nonce = read_presence(seen)
    order = Order(context.obj, url, folder, locker, Role.CARRIER, timeout, as_json)
    order.send(lambda _: AuthorisePickup(parcel=ParcelId(parcel), presence=nonce))
