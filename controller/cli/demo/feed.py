"""What every open demo page is told: the scene whenever it changes, and each record once."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import suppress

from controller.cli.demo.stage import Stage
from controller.contract.wire_json import JsonObject

_SETTLE_S = 0.02
"""Contacts bounce: what changes within this time is told once."""
_BEAT_S = 10.0
_PATIENCE_S = 0.3


class Feed:
    """All open pages."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._news: set[asyncio.Event] = set()
        self._closing = False
        self._empty = asyncio.Event()
        self._empty.set()

    def changed(self) -> None:
        """There may be something new to show. On the loop."""
        for news in self._news:
            news.set()

    async def close(self) -> None:
        """End every stream and wait until each is gone; one whose page has stopped reading is left to the server."""
        self._closing = True
        self.changed()
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE_S):
                await self._empty.wait()

    async def events(self) -> AsyncGenerator[bytes]:
        """The body of one stream."""
        news = asyncio.Event()
        self._news.add(news)
        self._empty.clear()
        try:
            yield _event("begin", {"badge": self._stage.badge()})
            told: JsonObject | None = None
            last = 0
            while not self._closing:
                for sequence, line in self._stage.lines(after=last):
                    last = sequence
                    yield _event("line", line)
                scene = self._stage.scene()
                if scene != told:
                    told = scene
                    yield _event("scene", scene)
                if not await _heard(news):
                    yield _event("beat", {})
        finally:
            self._news.discard(news)
            if not self._news:
                self._empty.set()


async def _heard(news: asyncio.Event) -> bool:
    try:
        async with asyncio.timeout(_BEAT_S):
            await news.wait()
    except TimeoutError:
        return False
    news.clear()
    await asyncio.sleep(_SETTLE_S)
    return True


def _event(name: str, data: object) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False, separators=(',', ':'))}\n\n".encode()
