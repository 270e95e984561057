"""The technician at the touchscreen, over HTTP."""

import asyncio

import pytest
from support.doorway import GOOD_BADGE, LABELS, TECHNICIAN_BADGE, TECHNICIAN_PIN, FakeDoorway
from support.kiosk_in_hand import KioskInHand, PageInHand, kiosk_in_hand
from support.on_a_loop import on_a_loop

from controller.domain import events as ev
from controller.domain.ids import ParcelId
from controller.domain.inputs import SessionEnded


async def signed_in(kiosk: KioskInHand) -> PageInHand:
    page = await kiosk.page()
    await page.post("/api/driver/badge", badge=TECHNICIAN_BADGE)
    assert kiosk.name() == "technician_pin"
    await page.post("/api/technician/pin", pin=TECHNICIAN_PIN)
    assert kiosk.name() == "technician_doors"
    return page


@on_a_loop
async def test_a_badge_alone_opens_nothing_and_a_wrong_pin_neither() -> None:
    async with kiosk_in_hand() as kiosk:
        page = await kiosk.page()
        await page.post("/api/driver/badge", badge=TECHNICIAN_BADGE)
        for path in ("doors", "facts", "type-label"):
            assert (await page.post(f"/api/technician/{path}"))["reason"] == "not_now"
        for path in ("open-all", "lock-out", "audit", "end-audit", "sign-out"):
            assert (await page.post(f"/api/technician/{path}"))["reason"] == "not_signed_in"
        assert (await page.post("/api/technician/pin", pin="0000"))["reason"] == "pin_wrong"
        assert kiosk.screen()["facts"] == {"refused": "pin_wrong"}
        assert kiosk.doorway.state().technician is None
        for _ in range(4):
            await page.post("/api/technician/pin", pin="0000")
        assert kiosk.screen()["seconds_left"] == 15 * 60
        await page.post("/api/visit/back")
        assert (await page.post("/api/technician/pin", pin=TECHNICIAN_PIN))["reason"] == "not_now", (
            "gone with the badge"
        )


@on_a_loop
async def test_every_door_stands_on_the_screen_as_it_is() -> None:
    doorway = FakeDoorway()
    stored, _ = doorway.store("P1")
    async with kiosk_in_hand(doorway) as kiosk:
        await signed_in(kiosk)
        doorway.open("A02")
        facts = kiosk.screen()["facts"]
        assert isinstance(facts, dict)
        doors = {door["id"]: door for door in facts["doors"]}
        assert len(doors) == len(doorway.site.places)
        assert doors[stored] == {
            "id": stored,
            "size": "M",
            "door": "closed",
            "status": "occupied",
            "why": None,
            "moving": False,
            "left_open": False,
            "occupied": True,
        }
        assert (doors["A02"]["door"], doors["A02"]["why"]) == ("open", "opened_unasked")
        assert "P1" not in str(facts)


@on_a_loop
async def test_the_page_is_told_when_a_door_moves() -> None:
    async with kiosk_in_hand() as kiosk:
        page = await signed_in(kiosk)
        while (await page.shown())["screen"] != "technician_doors":
            pass
        kiosk.doorway.open("A02")
        facts = (await page.shown())["facts"]
        assert isinstance(facts, dict)
        assert [door["id"] for door in facts["doors"] if door["door"] == "open"] == ["A02"]


@on_a_loop
async def test_one_door_is_opened_for_a_reason_quarantined_and_put_back() -> None:
    async with kiosk_in_hand() as kiosk:
        page = await signed_in(kiosk)
        assert (await page.post("/api/technician/open", reason="repair"))["reason"] == "not_now"
        await page.post("/api/technician/door", compartment="A03")
        answer = await page.post("/api/technician/open", reason="repair")
        assert answer["compartments"] == ["A03"]
        kiosk.doorway.open("A03")
        assert (await page.post("/api/technician/open", reason="repair"))["reason"] == "busy"
        assert kiosk.screen()["facts"] == {**_facts(kiosk), "refused": "busy"}
        kiosk.doorway.close("A03")
        await page.post("/api/technician/quarantine", reason="damaged")
        assert kiosk.doorway.state().compartments[kiosk.doorway.site.places[2].id].quarantine == "damaged"
        await page.post("/api/technician/restore")
        assert kiosk.doorway.state().compartments[kiosk.doorway.site.places[2].id].quarantine is None


