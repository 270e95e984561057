"""Any visitor, doing anything in any order, with doors and time doing as they like: the screen stays one of ours."""

import asyncio
import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.doorway import BAD_BADGE, BAD_PASS, GOOD_BADGE, GOOD_PASS, LABELS, FakeDoorway
from support.kiosk_in_hand import KioskInHand, PageInHand, kiosk_in_hand
from support.on_a_loop import on_a_loop

import kiosk as product
from controller.domain.ids import CompartmentId, Door

POSTS: list[tuple[str, dict[str, object]]] = [
    ("pickup", {"code": "RIGHT"}),
    ("pickup", {"code": "1"}),
    ("pickup", {"pass": GOOD_PASS}),
    ("driver/badge", {"badge": GOOD_BADGE}),
    ("driver/badge", {"badge": BAD_BADGE}),
    ("driver/label", {"label": LABELS[1]}),
    ("driver/label", {"label": "nothing"}),
    ("driver/plan", {"acknowledged": True}),
    ("driver/plan", {"acknowledged": True, "size": "XL"}),
    ("visit/language", {"language": "de"}),
    ("visit/theme", {"theme": "contrast"}),
]
POSTS += [(f"driver/{name}", {}) for name in ("done", "reopen", "take-back", "sign-out")]
POSTS += [
    (f"visit/{name}", {})
    for name in ("back", "start-again", "help", "still-here", "got-it", "reopen", "try-again", "next-door")
]
POSTS += [("visit/claim", {"claim": claim}) for claim in ("empty", "not_mine", "damaged", "left_behind")]
POSTS += [("visit/go", {"to": place}) for place in ("code", "scan", "driver", "label", "next", "not_right")]
DOINGS = st.one_of(
    st.sampled_from(POSTS),
    st.tuples(st.just("scan"), st.sampled_from([GOOD_PASS, BAD_PASS, GOOD_BADGE, LABELS[1], "?"])),
    st.tuples(st.just("doors"), st.sampled_from([Door.OPEN, Door.CLOSED, Door.UNKNOWN])),
    st.tuples(st.just("wait"), st.sampled_from([100, 5_000, 11_000, 31_000, 46_000, 130_000])),
    st.tuples(st.just("down"), st.booleans()),
)
MODULES = " ".join(path.read_text() for path in (Path(product.__file__).parent / "static").glob("*.js"))
DRAWN = {name for found in re.findall(r"^  (\w+): |\bas (\w+)|^export const (\w+)", MODULES, re.M) for name in found}
"""Every screen that a module of the page draws, at once or once it is fetched."""


async def act(kiosk: KioskInHand, page: PageInHand, code: str, doing: tuple[str, object]) -> None:
    match doing:
        case "scan", str(text):
            await kiosk.kiosk.scanner.scanned(text)
        case "doors", Door() as door:
            moving = [c.id for c in kiosk.doorway.state().compartments.values() if c.cycle is not None]
            for id in moving or [CompartmentId("A09")]:
                {Door.OPEN: kiosk.doorway.open, Door.CLOSED: kiosk.doorway.close}.get(
                    door, kiosk.doorway.lose_sight_of
                )(id)
        case "wait", int(ms):
            kiosk.doorway.pass_ms(ms)
            kiosk.kiosk.desk.pass_time()
        case "down", bool(down):
            kiosk.doorway.down = down
        case str(path), dict(body):
            typed = {name: code if value == "RIGHT" else value for name, value in body.items()}
            answer = await page.client.post(f"/api/{path}", json=typed, headers={"x-page": page.stream.id})
            assert answer.status_code == (503 if answer.json() == {"result": "unavailable"} else 200)
        case _:
            raise AssertionError(doing)


@settings(max_examples=120)
@given(st.lists(DOINGS, max_size=40))
def test_no_visit_ends_on_a_screen_that_the_page_cannot_draw(doings: list[tuple[str, object]]) -> None:
    @on_a_loop
    async def story() -> None:
        doorway = FakeDoorway()
        _, code = doorway.store("P1")
        doorway.expect("P2", LABELS[1])
        async with kiosk_in_hand(doorway) as kiosk:
            page = await kiosk.page()
            for doing in doings:
                await act(kiosk, page, code, doing)
                await asyncio.sleep(0)
                name = kiosk.name()
                assert name in DRAWN
                json.dumps(kiosk.screen())

    story()


