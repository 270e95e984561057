"""Draws every screen into docs/screens: `PYTHONPATH=tests python tests/kiosk/draw_screens.py [scene …]`."""

import asyncio
import io
import sys
from pathlib import Path

from PIL import Image
from support.doorway import FakeDoorway
from support.gallery import SCENES, TIMES
from support.touchscreen import MEDIUM, SMALL, a_browser, standing_before

PICTURES = Path(__file__).parents[2] / "docs" / "screens"
PANELS = (SMALL, MEDIUM)
COLOURS = 64


async def draw(names: list[str]) -> None:
    """Walk to each scene and keep a small picture of it on both panels."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    async with a_browser() as browser:
        for name in names:
            locker = FakeDoorway(ticking=True)
            async with standing_before(browser, locker, SMALL, TIMES.get(name)) as screen:
                await SCENES[name](screen)
                for width, height in PANELS:
                    await screen.page.set_viewport_size({"width": width, "height": height})
                    keep(await screen.page.screenshot(), PICTURES / f"{name}-{width}x{height}.png")


def index() -> str:
    """A page that shows them all."""
    lines = ["# Every screen", "", "Made by `PYTHONPATH=tests python tests/kiosk/draw_screens.py`.", ""]
    lines += ["| | " + " | ".join(f"{width}×{height}" for width, height in PANELS) + " |", "|---|---|---|"]
    for name in SCENES:
        pictures = " | ".join(f"![{name}]({name}-{width}x{height}.png)" for width, height in PANELS)
        lines.append(f"| {name} | {pictures} |")
    return "\n".join(lines) + "\n"


def keep(picture: bytes, path: Path) -> None:
    """Few colours are enough for a screen of few colours."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    asyncio.run(draw(sys.argv[1:] or list(SCENES)))
    (PICTURES / "README.md").write_text(index())
