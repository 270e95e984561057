"""The checklist on the screen."""

from support.doorway import GOOD_BADGE, LABELS, FakeDoorway
from support.kiosk_in_hand import kiosk_in_hand
from support.on_a_loop import on_a_loop
from support.policies import a_policy

from controller.domain.site import WITH_A_SCREEN


def a_doorway() -> FakeDoorway:
    doorway = FakeDoorway(policy=a_policy(obtains=WITH_A_SCREEN, checklist="v1"))
    doorway.expect("P1", LABELS[0])
    return doorway


@on_a_loop
async def test_it_comes_after_the_badge_and_no_label_gets_past_it() -> None:
    async with kiosk_in_hand(a_doorway()) as kiosk:
        page = await kiosk.page()
        await page.post("/api/driver/badge", badge=GOOD_BADGE)
        assert kiosk.name() == "driver_checklist"
        await page.post("/api/visit/go", to="next")
        assert (await page.post("/api/driver/label", label=LABELS[0]))["reason"] == "checklist_due"
        assert kiosk.name() == "driver_checklist"
        assert (await page.post("/api/driver/checklist"))["result"] == "accepted"
        assert kiosk.name() == "driver_scan"
        assert (await page.post("/api/driver/label", label=LABELS[0]))["result"] == "accepted"
