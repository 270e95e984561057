"""What each connected page sees, and when."""

import asyncio
import json

import pytest
from support.doorway import GOOD_BADGE, GOOD_PASS, LABELS, FakeDoorway
from support.kiosk_in_hand import kiosk_in_hand
from support.on_a_loop import on_a_loop

from kiosk.live import MAX_PAGES, Live


@on_a_loop
async def test_a_page_first_hears_of_the_site_and_then_of_its_screen() -> None:
    async with kiosk_in_hand() as kiosk:
        stream = kiosk.kiosk.live.open(None)
        assert stream is not None
        events = kiosk.kiosk.live.events(stream)
        name, _, data = (await anext(events)).decode().partition("\ndata: ")
        site = json.loads(data)
        screen = await anext(events)
        await events.aclose()

    assert name == "event: site"
    assert (site["locker"], site["languages"], site["demo"]) == ("L0042", ["en", "de"], True)
    assert site["cabinet"][0] == {"id": "A01", "size": "S", "column": 0, "row": 0}
    assert site["page"] == stream.id
    assert screen.startswith(b'event: screen\ndata: {"screen":"home","facts":{"open_doors":[],"locked_out":false}')


@on_a_loop
async def test_a_page_that_comes_back_sees_the_same_screen_again() -> None:
    doorway = FakeDoorway()
    _, code = doorway.store("P1")
    async with kiosk_in_hand(doorway) as kiosk:
        page = await kiosk.page()
        await page.post("/api/pickup", code=code)
        before = await page.shown()
        token = page.client.cookies["visit"]
        await page.events.aclose()

        back = kiosk.kiosk.live.open(token)
        assert back is not None
        events = kiosk.kiosk.live.events(back)
        await anext(events)
        again = json.loads((await anext(events)).decode().partition("\ndata: ")[2])
        await events.aclose()

    assert before["screen"] == "doors"
    assert again == before


@on_a_loop
async def test_only_the_visitors_page_sees_the_visit() -> None:
    async with kiosk_in_hand() as kiosk:
        mine, others = await kiosk.page(), await kiosk.page()
        await mine.post("/api/visit/go", to="code")

        assert (await mine.shown())["screen"] == "code"
        seen = await others.shown()
        assert (seen["screen"], seen["facts"]) == ("busy", {})
        await mine.post("/api/visit/start-again")
        assert (await mine.shown())["screen"] == (await others.shown())["screen"] == "home"


@on_a_loop
async def test_a_visit_begun_by_the_scanner_belongs_to_the_first_page_that_answers() -> None:
    doorway = FakeDoorway()
    async with kiosk_in_hand(doorway) as kiosk:
        first, second = await kiosk.page(), await kiosk.page()
        async with kiosk.client() as stranger:
            await kiosk.kiosk.scanner.scanned(GOOD_BADGE)
            assert (await first.shown())["screen"] == (await second.shown())["screen"] == "driver_scan"

            turned_away = await stranger.post("/api/visit/go", json={"to": "label"})
            assert turned_away.json()["reason"] == "busy"
        assert (await first.post("/api/visit/go", to="label"))["result"] == "accepted"
        assert (await first.shown())["screen"] == "driver_label"
        assert (await second.shown())["screen"] == "busy"
        assert (await second.post("/api/driver/sign-out"))["reason"] == "busy"


@on_a_loop
async def test_two_questions_before_the_first_cookie_arrives_are_one_visitors() -> None:
    async with kiosk_in_hand() as kiosk:
        page = await kiosk.page()
        await kiosk.kiosk.scanner.scanned(GOOD_BADGE)
        await page.post("/api/visit/still-here")
        page.client.cookies.clear()

        assert (await page.post("/api/visit/go", to="label"))["result"] == "accepted"
        assert "visit" in page.client.cookies


@on_a_loop
async def test_the_same_screen_is_not_sent_twice() -> None:
    async with kiosk_in_hand() as kiosk:
        page = await kiosk.page()
        await page.post("/api/visit/go", to="code")
        assert (await page.shown())["screen"] == "code"
        await page.post("/api/visit/still-here")
        kiosk.doorway.expect("P1", LABELS[0])
        await page.post("/api/visit/help")

        assert (await page.shown())["overlay"] == "help"


@on_a_loop
async def test_a_wrong_code_typed_again_is_shown_again() -> None:
    async with kiosk_in_hand() as kiosk:
        page = await kiosk.page()
        shown = []
        for _ in range(2):
            kiosk.doorway.mono += 1_000
            await page.post("/api/pickup", code="1")
            screen = await page.shown()
            assert screen["facts"] == {"refused": "code_invalid"}
            shown.append(screen["shown"])

        assert shown[0] != shown[1]


@on_a_loop
async def test_a_door_that_somebody_left_open_stands_on_everybodys_home_until_it_is_shut() -> None:
    doorway = FakeDoorway()
    door, code = doorway.store("P1")
    async with kiosk_in_hand(doorway) as kiosk:
        page = await kiosk.page()
        await page.post("/api/pickup", code=code)
        doorway.open(door)
        doorway.pass_ms(121_000)
        assert (await page.shown())["facts"] == {"open_doors": [door], "locked_out": False}
        other, code = doorway.store("P2", LABELS[1])
        await page.post("/api/pickup", code=code)
        assert (await page.shown())["screen"] == "doors"
        doorway.open(other)
        doorway.close(other)
        await page.post("/api/visit/got-it")
        await page.post("/api/visit/got-it")
        doorway.close(door)

        assert (await page.shown())["facts"] == {"open_doors": [], "locked_out": False}


