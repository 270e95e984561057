"""What all `locker fleet` commands share: a watcher at the broker, and how long it takes to know what there is."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import typer

from controller.cli.carrier_line import Access
from controller.cli.failure import Exit, Failed
from controller.contract.topics import ANY
from controller.device.mqtt_link import MqttLink
from controller.remote.fleet import filters
from controller.remote.fleet.fleet_view import FleetView

QUIET_S = 0.5
"""A broker that has told nothing new for so long has told all that it keeps. What goes on meanwhile is not new."""

Filter = Annotated[
    str, typer.Option("--filter", metavar="WORDS", help=f"Only lockers for which all hold: {filters.HELP}.")
]
Patience = Annotated[float, typer.Option("--timeout", min=0.1, help="Seconds to wait for the broker.")]


@asynccontextmanager
async def watching(access: Access, url: str, lockers: str = ANY) -> AsyncIterator[tuple[FleetView, MqttLink]]:
    """The fleet as the broker tells it, from here to the end of the block. Raises ValueError as `Access.link`."""
    link = access.link(url, f"fleet-{secrets.token_hex(4)}", persistent=False)
    fleet = FleetView(access.root, time.time)
    fleet.listen(link, lockers)
    running = asyncio.create_task(link.run())
    try:
        yield fleet, link
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def settled(fleet: FleetView, link: MqttLink, url: str, timeout_s: float) -> None:
    """Wait until what the broker keeps has come. Raises `Failed` where it cannot be reached in time."""
    deadline = time.monotonic() + timeout_s
    while not link.up:
        if time.monotonic() > deadline:
            raise Failed(Exit.UNREACHABLE, f"the broker at {url} does not answer: {link.reason}")
        await asyncio.sleep(0.02)
    learned, quiet_since = -1, time.monotonic()
    while time.monotonic() - quiet_since < QUIET_S:
        if fleet.learned != learned:
            learned, quiet_since = fleet.learned, time.monotonic()
        await asyncio.sleep(0.05)
