"""The demo from end to end: everything opened in order, closed in reverse."""

import asyncio
import errno
import logging
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from controller.cli.daemon import FORESEEN, explained_failure
from controller.cli.demo.broker import running_broker
from controller.cli.demo.carrier import open_carrier
from controller.cli.demo.contents import Contents
from controller.cli.demo.hands import Hands
from controller.cli.demo.house import BOARD, CHANNELS, House, open_house
from controller.cli.demo.page import PAGE, TOUCHSCREEN, Page
from controller.cli.demo.terminal import open_browser, say_ready, say_starting
from controller.cli.failure import Exit, Failed
from controller.device.app import open_locker
from controller.device.settings_errors import SettingsError
from controller.remote.carrier_store import StoreRefused
from controller.remote.key_set import KeysMissing
from firmware_bridge.cabinet import Cabinet
from firmware_bridge.timers import ThreadTimers

_HOST = "127.0.0.1"


def show(port: int, data: Path | None, *, browser: bool) -> None:
    """Run the demo until it is told to stop. Raises `Failed` where it could not start, or had to stop."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    listen = f"{_HOST}:{port}"
    try:
        _check_free(port)
        with open_house(data) as house:
            asyncio.run(_show(house, listen, browser=browser, kept=data is not None))
    except SettingsError as error:
        raise Failed(Exit.WRONG_USE, *error.lines) from error
    except (KeysMissing, StoreRefused) as error:
        raise Failed(Exit.WRONG_USE, str(error)) from error
    except FORESEEN as error:
        raise explained_failure(error, listen) from error


async def _show(house: House, listen: str, *, browser: bool, kept: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    say_starting()
    keys = house.keys()
    async with running_broker() as broker_port, open_carrier(keys, broker_port) as carrier:
        settings = house.furnish(broker_port, listen)
        with _cabinet() as cabinet:
            Contents(cabinet, CHANNELS, house.contents)
            page = Page(carrier, Hands(cabinet, CHANNELS))
            async with open_locker(settings, cabinets={BOARD: cabinet}, services={TOUCHSCREEN: page.serve}) as locker:
                carrier.recall(locker.heart.journal.sealer.stream)
                say_ready(page.url, broker_port, house, kept)
                if browser:
                    open_browser(f"{page.url}{PAGE}/")
                await stop.wait()


@contextmanager
def _cabinet() -> Iterator[Cabinet]:
    timers = ThreadTimers("cabinet")
    try:
        yield Cabinet(CHANNELS.values(), timers)
    finally:
        timers.close()


def _check_free(port: int) -> None:
    """Before anything is begun. Raises `Failed`."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError as taken:
            if taken.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            why = "is taken by another program" if taken.errno == errno.EADDRINUSE else "is only for root"
            raise Failed(Exit.WRONG_USE, f"port {port} {why}: name another one, such as --port 8090") from taken