@settings(max_examples=60)
@given(st.lists(DOINGS, max_size=25))
def test_whatever_was_done_silence_ends_every_visit(doings: list[tuple[str, object]]) -> None:
    @on_a_loop
    async def story() -> None:
        doorway = FakeDoorway()
        _, code = doorway.store("P1")
        doorway.expect("P2", LABELS[1])
        async with kiosk_in_hand(doorway) as kiosk:
            page = await kiosk.page()
            for doing in doings:
                await act(kiosk, page, code, doing)
            for _ in range(12):
                doorway.pass_ms(130_000)
                kiosk.kiosk.desk.pass_time()
                await asyncio.sleep(0)

            assert kiosk.name() in ("home", "unavailable")
            assert kiosk.kiosk.desk.visit is None

    story()


@pytest.mark.parametrize("walks_away_at", ["code", "doors", "outcome"])
@on_a_loop
async def test_the_recipient_who_walks_away_leaves_a_locker_that_serves(walks_away_at: str) -> None:
    doorway = FakeDoorway()
    door, code = doorway.store("P1")
    async with kiosk_in_hand(doorway) as kiosk:
        page = await kiosk.page()
        await page.post("/api/visit/go", to="code")
        if walks_away_at != "code":
            await page.post("/api/pickup", code=code)
            doorway.open(door)
        if walks_away_at == "outcome":
            doorway.close(door)
        assert kiosk.name() == walks_away_at
        for _ in range(4):
            doorway.pass_ms(61_000)
            kiosk.kiosk.desk.pass_time()

        assert kiosk.name() == "home"
        assert kiosk.screen()["facts"] == {
            "open_doors": [door] if walks_away_at == "doors" else [],
            "locked_out": False,
        }


@on_a_loop
async def test_a_jammed_door_may_be_tried_again_until_a_person_has_to_come() -> None:
    doorway = FakeDoorway()
    door, code = doorway.store("P1")
    async with kiosk_in_hand(doorway) as kiosk:
        page = await kiosk.page()
        await page.post("/api/pickup", code=code)
        for _ in range(2):
            doorway.jam(door)
            assert kiosk.name() == "did_not_open"
            assert (await page.post("/api/visit/try-again"))["compartments"] == [door]
        doorway.jam(door)

        assert (await page.post("/api/visit/try-again"))["reason"] == "too_many_openings"
        assert kiosk.screen()["facts"] == {
            "reason": "too_many_openings",
            "doors": [{"id": door, "phase": "stuck"}],
            "progress": {"number": 1, "of": 1, "waiting": 0},
        }


@on_a_loop
async def test_a_closed_door_may_be_opened_again_for_a_minute() -> None:
    doorway = FakeDoorway()
    door, code = doorway.store("P1")
    async with kiosk_in_hand(doorway) as kiosk:
        page = await kiosk.page()
        await page.post("/api/pickup", code=code)
        doorway.open(door)
        doorway.close(door)
        assert (await page.post("/api/visit/reopen"))["compartments"] == [door]
        assert kiosk.screen()["facts"] == {
            "doors": [{"id": door, "phase": "opening"}],
            "purpose": "reopen",
            "progress": {"number": 1, "of": 1, "waiting": 0},
            "urgent": False,
        }
        doorway.open(door)
        doorway.mono += 61_000
        doorway.close(door)
        assert (await page.post("/api/visit/reopen"))["reason"] == "reopen_over"
        assert kiosk.screen()["facts"] == {
            "doors": [{"id": door, "phase": "closed"}],
            "purpose": "reopen",
            "progress": {"number": 1, "of": 1, "waiting": 0},
            "reopen": False,
            "refused": "reopen_over",
        }


@on_a_loop
async def test_a_door_of_a_deposit_that_does_not_open_leads_to_another_door() -> None:
    doorway = FakeDoorway()
    doorway.expect("P1", LABELS[0])
    async with kiosk_in_hand(doorway) as kiosk:
        page = await kiosk.page()
        await kiosk.kiosk.scanner.scanned(GOOD_BADGE)
        await kiosk.kiosk.scanner.scanned(LABELS[0])
        first = await page.post("/api/driver/plan", acknowledged=True)
        doorway.jam("A04")
        assert kiosk.name() == "did_not_open"
        second = await page.post("/api/visit/try-again")

        assert first["compartments"] == ["A04"]
        assert second["compartments"] == ["A07"]


@on_a_loop
async def test_silence_of_the_driver_counts_as_done() -> None:
    doorway = FakeDoorway()
    doorway.expect("P1", LABELS[0])
    async with kiosk_in_hand(doorway) as kiosk:
        page = await kiosk.page()
        await kiosk.kiosk.scanner.scanned(GOOD_BADGE)
        await kiosk.kiosk.scanner.scanned(LABELS[0])
        await page.post("/api/driver/plan", acknowledged=True)
        doorway.open("A04")
        doorway.close("A04")
        assert kiosk.screen()["seconds_left"] == 45
        doorway.pass_ms(45_000)

        assert kiosk.screen()["facts"] == {"compartment": "A04", "stored": 1, "to_take": 0}
