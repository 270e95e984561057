"""Help → *Someone is inside*, and a locker that is locked out, over HTTP."""

import asyncio

from support.doorway import GOOD_BADGE, FakeDoorway
from support.kiosk_in_hand import kiosk_in_hand
from support.on_a_loop import on_a_loop

from controller.domain.inputs import LockOutAsked, LockoutEndAsked, SomeoneInsideSaid
from controller.domain.state import Compartment


def unlocked(doorway: FakeDoorway) -> list[str]:
    return [id for id, each in doorway.state().compartments.items() if _has_cycle(each)]


def _has_cycle(compartment: Compartment) -> bool:
    return compartment.cycle is not None


@on_a_loop
async def test_only_a_second_touch_opens_the_vacant_doors_and_the_telephone_stays_on_the_screen() -> None:
    doorway = FakeDoorway()
    stored, _ = doorway.store("P1")
    async with kiosk_in_hand(doorway) as kiosk:
        page = await kiosk.page()
        await page.post("/api/visit/help")
        assert (await page.post("/api/visit/let-out"))["reason"] == "not_now"
        await page.post("/api/visit/someone-inside")
        assert kiosk.screen()["overlay"] == "someone_inside"
        assert not any(isinstance(item, SomeoneInsideSaid) for item in doorway.asked)
        doors = (await page.post("/api/visit/let-out"))["compartments"]
        assert isinstance(doors, list)
        assert set(doors) == {place.id for place in doorway.site.places} - {stored}
        assert kiosk.screen()["overlay"] == "letting_out"
        assert kiosk.screen()["letting_out"] == {"refused": None}
        for door in doors:
            doorway.open(door)
            doorway.pass_ms(1)
        assert unlocked(doorway) == sorted(doors)


@on_a_loop
async def test_a_driver_in_the_middle_of_a_visit_can_call_it_and_goes_on() -> None:
    doorway = FakeDoorway()
    async with kiosk_in_hand(doorway) as kiosk:
        page = await kiosk.page()
        await page.post("/api/driver/badge", badge=GOOD_BADGE)
        await page.post("/api/visit/someone-inside")
        await page.post("/api/visit/let-out")
        await page.post("/api/visit/back")
        assert kiosk.name() == "driver_scan"
        assert kiosk.screen()["overlay"] is None


@on_a_loop
async def test_it_says_why_nothing_opens() -> None:
    doorway = FakeDoorway()
    async with kiosk_in_hand(doorway) as kiosk:
        page = await kiosk.page()
        doorway.put(LockOutAsked(None))
        await page.post("/api/visit/someone-inside")
        assert (await page.post("/api/visit/let-out"))["reason"] == "locked_out"
        assert kiosk.screen()["letting_out"] == {"refused": "locked_out"}
        await page.post("/api/visit/someone-inside")
        doorway.down = True
        answer = await page.client.post("/api/visit/let-out", json={})
        assert answer.status_code == 503
        assert kiosk.screen()["letting_out"] == {"refused": "unavailable"}


@on_a_loop
async def test_it_is_not_gone_while_people_look_into_the_compartments() -> None:
    doorway = FakeDoorway()
    async with kiosk_in_hand(doorway) as kiosk:
        page = await kiosk.page()
        await page.post("/api/visit/someone-inside")
        await page.post("/api/visit/let-out")
        for ms, overlay in ((100_000, "letting_out"), (26_000, "still_there")):
            doorway.mono += ms
            kiosk.kiosk.desk.pass_time()
            assert kiosk.screen()["overlay"] == overlay


@on_a_loop
async def test_home_tells_everybody_that_the_locker_is_locked_out() -> None:
    doorway = FakeDoorway()
    _, code = doorway.store("P1")
    async with kiosk_in_hand(doorway) as kiosk:
        page = await kiosk.page()
        assert (await page.shown())["facts"] == {"open_doors": [], "locked_out": False}
        doorway.put(LockOutAsked(None))
        assert (await page.shown())["facts"] == {"open_doors": [], "locked_out": True}
        await page.post("/api/pickup", code=code)
        assert kiosk.screen()["facts"] == {"reason": "locked_out", "doors": [], "progress": None}
        doorway.put(LockoutEndAsked(None))
        await page.post("/api/visit/start-again")
        await asyncio.sleep(0)
        assert kiosk.kiosk.desk.screen(own=False)["facts"] == {"open_doors": [], "locked_out": False}
