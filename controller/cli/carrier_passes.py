"""What people show at the screen, made by `locker carrier`: no broker is needed for it."""

from pathlib import Path
from typing import Annotated

import typer

from controller.cli.carrier_line import HERE, Folder, Locker, explained, fresh_id, wall
from controller.cli.options import AsJson
from controller.cli.output import print_json_line
from controller.cli.qr import as_png, as_text
from controller.contract.topics import check_locker
from controller.domain.ids import DriverId, ParcelId, Word
from controller.remote.carrier_desk import BADGE_H, PASS_H, Issuer
from controller.remote.key_set import KeySet

Qr = Annotated[bool, typer.Option("--qr", help="Draw it as a QR code.")]
Png = Annotated[Path | None, typer.Option("--png", help="Write it as a QR code to this PNG file.")]


def pass_(
    parcel: Annotated[str, typer.Argument(help="The carrier's id of the parcel.")],
    locker: Locker,
    folder: Folder = HERE,
    hours: Annotated[int, typer.Option(min=1, max=1440, help="How long it is good.")] = PASS_H,
    delegate: Annotated[
        str | None, typer.Option(help="For this delegate of the parcel, and not its recipient.")
    ] = None,
    draw: Qr = False,
    png: Png = None,
    as_json: AsJson = False,
) -> None:
    """Make a pickup pass. Whoever has it can open the door: give it to the recipient alone, or to the delegate."""
    with explained():
        issuer = Issuer(KeySet.load(folder), wall, fresh_id)
        token = issuer.pickup_pass(
            (check_locker(locker),), ParcelId(parcel), hours, Word(delegate) if delegate else None
        )
        _show(token, draw, png, as_json)


def driver_pass(
    driver: Annotated[str, typer.Argument(help="The carrier's pseudonym of the driver.")],
    locker: Locker,
    folder: Folder = HERE,
    hours: Annotated[int, typer.Option(min=1, max=BADGE_H, help="How long it is good.")] = BADGE_H,
    draw: Qr = False,
    png: Png = None,
    as_json: AsJson = False,
) -> None:
    """Make a driver's badge."""
    with explained():
        issuer = Issuer(KeySet.load(folder), wall, fresh_id)
        token = issuer.badge((check_locker(locker),), DriverId(driver), hours)
        _show(token, draw, png, as_json)


def technician_pass(
    technician: Annotated[str, typer.Argument(help="The pseudonym of the technician.")],
    locker: Locker,
    folder: Folder = HERE,
    hours: Annotated[int, typer.Option(min=1, max=BADGE_H, help="How long it is good.")] = BADGE_H,
    draw: Qr = False,
    png: Png = None,
    as_json: AsJson = False,
) -> None:
    """Make a technician's badge, by the operator's key. It opens nothing without its PIN."""
    with explained():
        issuer = Issuer(KeySet.load(folder), wall, fresh_id)
        token = issuer.technician_badge((check_locker(locker),), DriverId(technician), hours)
        _show(token, draw, png, as_json)


def _show(token: str, draw: bool, png: Path | None, as_json: bool) -> None:
    if png is not None:
        as_png(token, png)
    if as_json:
        print_json_line({"token": token})
    else:
        typer.echo(as_text(token) if draw else token)
