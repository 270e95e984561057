"""The touchscreen without sockets: pages that ask it over ASGI, and what each page's stream would show."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx2
from support.doorway import FakeDoorway

from kiosk.assembly import Assembled, assemble
from kiosk.live import Page
from kiosk.times import Times

Plain = dict[str, object]


@dataclass(slots=True)
class PageInHand:
    """One browser with its cookies, and the stream it follows."""

    client: httpx2.AsyncClient
    stream: Page
    events: AsyncGenerator[bytes]

    async def post(self, path: str, **body: object) -> Plain:
        """The answer to a question; it has to be one of status 200."""
        answer = await self.client.post(path, json=body, headers={"x-page": self.stream.id})
        assert answer.status_code == 200, answer.text
        said: Plain = answer.json()
        return said

    async def shown(self) -> Plain:
        """The next screen that the stream sends."""
        while True:
            name, _, data = (await anext(self.events)).decode().partition("\ndata: ")
            if name == "event: screen":
                screen: Plain = json.loads(data)
                return screen


@dataclass(slots=True)
class KioskInHand:
    """The assembled touchscreen and the fake locker behind it."""

    kiosk: Assembled
    doorway: FakeDoorway
    _pages: list[PageInHand] = field(default_factory=list)

    def client(self) -> httpx2.AsyncClient:
        """A browser without a page."""
        return httpx2.AsyncClient(transport=httpx2.ASGITransport(self.kiosk.app), base_url="http://127.0.0.1:8080")

    async def page(self) -> PageInHand:
        """A browser that has opened the page and sees its first screen next."""
        stream = self.kiosk.live.open(None)
        assert stream is not None
        page = PageInHand(self.client(), stream, self.kiosk.live.events(stream))
        await anext(page.events)
        self._pages.append(page)
        return page

    def screen(self) -> Plain:
        """What the visitor's own page shows now."""
        return self.kiosk.desk.screen(own=True)

    def name(self) -> str:
        """The name of that screen."""
        return str(self.screen()["screen"])

    async def end(self) -> None:
        """Every browser is closed."""
        for page in self._pages:
            await page.client.aclose()
            await page.events.aclose()


@asynccontextmanager
async def kiosk_in_hand(
    doorway: FakeDoorway | None = None,
    *,
    times: Times | None = None,
    demo: bool = True,
    requests_per_s: float = 100_000,
) -> AsyncIterator[KioskInHand]:
    """A touchscreen before a fake locker."""
    doorway = doorway if doorway is not None else FakeDoorway()
    async with asyncio.TaskGroup() as group:
        kiosk = assemble(
            doorway, times or Times(), demo=demo, requests_per_s=requests_per_s, extra={}, spawn=group.create_task
        )
        held = KioskInHand(kiosk, doorway)
        yield held
        await held.end()
        await kiosk.close()
