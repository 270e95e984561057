"""`locker fleet watch`: the terminal side of it."""

import asyncio
import os
import re
import sys
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager

from rich.live import Live

from controller.cli.carrier_line import Access
from controller.cli.failure import Exit, Failed
from controller.cli.fleet_line import settled, watching
from controller.cli.fleet_screen import Screen, draw, in_order, press
from controller.cli.output import console
from controller.device.mqtt_link import MqttLink
from controller.remote.fleet.filters import Wanted
from controller.remote.fleet.fleet_view import FleetView

REFRESH_S = 0.5
_KEY = re.compile(rb"\x1b\[[0-9;]*[A-Za-z~]|.", re.DOTALL)


async def watch(access: Access, url: str, lockers: str, met: Wanted, opened: str | None, timeout_s: float) -> None:
    """Show the lockers that are wanted until somebody quits. Raises `Failed` without a terminal or a broker."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Failed(Exit.WRONG_USE, "watch needs a terminal. For programs: locker fleet summary --json")
    async with watching(access, url, lockers) as (fleet, link):
        await settled(fleet, link, url, timeout_s)
        with _keys() as keys:
            await _show(fleet, link, met, Screen(opened=opened), keys)


async def _show(fleet: FleetView, link: MqttLink, met: Wanted, screen: Screen, keys: "asyncio.Queue[bytes]") -> None:
    with Live(console=console(), screen=True, auto_refresh=False) as live:
        while not screen.over:
            views = in_order([view for view in fleet.lockers() if met(view) or view.locker == screen.opened])
            note = "" if link.up else f"no broker: {link.reason}"
            live.update(draw(screen, views, live.console.size.height, note), refresh=True)
            try:
                async with asyncio.timeout(REFRESH_S):
                    key = await keys.get()
            except TimeoutError:
                continue
            screen = press(screen, key, [view.locker for view in views])


@contextmanager
def _keys() -> Iterator["asyncio.Queue[bytes]"]:
    """Keys as they are pressed, one after the other; the terminal is as before when it ends."""
    keys: asyncio.Queue[bytes] = asyncio.Queue()
    loop, terminal = asyncio.get_running_loop(), sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    tty.setcbreak(terminal)

    def pressed() -> None:
        for key in _KEY.findall(os.read(terminal, 1024)):
            keys.put_nowait(key)

    loop.add_reader(terminal, pressed)
    try:
        yield keys
    finally:
        loop.remove_reader(terminal)
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)
