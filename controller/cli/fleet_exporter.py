"""`locker fleet exporter`: the figures over HTTP, to this machine alone."""

import asyncio
import ipaddress
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import typer
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from controller.cli.carrier_line import Access
from controller.cli.fleet_line import watching
from controller.device.mqtt_link import MqttLink
from controller.remote.fleet.fleet_view import FleetView
from controller.remote.fleet.metrics import CONTENT_TYPE, prometheus


async def export(access: Access, url: str, listen: str) -> None:
    """Serve until the process is asked to end.

    Raises ValueError for an address that is not loopback, OSError when it cannot be had.
    """
    with _listening(listen) as listener:
        async with watching(access, url) as (fleet, link):
            server = _Server(_config(_app(fleet, link)))
            loop = asyncio.get_running_loop()
            host, port = listener.getsockname()[:2]
            for sign in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(sign, _end, server)
            typer.echo(f"metrics at http://{host}:{port}/metrics; end with Ctrl-C", err=True)
            await server.serve(sockets=[listener])


class _Server(uvicorn.Server):
    """Signals are ours to handle: uvicorn would raise them again when it has ended."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _app(fleet: FleetView, link: MqttLink) -> Starlette:
    async def metrics(request: Request) -> Response:
        return Response(prometheus(fleet, link.up), media_type=CONTENT_TYPE)

    return Starlette(routes=[Route("/metrics", metrics)])


def _config(app: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=16,
        timeout_graceful_shutdown=1,
    )


def _end(server: uvicorn.Server) -> None:
    server.should_exit = True


@contextmanager
def _listening(listen: str) -> Iterator[socket.socket]:
    host, _, port = listen.rpartition(":")
    address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host.strip("[]"))
    if not address.is_loopback:
        raise ValueError(f"--listen {listen}: metrics are served on loopback only; put a proxy before it to go further")
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((str(address), int(port)))
        listener.listen()
        yield listener
