"""`locker carrier …`: the reference carrier from a terminal.

Exit codes: 0 done, 1 refused, 2 wrong use, 3 unreachable.
"""

from typing import Annotated

import typer

from controller.cli import (
    carrier_app,
    carrier_asking,
    carrier_backend,
    carrier_codes,
    carrier_drivers,
    carrier_orders,
    carrier_passes,
    carrier_provision,
    carrier_waiting,
)
from controller.cli.carrier_line import HERE, Folder, access, explained
from controller.cli.options import AlwaysJson, AsJson
from controller.cli.output import print_json
from controller.domain.ids import CarrierId
from controller.remote.key_set import TRUST_FILE, KeyName, KeySet

app = typer.Typer(
    name="carrier",
    help="The reference carrier: keys, parcels, passes, and the backend that takes the journal in.",
    no_args_is_help=True,
)
app.callback()(access)
app.command("expect")(carrier_orders.expect)
app.command("prefer")(carrier_orders.prefer)
app.command("cancel")(carrier_orders.cancel)
app.command("identify")(carrier_orders.identify)
app.command("extend")(carrier_orders.extend)
app.command("recall")(carrier_waiting.recall)
app.command("redirect")(carrier_waiting.redirect)
app.command("answer")(carrier_waiting.answer)
app.command("report")(carrier_waiting.report)
app.command("declare")(carrier_waiting.declare)
app.command("extend-all")(carrier_waiting.extend_all)
app.command("reissue")(carrier_orders.reissue)
app.command("authorise")(carrier_app.authorise)
app.command("delegate")(carrier_codes.delegate)
app.command("revoke")(carrier_codes.revoke)
app.command("settle")(carrier_codes.settle)
app.command("open")(carrier_orders.open_)
app.command("block")(carrier_orders.block)
app.command("unblock")(carrier_orders.unblock)
app.command("pass")(carrier_passes.pass_)
app.command("driver")(carrier_drivers.driver)
app.command("driver-revoke")(carrier_drivers.driver_revoke)
app.command("driver-pass")(carrier_passes.driver_pass)
app.command("technician-pass")(carrier_passes.technician_pass)
app.command("snapshot")(carrier_asking.snapshot)
app.command("replay")(carrier_asking.replay)
app.command("watch")(carrier_backend.watch)
app.command("provision")(carrier_provision.provision)
app.command("serve")(carrier_backend.serve)


@app.command("new-key")
def new_key(
    name: Annotated[KeyName, typer.Argument(help="What it is for.")],
    folder: Folder = HERE,
    carrier: Annotated[str, typer.Option(help="Whose it is, for a carrier's.")] = "carrier",
    as_json: AlwaysJson = False,
) -> None:
    """Make one private key, for a second operator or in place of another, and print its public half."""
    with explained():
        print_json(KeySet.create_one(folder, name, CarrierId(carrier)))


@app.command()
def keys(
    folder: Folder = HERE,
    carrier: Annotated[str, typer.Option(help="The carrier's name: letters, digits, _ and -.")] = "carrier",
    as_json: AsJson = False,
) -> None:
    """Make a carrier's private keys, and the trust.json by which a locker knows them."""
    with explained():
        made = KeySet.create(folder, CarrierId(carrier))
    if as_json:
        print_json(made.trust())
        return
    typer.echo(f"{len(made.keys)} private keys are in {folder}; keep them there.")
    typer.echo(f"Give {folder / TRUST_FILE} to the locker: [trust] keyring = …")