@on_a_loop
async def test_an_idle_stream_beats_and_hears_of_a_locker_that_fell_ill() -> None:
    async with kiosk_in_hand() as kiosk:
        live = Live(kiosk.kiosk.desk, {}, lambda: "page", beat_s=0.001)
        page = live.open(None)
        assert page is not None
        events = live.events(page)
        assert (await anext(events)).startswith(b"event: site")
        assert (await anext(events)).startswith(b"event: screen")
        assert await anext(events) == b"event: beat\ndata: {}\n\n"
        kiosk.doorway.fall_sick()
        while not (news := await anext(events)).startswith(b"event: screen"):
            assert news == b"event: beat\ndata: {}\n\n"
        assert b'"screen":"unavailable"' in news
        await events.aclose()


@on_a_loop
async def test_streams_are_limited_and_give_their_place_back() -> None:
    async with kiosk_in_hand() as kiosk:
        pages = [await kiosk.page() for _ in range(MAX_PAGES)]
        assert kiosk.kiosk.live.open(None) is None
        async with kiosk.client() as client:
            assert (await client.get("/api/live")).status_code == 503
        await pages[0].events.aclose()

        assert kiosk.kiosk.live.open(None) is not None


@on_a_loop
async def test_a_page_that_is_gone_before_it_read_anything_takes_no_place() -> None:
    async with kiosk_in_hand() as kiosk:
        for _ in range(MAX_PAGES + 1):
            gone = kiosk.kiosk.live.open(None)
            assert gone is not None
            await kiosk.kiosk.live.events(gone).aclose()

        assert (await (await kiosk.page()).shown())["screen"] == "home"


@on_a_loop
async def test_closing_ends_every_stream_and_takes_no_new_ones() -> None:
    async with kiosk_in_hand() as kiosk:
        pages = [await kiosk.page() for _ in range(3)]
        for page in pages:
            await page.shown()
        closing = asyncio.create_task(kiosk.kiosk.live.close(patience_s=10))
        for page in pages:
            with pytest.raises(StopAsyncIteration):
                await page.shown()
        await closing

        assert kiosk.kiosk.live.open(None) is None


@on_a_loop
async def test_a_page_that_stopped_reading_does_not_hold_up_the_end() -> None:
    async with kiosk_in_hand() as kiosk:
        await kiosk.page()

        await kiosk.kiosk.live.close(patience_s=0.01)


@on_a_loop
async def test_the_next_in_line_may_hold_up_their_pass_while_the_last_page_still_stands() -> None:
    doorway = FakeDoorway()
    door, code = doorway.store("P1")
    second, _ = doorway.store("P2", LABELS[1])
    async with kiosk_in_hand(doorway) as kiosk:
        page = await kiosk.page()
        first = await page.post("/api/pickup", code=code)
        doorway.open(door)
        doorway.close(door)
        assert kiosk.name() == "outcome"
        await kiosk.kiosk.scanner.scanned(GOOD_PASS)

        assert kiosk.screen()["facts"] == {
            "doors": [{"id": second, "phase": "opening"}],
            "purpose": "pickup",
            "progress": {"number": 1, "of": 1, "waiting": 0},
            "urgent": False,
        }
        visit = kiosk.kiosk.desk.visit
        assert visit is not None
        assert visit.session != first["session"]


@on_a_loop
async def test_scans_that_fit_nothing_on_the_screen_are_dropped() -> None:
    doorway = FakeDoorway()
    _, code = doorway.store("P1")
    async with kiosk_in_hand(doorway) as kiosk:
        page = await kiosk.page()
        await page.post("/api/pickup", code=code)
        asked = list(doorway.asked)
        for text in (GOOD_PASS, GOOD_BADGE, LABELS[0], "nonsense"):
            await kiosk.kiosk.scanner.scanned(text)

        assert kiosk.name() == "doors"
        assert doorway.asked == asked


@pytest.mark.parametrize(
    ("text", "screen", "refused"),
    [
        (LABELS[0], "driver_sign_in", "not_signed_in"),
        ("no such thing", "scan", "unreadable"),
        ("\x00\x01", "scan", "unreadable"),
    ],
)
@on_a_loop
async def test_a_scan_at_home_that_opens_nothing_says_what_to_do(text: str, screen: str, refused: str) -> None:
    async with kiosk_in_hand() as kiosk:
        await kiosk.kiosk.scanner.scanned(text)

        assert (kiosk.name(), kiosk.screen()["facts"]) == (screen, {"refused": refused})


@on_a_loop
async def test_an_unreadable_badge_stays_with_the_driver() -> None:
    async with kiosk_in_hand() as kiosk:
        page = await kiosk.page()
        await page.post("/api/visit/go", to="driver")
        await kiosk.kiosk.scanner.scanned("smudge")

        assert kiosk.screen()["facts"] == {"refused": "unreadable"}
        assert kiosk.name() == "driver_sign_in"