def _facts(kiosk: KioskInHand) -> dict[str, object]:
    facts = kiosk.screen()["facts"]
    assert isinstance(facts, dict)
    return facts


@on_a_loop
async def test_stock_is_taken_door_by_door_with_the_scanner() -> None:
    doorway = FakeDoorway()
    stored, _ = doorway.store("P1", LABELS[0])
    ghost, _ = doorway.store("P2", LABELS[1])
    told: list[ev.Event] = []
    doorway.follow(lambda committed, _: told.extend(item.event for item in committed))
    async with kiosk_in_hand(doorway) as kiosk:
        page = await signed_in(kiosk)
        await page.post("/api/technician/audit")
        for place in doorway.site.places:
            door = _facts(kiosk)["door"]
            assert isinstance(door, dict)
            assert door["id"] == place.id
            await page.post("/api/technician/audit-door")
            doorway.open(place.id)
            doorway.close(place.id)
            if place.id == stored:
                await kiosk.kiosk.scanner.scanned(LABELS[0])
            else:
                await page.post("/api/technician/seen", found="empty")
        assert _facts(kiosk)["door"] is None
        await page.post("/api/technician/end-audit")
        assert kiosk.name() == "technician_audited"
        assert _facts(kiosk) == {
            "refused": None,
            "complete": True,
            "agreed": len(doorway.site.places) - 1,
            "missing": ["P2"],
            "strays": [],
            "misplaced": [],
            "unseen": [],
        }
    assert ParcelId("swift/P2") not in doorway.state().parcels
    assert [event.compartment for event in told if isinstance(event, ev.CustodyRemoved)] == [ghost]


@on_a_loop
async def test_a_label_can_be_typed_and_a_bad_one_be_put_right() -> None:
    doorway = FakeDoorway()
    async with kiosk_in_hand(doorway) as kiosk:
        page = await signed_in(kiosk)
        await page.post("/api/technician/audit")
        await page.post("/api/technician/type-label")
        assert (await page.post("/api/technician/label", label="NONSENSE"))["reason"] == "label_unreadable"
        assert _facts(kiosk) == {"refused": "label_unreadable", "compartment": "A01"}
        await page.post("/api/technician/label", label=LABELS[2])
        assert kiosk.name() == "technician_audit"
        audit = doorway.state().audit
        assert audit is not None
        assert audit.looks[0].label == LABELS[2]


@pytest.mark.parametrize(("ms", "screen"), [(119_000, "technician_doors"), (121_000, "technician_doors")])
@on_a_loop
async def test_a_technician_has_two_minutes_and_is_then_signed_out(ms: int, screen: str) -> None:
    doorway = FakeDoorway()
    async with kiosk_in_hand(doorway) as kiosk:
        await signed_in(kiosk)
        doorway.mono += ms
        kiosk.kiosk.desk.pass_time()
        assert kiosk.name() == screen
        assert kiosk.screen()["overlay"] == ("still_there" if ms > 120_000 else None)
        doorway.mono += 21_000
        kiosk.kiosk.desk.pass_time()
        await asyncio.sleep(0)
        assert (doorway.state().technician is None) is (ms > 120_000)


@on_a_loop
async def test_signing_out_tells_the_locker() -> None:
    doorway = FakeDoorway()
    async with kiosk_in_hand(doorway) as kiosk:
        page = await signed_in(kiosk)
        await page.post("/api/technician/lock-out")
        await page.post("/api/technician/sign-out")
        await asyncio.sleep(0)
        assert isinstance(doorway.asked[-1], SessionEnded)
        assert doorway.state().technician is None
        assert kiosk.kiosk.desk.screen(own=False)["facts"] == {"open_doors": [], "locked_out": True}


@on_a_loop
async def test_a_driver_is_no_technician() -> None:
    async with kiosk_in_hand() as kiosk:
        page = await kiosk.page()
        await page.post("/api/driver/badge", badge=GOOD_BADGE)
        assert (await page.post("/api/technician/open-all"))["reason"] == "not_signed_in"
        assert (await page.post("/api/technician/door", compartment="A01"))["reason"] == "not_now"
