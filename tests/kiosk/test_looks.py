"""Every screen, on every panel, in every language and theme: nothing cut off, large enough, easy to read."""

from pathlib import Path
from typing import Protocol

import pytest
from support.gallery import SCENES, TIMES, Scene
from support.looks import problems_of
from support.touchscreen import DEADLINE_MS, MEDIUM, SMALL, TALL, Touchscreen

PICTURES = Path(__file__).parents[2] / "docs" / "screens"


class Stage(Protocol):
    """The fixture of this folder."""

    def play(self, story: Scene, **standing: object) -> None: ...


async def speak_german(screen: Touchscreen) -> None:
    page = screen.page
    if await page.locator("#overlay:visible").count():
        await page.request.post(f"{screen.serving.url}/api/visit/language", data={"language": "de"})
    elif await page.locator("#bar button[lang=de]").count():
        await page.locator("#bar button[lang=de]").click()
    else:
        assert await page.locator("html[lang=de], main[data-name=busy]").count()
        return
    await page.wait_for_selector("html[lang=de]", timeout=DEADLINE_MS)


async def look(screen: Touchscreen, problems: list[str], what: str) -> None:
    page = screen.page
    for width, height in (SMALL, MEDIUM, TALL):
        await page.set_viewport_size({"width": width, "height": height})
        problems += [f"{what} {width}×{height}: {problem}" for problem in await problems_of(page)]
    await page.set_viewport_size({"width": SMALL[0], "height": SMALL[1]})


@pytest.mark.parametrize("name", SCENES)
def test_every_screen_looks_right_on_every_panel(stage: Stage, name: str) -> None:
    problems: list[str] = []

    async def story(screen: Touchscreen) -> None:
        await SCENES[name](screen)
        page = screen.page
        for theme in ("night", "contrast", "day"):
            await page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
            if theme != "day":
                problems.extend(f"{theme}: {problem}" for problem in await problems_of(page))
        await look(screen, problems, "English")
        await speak_german(screen)
        await look(screen, problems, "German")

    stage.play(story, times=TIMES.get(name))

    assert problems == []


@pytest.mark.parametrize("size", ["800x480", "1280x800"])
def test_every_screen_has_its_picture(size: str) -> None:
    assert {path.name for path in PICTURES.glob(f"*-{size}.png")} == {f"{name}-{size}.png" for name in SCENES}
