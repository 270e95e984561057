"""The touchscreen as a person stands before it: the real page in Chromium, on the real server, before a fake locker."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright
from support.doorway import FakeDoorway

from kiosk.service import Serving, serve

SMALL = (800, 480)
MEDIUM = (1280, 800)
TALL = (1080, 1920)
_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
]
DEADLINE_MS = 10_000


@dataclass(slots=True)
class Touchscreen:
    """What stands on the screen, and fingers to touch it with."""

    page: Page
    doorway: FakeDoorway
    serving: Serving

    async def shows(self, name: str) -> None:
        """Wait until this screen is up and no question is on its way."""
        await self.page.wait_for_selector(f"main[data-name={name}]", timeout=DEADLINE_MS)

    async def reads(self, text: str) -> None:
        """Wait until this can be read on the screen."""
        await self.page.get_by_text(text).first.wait_for(timeout=DEADLINE_MS)

    async def tap(self, name: str) -> None:
        """Touch the button of this name."""
        await self.page.get_by_role("button", name=name, exact=True).first.click(timeout=DEADLINE_MS)

    async def tap_like(self, name: str) -> None:
        """Touch the button whose name has this in it."""
        await self.page.get_by_role("button", name=name).first.click(timeout=DEADLINE_MS)

    async def type_code(self, code: str) -> None:
        """Touch each digit, then OK."""
        for digit in code:
            await self.tap(digit)
        await self.tap("OK")

    async def scan(self, text: str) -> None:
        """Hold it before the scanner."""
        await self.serving.scanned(text)


def _is_complaint(said: ConsoleMessage) -> bool:
    """An answer 503 is one that the page expects; Chromium reports it all the same."""
    return said.type == "error" and "503" not in said.text


@asynccontextmanager
async def a_browser() -> AsyncIterator[Browser]:
    """Debian's Chromium."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=_ARGS)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def standing_before(
    browser: Browser,
    doorway: FakeDoorway,
    size: tuple[int, int] = SMALL,
    times: Mapping[str, int] | None = None,
) -> AsyncIterator[Touchscreen]:
    """A fresh touchscreen with this locker behind it. What the page complains about fails the test."""
    complaints: list[str] = []
    async with serve(doorway, listen="127.0.0.1:0", demo=True, times=times, requests_per_s=200) as serving:
        context = await browser.new_context(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
        page = await context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if _is_complaint(said) else None)
        await page.goto(serving.url)
        screen = Touchscreen(page, doorway, serving)
        await screen.shows("home")
        yield screen
        await context.close()
    assert complaints == []
