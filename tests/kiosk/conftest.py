"""One Chromium for all tests of the page; each of them gets a fresh window before a fresh server."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.async_api import Browser
from support.doorway import FakeDoorway
from support.touchscreen import SMALL, Touchscreen, a_browser, standing_before

Story = Callable[[Touchscreen], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Stage:
    """Where people walk up to the touchscreen."""

    runner: asyncio.Runner
    browser: Browser

    def play(self, story: Story, doorway: FakeDoorway | None = None, **standing: Any) -> None:
        """Run the story before a fresh touchscreen with this locker behind it."""

        async def whole() -> None:
            locker = doorway if doorway is not None else FakeDoorway(ticking=True)
            async with standing_before(self.browser, locker, **({"size": SMALL} | standing)) as screen:
                await story(screen)

        self.runner.run(whole())


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    """A browser that is there until the last test."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        browser = runner.run(stack.enter_async_context(a_browser()))
        yield Stage(runner, browser)
        runner.run(stack.aclose())
