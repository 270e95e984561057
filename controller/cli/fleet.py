"""`locker fleet …`: many lockers at once, from what they say at the broker anyway.

Exit codes: 0 done, 1 refused by some, 2 wrong use, 3 unreachable.
"""

import asyncio
from typing import Annotated

import typer

from controller.cli import fleet_asking, fleet_config, fleet_keys, fleet_orders, fleet_simulate, fleet_waiting
from controller.cli.carrier_line import LOCAL, Access, Lockers, Url, access, explained
from controller.cli.fleet_line import Filter, Patience, settled, watching
from controller.cli.options import AsJson
from controller.cli.output import print_facts, print_json
from controller.contract.topics import ANY
from controller.contract.wire_json import JsonObject
from controller.remote.fleet.filters import Wanted, wanted
from controller.remote.fleet.summary import summary as summed
from controller.remote.sender import ANSWER_S

app = typer.Typer(name="fleet", help="Many lockers at once: watch, count, command, measure.", no_args_is_help=True)
app.callback()(access)
app.command("open")(fleet_orders.open_)
app.command("emergency")(fleet_orders.emergency)
app.command("open-all")(fleet_orders.open_all)
app.command("audit")(fleet_orders.audit)
app.command("diagnose")(fleet_asking.diagnose)
app.command("block")(fleet_orders.block)
app.command("unblock")(fleet_orders.unblock)
app.command("rotate-key")(fleet_keys.rotate_key)
app.command("declare")(fleet_waiting.declare)
app.command("extend-all")(fleet_waiting.extend_all)
app.add_typer(fleet_config.app)
app.command("simulate")(fleet_simulate.simulate)


@app.command()
def watch(
    context: typer.Context,
    url: Url = LOCAL,
    lockers: Lockers = ANY,
    words: Filter = "",
    timeout: Patience = ANSWER_S,
) -> None:
    """Show every locker in a live table; Enter opens one with its timeline. Needs no keys."""
    from controller.cli.fleet_watch import watch

    with explained():
        opened = None if lockers == ANY else lockers
        asyncio.run(watch(context.obj, url, lockers, wanted(words), opened, timeout))


@app.command()
def summary(
    context: typer.Context,
    url: Url = LOCAL,
    lockers: Lockers = ANY,
    words: Filter = "",
    timeout: Patience = ANSWER_S,
    as_json: AsJson = False,
) -> None:
    """Count lockers, compartments, alarms and backlog, as the broker keeps them now. Needs no keys."""
    with explained():
        told = asyncio.run(_summary(context.obj, url, lockers, wanted(words), timeout))
    if as_json:
        print_json(told)
    else:
        print_facts({name: _shown(value) for name, value in told.items() if name != "each"})


async def _summary(access: Access, url: str, lockers: str, met: Wanted, timeout_s: float) -> JsonObject:
    async with watching(access, url, lockers) as (fleet, link):
        await settled(fleet, link, url, timeout_s)
        return summed(view for view in fleet.lockers() if met(view))


@app.command()
def exporter(
    context: typer.Context,
    url: Url = LOCAL,
    listen: Annotated[
        str, typer.Option(metavar="HOST:PORT", help="Where Prometheus asks, on loopback; port 0 for any free one.")
    ] = "127.0.0.1:9745",
) -> None:
    """Serve the figures of every locker to Prometheus at /metrics, until stopped. Needs no keys."""
    from controller.cli.fleet_exporter import export

    with explained():
        asyncio.run(export(context.obj, url, listen))


def _shown(value: object) -> object:
    if isinstance(value, dict):
        return ", ".join(f"{count} {name}" for name, count in value.items()) or "none"
    return value
