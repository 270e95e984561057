"""Wishes at the real page: pressed, confirmed, and a new address typed on the screen or on a keyboard."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from support import gallery_wishing
from support.touchscreen import Touchscreen

from controller.domain.inputs import ContactGiven

Scene = Callable[[Touchscreen], Awaitable[None]]


class Stage(Protocol):
    def play(self, story: Scene, **standing: object) -> None: ...


def test_each_wish_says_the_next_thing_when_it_is_pressed(stage: Stage) -> None:
    async def story(screen: Touchscreen) -> None:
        await gallery_wishing.wishes(screen)
        await screen.tap_like("Somebody else may collect")
        await screen.tap_like("Tell me by")
        await screen.reads("e-mail")
        await screen.tap("Yes, all of it is right")
        await screen.reads("Thank you!")
        [kept] = screen.doorway.state().preferences.values()
        assert (kept.preferences.second_person, kept.preferences.channel) == (True, "email")

    stage.play(story)


def test_a_page_that_was_loaded_again_shows_what_was_changed(stage: Stage) -> None:
    async def story(screen: Touchscreen) -> None:
        await gallery_wishing.wishes(screen)
        await screen.tap_like("Tell me by")
        await screen.reads("e-mail")
        await screen.page.reload()
        await screen.reads("e-mail")

    stage.play(story)


def test_an_address_can_be_typed_on_a_keyboard(stage: Stage) -> None:
    async def story(screen: Touchscreen) -> None:
        await gallery_wishing.contact_email(screen)
        await screen.page.keyboard.type("kim@example.orgg")
        await screen.reads("kim@example.orgg")
        await screen.page.keyboard.press("Backspace")
        await screen.page.keyboard.press("Enter")
        await screen.reads("Thank you!")
        [given] = [item for item in screen.doorway.asked if isinstance(item, ContactGiven)]
        assert given.jwe == f"sealed-{len('kim@example.org')}"

    stage.play(story)
