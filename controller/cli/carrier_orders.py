"""The commands of `locker carrier` that a locker answers."""

import secrets
import sys
from pathlib import Path
from typing import Annotated

import typer

from controller.cli.carrier_line import HERE, LOCAL, Folder, Locker, Order, Timeout, Url, explained
from controller.cli.failure import Exit, Failed
from controller.cli.json_file import command_of, read_object
from controller.cli.options import AsJson
from controller.contract.codec import encode_command
from controller.contract.wire_json import JsonObject
from controller.domain.commands import (
    BlockCompartment,
    CancelParcel,
    Command,
    ExpectParcel,
    ExtendParcel,
    IdentifyParcel,
    ReissueCode,
    UnblockCompartment,
    UnlockCompartment,
    UpsertPreferences,
)
from controller.domain.ids import CompartmentId, ParcelId, Role, Size
from controller.remote.carrier_desk import UNLOCK_WAIT_S
from controller.remote.key_set import KeySet
from controller.remote.second import sealed_second
from controller.remote.sender import ANSWER_S

Parcel = Annotated[str, typer.Argument(help="The carrier's id of the parcel.")]
Compartment = Annotated[str, typer.Argument(help="The compartment, such as A01.")]

Rewired = Annotated[bool, typer.Option("--rewired", help="Also after a wiring fault: its wires were seen to.")]


def expect(
    context: typer.Context,
    locker: Locker,
    label: Annotated[str, typer.Option(help="What the driver will scan.")],
    parcel: Annotated[str, typer.Argument(help="The carrier's id of the parcel; made up if not given.")] = "",
    size: Annotated[Size | None, typer.Option(help="The smallest compartment that takes it.")] = None,
    recipient: Annotated[str | None, typer.Option(help="An opaque reference; no name, no number.")] = None,
    classes: Annotated[list[str] | None, typer.Option("--class", help="regulated, dangerous, perishable …")] = None,
    hold_s: Annotated[int | None, typer.Option(help="Seconds it is held, from when it is stored.")] = None,
    fields: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="JSON with further fields: value, signature, preferences … - is the input."),
    ] = None,
    second: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The digits its recipient types after a shorter code. - is the input."),
    ] = None,
    locker_keys: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What `locker key show` prints there: --second is sealed to it.")
    ] = None,
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Timeout = ANSWER_S,
    as_json: AsJson = False,
) -> None:
    """Announce a parcel to the locker."""
    name = ParcelId(parcel or f"P{secrets.token_hex(4)}")
    if not as_json:
        typer.echo(f"parcel {name}")
    further = read_object(fields) if fields is not None else {}
    if second is not None:
        further |= {"second_jwe": _sealed(second, locker_keys)}

    def announcement(keys: KeySet) -> Command:
        plain = ExpectParcel(
            parcel=name,
            label=label,
            carrier=keys.carrier,
            recipient=recipient,
            size=size,
            classes=tuple(classes or ()),
            hold_s=hold_s,
        )
        return command_of(ExpectParcel.TYPE, encode_command(plain) | further)

    Order(context.obj, url, folder, locker, Role.CARRIER, timeout, as_json).send(announcement)


def _sealed(second: Path, locker_keys: Path | None) -> str:
    if locker_keys is None:
        raise Failed(Exit.WRONG_USE, "--second needs --locker-keys: it is sealed to the locker")
    with explained():
        digits = sys.stdin.read() if str(second) == "-" else second.read_text()
        return sealed_second(digits.strip(), read_object(locker_keys))


def prefer(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", allow_dash=True, help="JSON: confirmed_at, and what is wanted. - is the input."),
    ],
    locker: Locker,
    parcel: Annotated[str | None, typer.Option(help="For this parcel alone.")] = None,
    recipient: Annotated[str | None, typer.Option(help="For all parcels of this opaque reference.")] = None,
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Timeout = ANSWER_S,
    as_json: AsJson = False,
) -> None:
    """Tell the locker what a recipient wants."""
    target: JsonObject = {name: value for name, value in (("parcel", parcel), ("recipient", recipient)) if value}
    command = command_of(UpsertPreferences.TYPE, target | {"preferences": read_object(file)})
    Order(context.obj, url, folder, locker, Role.CARRIER, timeout, as_json).send(lambda _: command)


def cancel(
    context: typer.Context,
    parcel: Parcel,
    locker: Locker,
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Timeout = ANSWER_S,
    as_json: AsJson = False,
) -> None:
    """Withdraw a parcel: it is not coming, or no longer to be handed out."""
    order = Order(context.obj, url, folder, locker, Role.CARRIER, timeout, as_json)
    order.send(lambda _: CancelParcel(parcel=ParcelId(parcel)))


def identify(
    context: typer.Context,
    found: Annotated[str, typer.Argument(help="The id that the locker made up, such as walk-up-4711.")],
    parcel: Parcel,
    locker: Locker,
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Timeout = ANSWER_S,
    as_json: AsJson = False,
) -> None:
    """Say which announced parcel it is that was stored without an announcement."""
    order = Order(context.obj, url, folder, locker, Role.CARRIER, timeout, as_json)
    order.send(lambda _: IdentifyParcel(found=ParcelId(found), parcel=ParcelId(parcel)))


def extend(
    context: typer.Context,
    parcel: Parcel,
    locker: Locker,
    hold_s: Annotated[int, typer.Option(help="Seconds to hold it, from now.")],
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Timeout = ANSWER_S,
    as_json: AsJson = False,
) -> None:
    """Hold a stored parcel for longer."""
    order = Order(context.obj, url, folder, locker, Role.CARRIER, timeout, as_json)
    order.send(lambda _: ExtendParcel(parcel=ParcelId(parcel), hold_s=hold_s))


def reissue(
    context: typer.Context,
    parcel: Parcel,
    locker: Locker,
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Timeout = ANSWER_S,
    as_json: AsJson = False,
) -> None:
    """Have a new code made for a stored parcel; the old one is worthless from then on."""
    order = Order(context.obj, url, folder, locker, Role.CARRIER, timeout, as_json)
    order.send(lambda _: ReissueCode(parcel=ParcelId(parcel)))


def open_(
    context: typer.Context,
    compartment: Compartment,
    locker: Locker,
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Timeout = UNLOCK_WAIT_S,
    as_json: AsJson = False,
) -> None:
    """Open a door from afar, as operator."""
    order = Order(context.obj, url, folder, locker, Role.OPERATOR, timeout, as_json)
    order.send(lambda _: UnlockCompartment(compartment=CompartmentId(compartment)))


def block(
    context: typer.Context,
    compartment: Compartment,
    locker: Locker,
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Timeout = ANSWER_S,
    as_json: AsJson = False,
) -> None:
    """Take a compartment out of service, as operator."""
    order = Order(context.obj, url, folder, locker, Role.OPERATOR, timeout, as_json)
    order.send(lambda _: BlockCompartment(compartment=CompartmentId(compartment)))


def unblock(
    context: typer.Context,
    compartment: Compartment,
    locker: Locker,
    rewired: Rewired = False,
    url: Url = LOCAL,
    folder: Folder = HERE,
    timeout: Timeout = ANSWER_S,
    as_json: AsJson = False,
) -> None:
    """Put a compartment back into service, as operator, after somebody looked inside."""
    order = Order(context.obj, url, folder, locker, Role.OPERATOR, timeout, as_json)
    order.send(lambda _: UnblockCompartment(compartment=CompartmentId(compartment), rewired=rewired))
