"""What a recipient may say on the page that follows a closed door."""

from contextlib import AbstractAsyncContextManager

import pytest
from support.doorway import FakeDoorway
from support.kiosk_in_hand import KioskInHand, PageInHand, kiosk_in_hand
from support.on_a_loop import on_a_loop

from controller.domain.ids import CompartmentId


async def taken(kiosk: KioskInHand, code: str, door: str) -> PageInHand:
    """A parcel is collected, and its door shut."""
    page = await kiosk.page()
    await page.post("/api/pickup", code=code)
    kiosk.doorway.open(door)
    kiosk.doorway.close(door)
    await page.post("/api/visit/go", to="not_right")
    assert kiosk.name() == "claiming"
    return page


def at_a_locker() -> tuple[FakeDoorway, str, str, AbstractAsyncContextManager[KioskInHand]]:
    doorway = FakeDoorway()
    door, code = doorway.store("P1")
    return doorway, door, code, kiosk_in_hand(doorway)


@pytest.mark.parametrize("claim", ["empty", "not_mine", "damaged"])
@on_a_loop
async def test_it_is_on_record_before_the_page_says_so(claim: str) -> None:
    doorway, door, code, served = at_a_locker()
    async with served as kiosk:
        page = await taken(kiosk, code, door)
        assert (await page.post("/api/visit/claim", claim=claim))["result"] == "accepted"
        assert kiosk.name() == "claimed"
        quarantine = doorway.state().compartments[CompartmentId(door)].quarantine
        assert quarantine == (None if claim == "damaged" else "disputed")
        await page.post("/api/visit/got-it")
        assert kiosk.name() == "thanks"


@on_a_loop
async def test_who_has_another_s_parcel_may_put_it_back() -> None:
    _, door, code, served = at_a_locker()
    async with served as kiosk:
        page = await taken(kiosk, code, door)
        await page.post("/api/visit/claim", claim="not_mine")
        assert (await page.post("/api/visit/reopen"))["compartments"] == [door]
        assert kiosk.name() == "doors"


@on_a_loop
async def test_who_left_something_in_it_has_the_door_again_at_once() -> None:
    _, door, code, served = at_a_locker()
    async with served as kiosk:
        page = await taken(kiosk, code, door)
        assert (await page.post("/api/visit/claim", claim="left_behind"))["compartments"] == [door]
        assert kiosk.name() == "doors"


@on_a_loop
async def test_nothing_can_be_said_on_other_pages_or_too_late() -> None:
    doorway, door, code, served = at_a_locker()
    async with served as kiosk:
        page = await taken(kiosk, code, door)
        doorway.mono += 61_000
        assert (await page.post("/api/visit/claim", claim="empty"))["reason"] == "reopen_over"
        assert kiosk.name() == "outcome"
        await page.post("/api/visit/got-it")
        assert (await page.post("/api/visit/claim", claim="empty"))["reason"] == "not_now"
