"""Draws the demo page into docs/screens: `PYTHONPATH=tests python tests/demo/draw_demo.py`."""

import io
import tempfile
from pathlib import Path

from PIL import Image
from support.demo import Newcomer, a_browser, a_newcomer, running_demo

PICTURES = Path(__file__).parents[2] / "docs" / "screens"
COLOURS = 192
MOMENTS = {
    "demo-start": "Make a parcel",
    "demo-plan": "Open a door",
    "demo-code": "Type ",
    "demo": "Take the parcel out",
    "demo-done": "Done: collected and proven",
}
"""Pictures, and what the strip says when they are taken."""


def draw() -> None:
    """One whole story, with a fault at the end."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_demo(Path(folder), "--no-browser") as demo,
        a_browser() as browser,
        a_newcomer(browser, demo) as newcomer,
    ):
        for name, sentence in MOMENTS.items():
            newcomer.clicks_until(sentence)
            keep(newcomer, name)
        newcomer.page.emulate_media(color_scheme="dark")
        newcomer.page.get_by_role("button", name="Break A07").click()
        keep(newcomer, "demo-faults")


def keep(newcomer: Newcomer, name: str) -> None:
    """A small picture of the page as it is."""
    newcomer.page.mouse.move(640, 90)
    newcomer.page.wait_for_timeout(300)
    image = Image.open(io.BytesIO(newcomer.page.screenshot())).convert("RGB")
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(PICTURES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    draw()
