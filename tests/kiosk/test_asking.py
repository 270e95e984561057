"""*Ask the recipient*, on the page with the plan."""

from typing import Any

from support.doorway import GOOD_BADGE, LABELS, FakeDoorway
from support.kiosk_in_hand import KioskInHand, PageInHand, kiosk_in_hand
from support.on_a_loop import on_a_loop

from controller.domain.commands import AnswerForRecipient
from controller.domain.ids import ParcelId
from controller.domain.notices import Reply


async def reading(kiosk: KioskInHand) -> PageInHand:
    kiosk.doorway.expect("P1", LABELS[0])
    page = await kiosk.page()
    await page.post("/api/driver/badge", badge=GOOD_BADGE)
    await page.post("/api/driver/label", label=LABELS[0])
    return page


def told(kiosk: KioskInHand) -> tuple[object, ...]:
    facts = kiosk.screen()["facts"]
    assert isinstance(facts, dict)
    return kiosk.name(), facts["asked"], facts["answered"], facts["refused"]


def _wishes(said: dict[str, Any]) -> dict[str, Any]:
    wishes: dict[str, Any] = said["plan"]["wishes"]
    return wishes


@on_a_loop
async def test_asked_answered_and_shown_anew() -> None:
    async with kiosk_in_hand(FakeDoorway()) as kiosk:
        page = await reading(kiosk)
        assert (await page.post("/api/driver/ask"))["result"] == "accepted"
        assert told(kiosk) == ("driver_plan", True, None, None)
        kiosk.doorway.command(AnswerForRecipient(parcel=ParcelId("P1"), answer=Reply.LOCKER))
        assert told(kiosk) == ("driver_plan", True, "locker", None)
        shown = await page.post("/api/driver/plan", acknowledged=True)
        assert _wishes(shown)["locker"] is True
        assert told(kiosk) == ("driver_plan", False, None, None)
        assert (await page.post("/api/driver/plan", acknowledged=True))["compartments"] == ["A04"]


@on_a_loop
async def test_a_carrier_that_does_not_hear_is_said_and_the_plan_stays() -> None:
    doorway = FakeDoorway()
    async with kiosk_in_hand(doorway) as kiosk:
        page = await reading(kiosk)
        doorway.carrier_hears = False
        await page.post("/api/driver/ask")
        assert told(kiosk) == ("driver_plan", False, None, "carrier_deaf")
