"""The stream that every page follows: first the site, then each new screen, and a beat while nothing happens."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from dataclasses import dataclass, field

from kiosk.desk import Desk
from kiosk.facts import Facts

MAX_PAGES = 16
"""One screen follows; the rest are a developer's windows and whatever runs wild."""


@dataclass(slots=True)
class Page:
    """One connected page; `token` is the cookie it last came with."""

    id: str
    token: str | None
    news: asyncio.Event = field(default_factory=asyncio.Event)


class Live:
    """All connected pages. Only the visitor's own sees the visit.

    `beat_s` is how often an idle stream says that it is alive, in seconds.
    """

    def __init__(self, desk: Desk, site: Facts, new_id: Callable[[], str], beat_s: float = 10) -> None:
        self._desk = desk
        self._site = site
        self._new_id = new_id
        self._beat_s = beat_s
        self._pages: dict[str, Page] = {}
        self._closing = False
        self._empty = asyncio.Event()
        self._empty.set()

    def open(self, token: str | None) -> Page | None:
        """A page connects; None when there are too many, or the service is closing."""
        if self._closing or len(self._pages) >= MAX_PAGES:
            return None
        page = Page(self._new_id(), token)
        page.news.set()
        return page

    def knows(self, page_id: str | None) -> bool:
        """Whether a page of this id is connected."""
        return page_id in self._pages

    def token_of(self, page_id: str | None) -> str | None:
        """The cookie that this page last came with."""
        page = self._pages.get(page_id) if page_id is not None else None
        return page.token if page is not None else None

    def adopt(self, page_id: str | None, token: str) -> None:
        """This page has shown the visitor's cookie, or just got it."""
        page = self._pages.get(page_id) if page_id is not None else None
        if page is not None and page.token != token:
            page.token = token
            page.news.set()

    def changed(self) -> None:
        """There may be something new to show."""
        for page in self._pages.values():
            page.news.set()

    async def close(self, patience_s: float = 0.3) -> None:
        """End every stream and wait until each is gone; one whose page has stopped reading is left to the server."""
        self._closing = True
        self.changed()
        with suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                await self._empty.wait()

    async def events(self, page: Page) -> AsyncGenerator[bytes]:
        """The body of one stream. The page counts as connected from the first event on: who never reads, never was."""
        self._pages[page.id] = page
        self._empty.clear()
        try:
            yield _event("site", {"page": page.id, **self._site})
            last: Facts = {}
            while not self._closing:
                if not await self._news(page):
                    yield _event("beat", {})
                page.news.clear()
                screen = self._desk.screen(own=self._desk.holds(page.token) or self._desk.unclaimed)
                if screen != last and not self._closing:
                    last = screen
                    yield _event("screen", screen)
        finally:
            self._pages.pop(page.id, None)
            if not self._pages:
                self._empty.set()

    async def _news(self, page: Page) -> bool:
        try:
            async with asyncio.timeout(self._beat_s):
                await page.news.wait()
        except TimeoutError:
            return False
        return True


def _event(name: str, data: Facts) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False, separators=(',', ':'))}\n\n".encode()
