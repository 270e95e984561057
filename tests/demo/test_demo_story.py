"""A newcomer at the demo page, in a real browser, on the demo as `locker demo` runs it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from support.demo import Demo, Newcomer, a_browser, a_newcomer, running_demo

DONE = "Done: collected and proven"
FEW = 25
"""Clicks: whoever takes two seconds for each is done within a minute."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with running_demo(tmp_path_factory.mktemp("demo"), "--no-browser") as demo:
        yield demo


@pytest.fixture
def newcomer(browser: Browser, demo: Demo) -> Iterator[Newcomer]:
    with a_newcomer(browser, demo) as newcomer:
        yield newcomer


def collect_by_pass(newcomer: Newcomer) -> None:
    newcomer.clicks_until("Collect a parcel")
    newcomer.page.get_by_role("button", name="Scan pass").click()


def test_whoever_follows_the_ring_comes_to_a_proven_pickup_in_a_few_clicks(newcomer: Newcomer, demo: Demo) -> None:
    newcomer.clicks_until("Press OK")
    code = newcomer.page.locator("#people .code").inner_text().replace(" ", "")
    newcomer.clicks_until(DONE)

    assert newcomer.clicks <= FEW
    assert newcomer.received("custody.stored").endswith("stored in A04 verified")
    assert newcomer.received("custody.collected").endswith("collected from A04 verified")
    assert re.fullmatch(r"\d{8}", code)
    assert not any(code in address or "eyJ" in address for address in newcomer.addresses)
    assert code not in demo.said


def test_a_parcel_that_a_locker_must_refuse_stays_with_the_driver(newcomer: Newcomer) -> None:
    newcomer.makes("A regulated one")
    newcomer.clicks_until("The locker refuses it")

    assert newcomer.received("plan.refused").endswith("was not taken in: regulated")
    kiosk = newcomer.page.frame_locator("iframe[title=Touchscreen]")
    expect(kiosk.get_by_role("heading")).to_have_text("Keep this parcel with you")

    newcomer.page.get_by_role("button", name="Cancel").click()
    kiosk.get_by_role("button", name="Sign out").click()
    expect(newcomer.page.locator("#now h1")).to_have_text("Make a parcel")


def test_a_jammed_door_is_told_and_the_same_pass_works_once_it_is_mended(newcomer: Newcomer) -> None:
    newcomer.makes("Make a parcel")
    newcomer.clicks_until("Collect a parcel")
    door = newcomer.page.locator(".bay[data-status=occupied]").get_attribute("data-door")

    newcomer.breaks(f"{door}", "The bolt jams")
    collect_by_pass(newcomer)
    newcomer.clicks_until("Try again")
    assert newcomer.received("door.did_not_open").endswith(f"{door} did not open")

    newcomer.breaks(f"{door}", "The bolt jams")
    newcomer.clicks_until(DONE)


def test_a_locked_door_is_not_pulled_open_and_a_crowbar_is_noticed(newcomer: Newcomer) -> None:
    door = newcomer.page.locator("[data-door=A12]")
    door.click()
    expect(newcomer.page.locator("#note")).to_have_text("A12 is locked.")
    expect(door).to_have_attribute("data-open", "false")

    newcomer.breaks("A12", "Take a crowbar to it")
    expect(door).to_have_attribute("data-open", "true")
    assert newcomer.received("door.forced").endswith("A12 was forced open")

    door.click()
    expect(door).to_have_attribute("data-open", "false")


def test_a_code_is_shown_large_and_with_its_text_on_a_click(newcomer: Newcomer) -> None:
    newcomer.page.get_by_role("button", name="Enlarge: Driver’s badge").click()
    shown = newcomer.page.locator("#shown")

    expect(shown.locator("svg path")).to_have_attribute("d", re.compile(r"^M\d+ \d+h\d+v1H\d+z"))
    expect(shown.locator(".text")).to_have_text(re.compile(r"^eyJ[\w-]+\.[\w-]+\.[\w-]+$"))

    shown.get_by_role("button", name="Close").click()
    expect(shown).to_be_hidden()


def test_every_record_opens_to_what_is_in_it(newcomer: Newcomer) -> None:
    line = newcomer.page.locator('.lines li[data-name="config.applied"]')
    line.locator("summary").click()

    expect(line.locator(".name")).to_have_text("config.applied · record 3")
    expect(line.locator("pre")).to_contain_text("sha256:")


def test_whoever_looks_on_while_somebody_is_served_is_told_so(newcomer: Newcomer, browser: Browser, demo: Demo) -> None:
    kiosk = newcomer.page.frame_locator("iframe[title=Touchscreen]")
    kiosk.get_by_role("button", name="Collect a parcel").click()
    expect(kiosk.get_by_role("heading", name="Type your code")).to_be_visible()
    with a_newcomer(browser, demo) as other:
        expect(other.page.locator("#now h1")).to_have_text("Somebody is at the touchscreen")
        kiosk.get_by_role("button", name="Start again").click()
        expect(other.page.locator("#now h1")).not_to_have_text("Somebody is at the touchscreen")


def test_a_pickup_that_was_cut_off_goes_on_in_the_next_demo(browser: Browser, tmp_path: Path) -> None:
    house = tmp_path / "house"
    with running_demo(tmp_path, "--no-browser", "--data", house) as demo, a_newcomer(browser, demo) as newcomer:
        collect_by_pass(newcomer)
        newcomer.clicks_until("Take the parcel out")
        newcomer.page.goto("about:blank")
        demo.process.kill()

    with running_demo(tmp_path, "--no-browser", "--data", house) as demo, a_newcomer(browser, demo) as newcomer:
        newcomer.clicks_until("Take the parcel out")
        assert newcomer.received("boot.unclean_stop").endswith("The locker had lost its power")
        newcomer.clicks_until(DONE)
        assert newcomer.received("custody.collected").endswith("verified")


@pytest.mark.parametrize("size", [(1280, 800), (1280, 680), (1920, 1080)])
def test_everything_that_is_needed_is_in_sight(newcomer: Newcomer, size: tuple[int, int]) -> None:
    width, height = size
    newcomer.page.set_viewport_size({"width": width, "height": height})
    needed = ["#screen", "#make", "#scan-badge", "#scan-label", "#scan-pass", "[data-door=A05]", "[data-door=A12]"]

    for place in needed:
        expect(newcomer.page.locator(place)).to_be_in_viewport(ratio=1)
