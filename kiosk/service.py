"""Serves the touchscreen inside the locker's process; named in the entry point `locker.services`."""

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp

from kiosk.assembly import assemble
from kiosk.assets import CATALOGUES
from kiosk.doorway import Doorway
from kiosk.times import Times

_CONNECTIONS = 64
"""Served at once; more are told 503."""


@dataclass(frozen=True, slots=True)
class Serving:
    """The touchscreen while it is served."""

    url: str
    """Such as `http://127.0.0.1:8080`."""
    scanned: Callable[[str], Awaitable[object]]
    """Hand in what the scanner read, as it came. On the loop."""
    presence: Callable[[Callable[[bool], None]], None]
    """Tells the function that it is given whether somebody is at the screen, at once and whenever that changes."""


@asynccontextmanager
async def serve(
    doorway: Doorway,
    *,
    listen: str = "127.0.0.1:8080",
    demo: bool = False,
    times: Mapping[str, int] | None = None,
    requests_per_s: float = 10,
    extra: Mapping[str, ASGIApp] | None = None,
) -> AsyncIterator[Serving]:
    """Serve the touchscreen while the context is open; leaving it ends within a second, pages or not.

    `listen` is a loopback address and port, 0 for any free one. `times` are fields of `kiosk.times.Times`.
    `requests_per_s` limits what changes something. `extra` apps are served below their paths, such as `/demo`.
    Raises ValueError for an address that is not loopback, a wrong time or a language without a catalogue, and OSError
    when the address cannot be had. A server that fails ends the caller's block, as in any task group.
    """
    _check_languages(doorway)
    waits = Times.of(times or {})
    with _listening(listen) as listener:
        async with asyncio.TaskGroup() as group:
            kiosk = assemble(
                doorway,
                waits,
                demo=demo,
                requests_per_s=requests_per_s,
                extra=extra or {},
                spawn=group.create_task,
            )
            server = _Server(_config(kiosk.app))
            running = group.create_task(server.serve(sockets=[listener]))
            await server.up.wait()
            try:
                yield Serving(_url(listener), kiosk.scanner.scanned, kiosk.presence.follow)
            finally:
                await kiosk.close()
                server.should_exit = True
                await running


class _Server(uvicorn.Server):
    """Signals belong to whoever runs the locker; uvicorn would raise them again in the middle of our closing."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_CONNECTIONS,
        timeout_graceful_shutdown=1,
    )


@contextmanager
def _listening(listen: str) -> Iterator[socket.socket]:
    host, _, port = listen.rpartition(":")
    name = host.strip("[]")
    address = ipaddress.ip_address("127.0.0.1" if name == "localhost" else name)
    if not address.is_loopback:
        raise ValueError(
            f"kiosk.listen is {listen!r}: the touchscreen is served on loopback only, such as 127.0.0.1:8080"
        )
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:  # asyncio sets TCP_NODELAY by proto
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((str(address), int(port)))
        yield listener


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _check_languages(doorway: Doorway) -> None:
    unknown = [language for language in doorway.site.languages if language not in CATALOGUES]
    if unknown or not doorway.site.languages:
        known = ", ".join(CATALOGUES)
        raise ValueError(f"kiosk.languages is {list(doorway.site.languages)}: choose from {known}")
