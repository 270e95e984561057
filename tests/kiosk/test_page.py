"""People at the real page in a real browser, by finger, by keyboard and by a pad of twelve keys."""

from typing import Protocol

from playwright.async_api import Page, Route
from support.doorway import GOOD_BADGE, GOOD_PASS, LABELS, FakeDoorway
from support.gallery import Scene, code_typed, driver_outcome, outcome
from support.touchscreen import DEADLINE_MS, Touchscreen

from kiosk.service import serve


class Stage(Protocol):
    """The fixture of this folder."""

    def play(self, story: Scene, doorway: FakeDoorway | None = None, **standing: object) -> None: ...


async def focused(page: Page) -> str:
    text: str = await page.evaluate("document.activeElement.textContent")
    return text


def test_a_parcel_is_collected_by_touch(stage: Stage) -> None:
    async def story(screen: Touchscreen) -> None:
        door, code = screen.doorway.store("P1")
        await screen.tap_like("Collect a parcel")
        await screen.type_code(code)
        await screen.reads("Look for the door with the light.")
        assert await screen.page.locator(".plate").inner_text() == door
        assert await screen.page.locator(".door.lit").text_content() == door
        screen.doorway.open(door)
        await screen.reads("Take out your parcel and close the door.")
        screen.doorway.close(door)
        await screen.reads("Do you have everything?")
        await screen.tap(f"Open {door} again")
        await screen.shows("doors")
        screen.doorway.open(door)
        screen.doorway.close(door)
        await screen.shows("outcome")
        await screen.tap("Yes, got it")
        await screen.shows("thanks")
        await screen.shows("home")
        assert screen.doorway.state().parcels == {}

    stage.play(story, times={"result_s": 1})


def test_parcels_are_stored_by_touch_and_scanner(stage: Stage) -> None:
    async def story(screen: Touchscreen) -> None:
        locker = screen.doorway
        locker.expect("P1", LABELS[0])
        locker.expect("P2", LABELS[1])
        await screen.tap_like("Deliver parcels")
        await screen.shows("driver_sign_in")
        await screen.scan(GOOD_BADGE)
        await screen.shows("driver_scan")
        await screen.scan(LABELS[0])
        await screen.reads("RR 473 124 829 GB")
        await screen.tap_like("L 2 free")
        await screen.tap("I have read this. Open a door")
        await screen.shows("doors")
        locker.open("A05")
        await screen.reads("Put the parcel in and close the door.")
        locker.close("A05")
        await screen.tap("Open again")
        await screen.shows("doors")
        locker.open("A05")
        locker.close("A05")
        await screen.tap("Yes, done")
        await screen.reads("Stored in A05")
        await screen.tap("Next parcel")
        await screen.tap("Type the label")
        for letter in LABELS[1]:
            await screen.tap(letter)
        await screen.tap("OK")
        await screen.tap("I have read this. Open a door")
        await screen.shows("doors")
        locker.open("A04")
        locker.close("A04")
        await screen.tap("Take it back")
        await screen.shows("doors")
        locker.open("A04")
        await screen.reads("Take the parcel out and close the door.")
        locker.close("A04")
        await screen.reads("You took it back.")
        await screen.tap("Sign out")
        await screen.reads("1 parcel stored")
        await screen.tap("Done")
        await screen.shows("home")

    stage.play(story)


def test_a_parcel_is_collected_by_keyboard_alone(stage: Stage) -> None:
    async def story(screen: Touchscreen) -> None:
        door, code = screen.doorway.store("P1")
        keys = screen.page.keyboard
        await keys.press(code[0])
        await screen.shows("code")
        await keys.type(code[1:] + "7")
        await keys.press("Backspace")
        await keys.press("Enter")
        await screen.shows("doors")
        screen.doorway.open(door)
        screen.doorway.close(door)
        await screen.shows("outcome")
        await keys.press("Enter")
        await screen.shows("thanks")

    stage.play(story)


def test_twelve_keys_are_enough(stage: Stage) -> None:
    async def story(screen: Touchscreen) -> None:
        door, code = screen.doorway.store("P1")
        keys = screen.page.keyboard
        await keys.press("#")
        await screen.shows("code")
        await keys.press("*")
        await screen.shows("home")
        await keys.press("1")
        await screen.shows("code")
        await keys.press("*")
        await keys.type(code + "#")
        await screen.shows("doors")
        screen.doorway.open(door)
        screen.doorway.close(door)
        await screen.shows("outcome")
        await keys.press("#")
        await screen.shows("thanks")

    stage.play(story)


def test_every_button_is_reached_by_tab_and_seen_there(stage: Stage) -> None:
    async def story(screen: Touchscreen) -> None:
        await screen.tap_like("Collect a parcel")
        await screen.shows("code")
        reached = set()
        for _ in range(24):
            await screen.page.keyboard.press("Tab")
            reached.add(await focused(screen.page))
            outline = await screen.page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
            at_body = await screen.page.evaluate("document.activeElement === document.body")
            assert at_body or float(outline.removesuffix("px")) >= 3
        assert {*"0123456789", "OK", "Delete", "Help", "Back", "Scan a pass instead"} <= reached

    stage.play(story)


def test_digits_are_seen_for_a_second_and_then_hidden(stage: Stage) -> None:
    async def story(screen: Touchscreen) -> None:
        await code_typed(screen)
        typed = screen.page.locator(".typed")
        assert await typed.inner_text() == "•••••5"
        await typed.filter(has_text="••••••").wait_for(timeout=DEADLINE_MS)
        assert "482915" not in await screen.page.content()
        await screen.tap("Delete")
        assert await typed.inner_text() == "•••••"

    stage.play(story)


