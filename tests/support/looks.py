"""What can be measured of how a screen looks: nothing cut off, large enough to touch, and easy to read."""

from pathlib import Path

from playwright.async_api import Page

_MEASURE = Path(__file__).with_suffix(".js").read_text()


async def problems_of(page: Page) -> list[str]:
    """What is wrong with the looks of the page as it is now; the limits are WCAG 2.2 AAA for text, AA for controls."""
    found: list[str] = await page.evaluate(_MEASURE)
    return found
