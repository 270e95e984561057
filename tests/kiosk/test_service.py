"""The touchscreen on a real server: how it starts, what it refuses to start with, and that it stops."""

import asyncio
import signal
import tomllib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from importlib.metadata import EntryPoint
from pathlib import Path

import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from support.doorway import FakeDoorway, a_site
from support.on_a_loop import on_a_loop

import kiosk
from controller.device.doorway import EngineDoorway
from kiosk.doorway import Doorway
from kiosk.service import serve

ANY_PORT = "127.0.0.1:0"


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """What a benchmark compares with, and what the demo's own page is."""
    await Response(await Request(scope, receive).body())(scope, receive, send)


def as_the_kiosk_sees_it(doorway: EngineDoorway) -> Doorway:
    """Type-checked: what the controller hands in is what the touchscreen asks for."""
    return doorway


@on_a_loop
async def test_it_stops_with_pages_open() -> None:
    async with AsyncExitStack() as browsers, serve(FakeDoorway(), listen=ANY_PORT) as serving:
        for _ in range(8):
            client = await browsers.enter_async_context(httpx2.AsyncClient(base_url=serving.url))
            stream = await browsers.enter_async_context(client.stream("GET", "/api/live"))
            lines = stream.aiter_lines()
            assert await anext(lines) == "event: site"
            await client.get("/healthz")

    with pytest.raises(httpx2.ConnectError):
        async with httpx2.AsyncClient() as late:
            await late.get(f"{serving.url}/healthz")


@on_a_loop
async def test_it_leaves_signals_to_whoever_runs_the_locker() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    async with serve(FakeDoorway(), listen=ANY_PORT):
        assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


@on_a_loop
async def test_the_page_and_the_stream_come_over_the_wire() -> None:
    async with (
        serve(FakeDoorway(), listen="localhost:0") as serving,
        httpx2.AsyncClient(base_url=serving.url) as client,
    ):
        page = await client.get("/")
        async with client.stream("GET", "/api/live") as stream:
            assert stream.headers["content-type"] == "text/event-stream; charset=utf-8"
            assert stream.headers["cache-control"] == "no-store"
            lines = [line async for line in _first(stream, 5)]

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "server" not in page.headers
    assert lines[0] == "event: site"
    assert lines[3] == "event: screen"


@on_a_loop
async def test_other_apps_are_served_behind_the_same_guard() -> None:
    async with (
        serve(FakeDoorway(), listen=ANY_PORT, extra={"/echo": echo}) as serving,
        httpx2.AsyncClient(base_url=serving.url) as client,
    ):
        said = await client.post("/echo/", content=b'{"a":1}', headers={"content-type": "application/json"})
        foreign = await client.post("/echo/", json={}, headers={"origin": "http://evil.example"})

    assert said.content == b'{"a":1}'
    assert foreign.status_code == 403


@on_a_loop
async def test_what_fails_inside_reaches_the_caller() -> None:
    with pytest.raises(ExceptionGroup) as failed:
        async with serve(FakeDoorway(), listen=ANY_PORT):
            raise RuntimeError("the locker failed")

    assert isinstance(failed.value.exceptions[0], RuntimeError)


@pytest.mark.parametrize("listen", ["0.0.0.0:8080", "192.168.1.7:80", "[::]:8080"])
@on_a_loop
async def test_it_listens_on_loopback_alone(listen: str) -> None:
    with pytest.raises(ValueError, match=r"kiosk\.listen .* loopback"):
        await serve(FakeDoorway(), listen=listen).__aenter__()


@on_a_loop
async def test_a_language_without_a_catalogue_is_refused() -> None:
    with pytest.raises(ValueError, match=r"kiosk\.languages .*tlh.*choose from de, en"):
        await serve(FakeDoorway(site=a_site(languages=("en", "tlh"))), listen=ANY_PORT).__aenter__()


@on_a_loop
async def test_an_unknown_time_is_refused() -> None:
    with pytest.raises(ValueError, match="idel_s"):
        await serve(FakeDoorway(), listen=ANY_PORT, times={"idel_s": 3}).__aenter__()


@on_a_loop
async def test_an_address_that_is_taken_cannot_be_had() -> None:
    async with serve(FakeDoorway(), listen=ANY_PORT) as first:
        with pytest.raises(OSError, match="in use"):
            await serve(FakeDoorway(), listen=first.url.removeprefix("http://")).__aenter__()


@on_a_loop
async def test_garbage_on_the_socket_hurts_nobody() -> None:
    async with serve(FakeDoorway(), listen=ANY_PORT) as serving:
        host, port = serving.url.removeprefix("http://").split(":")
        for garbage in (b"\x16\x03\x01\x02\x00\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"POST /api/pickup HTTP/1.1\r\n"):
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(garbage)
            writer.write_eof()
            await reader.read()
            writer.close()
            await writer.wait_closed()
        async with httpx2.AsyncClient(base_url=serving.url) as client:
            assert (await client.get("/healthz")).status_code == 200


def test_the_locker_finds_the_touchscreen_by_its_entry_point() -> None:
    project = tomllib.loads((Path(kiosk.__file__).parents[1] / "pyproject.toml").read_text())["project"]
    point = EntryPoint("kiosk", project["entry-points"]["locker.services"]["kiosk"], "locker.services")

    assert point.load() is serve


async def _first(stream: httpx2.Response, count: int) -> AsyncIterator[str]:
    async for line in stream.aiter_lines():
        yield line
        count -= 1
        if not count:
            return


@on_a_loop
async def test_it_tells_whether_somebody_is_at_the_screen() -> None:
    told: list[bool] = []
    async with serve(FakeDoorway(), listen=ANY_PORT) as serving:
        serving.presence(told.append)
        assert told == [False]
        await serving.scanned("something that is no label")
        assert told == [False, True]
        await serving.scanned("something else")
        assert told == [False, True]
