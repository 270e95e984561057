"""The touchscreen put together: which part is handed to which."""

import asyncio
import secrets
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.types import ASGIApp

from kiosk.app_pickup import AppPickup
from kiosk.desk import Desk
from kiosk.doorway import Doorway
from kiosk.errands import Errands
from kiosk.facts import about_site
from kiosk.guard import Guard
from kiosk.limits import Limiter
from kiosk.live import Live
from kiosk.presence import Presence
from kiosk.proving_errands import ProvingErrands
from kiosk.scanner import Scanner
from kiosk.technician_errands import TechnicianErrands
from kiosk.times import Times
from kiosk.web import Web
from kiosk.wishing_errands import WishingErrands

HOSTS = ("127.0.0.1", "localhost", "[::1]")
"""The names under which the page may be asked for; any other was made to point here by somebody else."""


@dataclass(frozen=True, slots=True)
class Assembled:
    """What has to be reached from outside."""

    desk: Desk
    live: Live
    scanner: Scanner
    presence: Presence
    app_pickup: AppPickup
    app: ASGIApp

    async def close(self) -> None:
        """End every stream, then serve nobody any more."""
        await self.live.close()
        self.app_pickup.close()
        self.desk.close()


def assemble(
    doorway: Doorway,
    times: Times,
    *,
    demo: bool,
    requests_per_s: float,
    extra: Mapping[str, ASGIApp],
    spawn: Callable[[Coroutine[Any, Any, object]], object],
) -> Assembled:
    """Everything between the locker and the sockets. To be called on the running loop."""
    desk = Desk(doorway, times, spawn, _new_id)
    live = Live(desk, about_site(doorway.site, demo=demo), _new_id)
    presence = Presence(desk)
    errands = Errands(desk)
    app_pickup = AppPickup(desk, errands, spawn)
    desk.changed = partial(_tell_all, (app_pickup.changed, live.changed, presence.changed))
    technician = TechnicianErrands(desk, errands)
    proving = ProvingErrands(desk, errands)
    scanner = Scanner(desk, errands, technician)
    wishes = WishingErrands(desk, errands)
    web = Web(desk, live, errands, proving, wishes, technician, scanner).app(demo=demo, extra=extra)
    limiter = Limiter(requests_per_s, asyncio.get_running_loop().time)
    return Assembled(desk, live, scanner, presence, app_pickup, Guard(web, HOSTS, limiter))


def _tell_all(listeners: tuple[Callable[[], None], ...]) -> None:
    for listener in listeners:
        listener()


def _new_id() -> str:
    return secrets.token_urlsafe(24)