def test_digits_are_gone_with_the_visitor(stage: Stage) -> None:
    async def story(screen: Touchscreen) -> None:
        await code_typed(screen)
        await screen.tap("Back")
        await screen.shows("home")
        await screen.tap_like("Collect a parcel")
        await screen.shows("code")
        assert await screen.page.locator(".typed").inner_text() == ""

    stage.play(story)


def test_a_screen_reader_hears_each_screen(stage: Stage) -> None:
    async def story(screen: Touchscreen) -> None:
        door, code = screen.doorway.store("P1")
        said = screen.page.locator("[role=status]")
        await screen.tap_like("Collect a parcel")
        await screen.shows("code")
        assert "Type your code" in await said.inner_text()
        await screen.type_code(code)
        await screen.shows("doors")
        screen.doorway.open(door)
        await screen.reads("Take out your parcel")
        heard = await said.inner_text()
        assert f"{door} is open" in heard
        assert "column 1 of 3 from the left, number 4 of 5 from the top" in heard

    stage.play(story)


def test_german_lasts_until_home(stage: Stage) -> None:
    async def story(screen: Touchscreen) -> None:
        await screen.tap("Deutsch")
        await screen.tap_like("Paket abholen")
        await screen.reads("Code eingeben")
        assert await screen.page.get_attribute("html", "lang") == "de"
        await screen.tap("Von vorn")
        await screen.reads("What would you like to do?")
        assert await screen.page.get_attribute("html", "lang") == "en"

    stage.play(story)


def test_contrast_is_switched_on_and_off(stage: Stage) -> None:
    async def story(screen: Touchscreen) -> None:
        await screen.tap("Contrast")
        await screen.page.wait_for_selector("html[data-theme=contrast]")
        await screen.tap("Contrast")
        await screen.page.wait_for_selector("html[data-theme=day]")

    stage.play(story)


def test_help_lies_over_the_screen_and_goes_away_again(stage: Stage) -> None:
    async def story(screen: Touchscreen) -> None:
        await screen.tap_like("Collect a parcel")
        await screen.shows("code")
        await screen.tap("Help")
        await screen.reads("+49 30 5550 0142")
        await screen.reads("L0042")
        assert await screen.page.locator("#screen").get_attribute("inert") is not None
        await screen.page.keyboard.press("Escape")
        await screen.page.wait_for_selector("#overlay", state="hidden")
        assert await screen.page.locator("#screen").get_attribute("inert") is None

    stage.play(story)


def test_whoever_is_still_there_says_so_and_whoever_is_not_is_gone(stage: Stage) -> None:
    async def story(screen: Touchscreen) -> None:
        await screen.tap_like("Collect a parcel")
        await screen.reads("Are you still there?")
        await screen.tap("Yes, I am here")
        await screen.page.wait_for_selector("#overlay", state="hidden")
        await screen.reads("Are you still there?")
        await screen.shows("home")

    stage.play(story, times={"idle_s": 1, "still_there_s": 2})


def test_a_reload_shows_the_same_screen_again(stage: Stage) -> None:
    async def story(screen: Touchscreen) -> None:
        await outcome(screen)
        await screen.page.reload()
        await screen.shows("outcome")
        await screen.tap("Yes, got it")
        await screen.shows("thanks")

    stage.play(story)


def test_a_second_finger_asks_nothing_twice(stage: Stage) -> None:
    async def story(screen: Touchscreen) -> None:
        await driver_outcome(screen)
        screen.doorway.asked.clear()
        await screen.page.evaluate("for (let n = 0; n < 5; n++) document.querySelector('[data-enter]').click()")
        await screen.shows("driver_stored")
        assert len(screen.doorway.asked) == 1

    stage.play(story)


def test_a_pass_before_the_scanner_is_all_it_takes(stage: Stage) -> None:
    async def story(screen: Touchscreen) -> None:
        door, _ = screen.doorway.store("P1")
        await screen.scan(GOOD_PASS)
        await screen.shows("doors")
        screen.doorway.open(door)
        screen.doorway.close(door)
        await screen.tap("Yes, got it")
        await screen.shows("thanks")

    stage.play(story)


def test_the_first_screen_is_small_and_nothing_comes_from_elsewhere(stage: Stage) -> None:
    async def story(screen: Touchscreen) -> None:
        sizes: dict[str, int] = {}

        async def note(route: Route) -> None:
            answer = await route.fetch()
            sizes[route.request.url] = len(await answer.body())
            await route.fulfill(response=answer)

        await screen.page.route(lambda url: "/api/" not in url, note)
        await screen.page.reload()
        await screen.shows("home")
        await screen.reads("Deutsch")

        assert all(url.startswith(screen.serving.url) for url in sizes)
        assert len(sizes) > 15
        assert sum(sizes.values()) < 100 * 1024

    stage.play(story)


def test_a_locker_that_goes_away_is_told_at_once_and_comes_back_by_itself(stage: Stage) -> None:
    async def story(screen: Touchscreen) -> None:
        page = await screen.page.context.new_page()
        async with serve(FakeDoorway(), listen="127.0.0.1:0") as other:
            await page.goto(other.url)
            await page.wait_for_selector("main[data-name=home]", timeout=DEADLINE_MS)
        await page.wait_for_selector("main[data-name=away]", timeout=2_000)
        await page.locator("p", has_text="This page comes back by itself.").wait_for(timeout=DEADLINE_MS)
        async with serve(FakeDoorway(), listen=other.url.removeprefix("http://")):
            await page.wait_for_selector("main[data-name=home]", timeout=DEADLINE_MS)
            await page.get_by_role("button", name="Collect a parcel").click()
            await page.wait_for_selector("main[data-name=code]", timeout=DEADLINE_MS)

    stage.play(story)
