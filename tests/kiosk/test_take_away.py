"""A driver takes parcels away at the screen: how many presses, and what each answer leads to."""

from support.doorway import DRIVER_PIN, GOOD_BADGE, LABELS, FakeDoorway, a_site, cabinet
from support.kiosk_in_hand import KioskInHand, PageInHand, kiosk_in_hand
from support.locker_in_hand import s10_label
from support.on_a_loop import on_a_loop

from controller.domain.commands import UpsertDriver
from controller.domain.ids import DriverId, DriverNumber, PinVerifier, Size
from controller.domain.staff import DRIVING

HOLD_MS = 73 * 3_600_000
CABINET_OF_FORTY = 40


async def scans(kiosk: KioskInHand, text: str) -> None:
    """The scanner at the cabinet reads something: no press."""
    await kiosk.kiosk.scanner.scanned(text)


async def signed_in(kiosk: KioskInHand) -> PageInHand:
    page = await kiosk.page()
    await page.post("/api/driver/badge", badge=GOOD_BADGE)
    kiosk.doorway.type_pin()
    return page


async def by_number(kiosk: KioskInHand) -> PageInHand:
    """A driver signs in with number and PIN."""
    announced = UpsertDriver(driver=DriverId("d7"), scope=DRIVING, number=DriverNumber("4711"), pin=PinVerifier("any"))
    kiosk.doorway.command(announced)
    page = await kiosk.page()
    await page.post("/api/visit/go", to="number")
    await page.post("/api/driver/number", number="4711")
    await page.post("/api/driver/pin", pin=DRIVER_PIN)
    return page


def with_two_expired() -> FakeDoorway:
    doorway = FakeDoorway()
    doorway.store("P1", LABELS[0])
    doorway.store("P2", LABELS[1], Size.S)
    for _ in range(2):  # the hold begins anew when the carrier was not heard of in all of it
        doorway.pass_ms(HOLD_MS)
    return doorway


def facts(kiosk: KioskInHand) -> dict[str, object]:
    told = kiosk.screen()["facts"]
    assert isinstance(told, dict)
    return told


@on_a_loop
async def test_one_press_a_parcel_and_the_scan_is_the_rest() -> None:
    doorway = with_two_expired()
    async with kiosk_in_hand(doorway) as kiosk:
        page = await signed_in(kiosk)
        assert facts(kiosk)["to_take"] == 2
        await page.post("/api/visit/go", to="take_away")
        assert facts(kiosk)["items"] == [
            {"parcel": "P2", "compartment": "A01", "reason": "expired", "did_not_open": False},
            {"parcel": "P1", "compartment": "A04", "reason": "expired", "did_not_open": False},
        ]
        for label, door in ((LABELS[1], "A01"), (LABELS[0], "A04")):
            assert (await page.post("/api/driver/take-away"))["compartments"] == [door]
            doorway.open(door)
            await scans(kiosk, label)
            assert facts(kiosk)["scanned"] is True
            doorway.close(door)
            assert kiosk.name() == "driver_item_done"
        assert facts(kiosk)["items"] == []
        said = await page.post("/api/driver/sign-out")
        assert isinstance(said["summary"], dict)
        assert (said["summary"]["taken_away"], said["summary"]["left"]) == (2, 0)
        assert facts(kiosk)["record"] == said["summary"]["record"]


@on_a_loop
async def test_shut_first_and_scanned_then() -> None:
    doorway = with_two_expired()
    async with kiosk_in_hand(doorway) as kiosk:
        page = await signed_in(kiosk)
        await page.post("/api/driver/take-away", parcel="P1")
        doorway.open("A04")
        doorway.close("A04")
        assert kiosk.name() == "driver_item"
        await scans(kiosk, LABELS[1])
        assert facts(kiosk)["refused"] == "other_parcel"
        await scans(kiosk, LABELS[0])
        assert (kiosk.name(), facts(kiosk)["missing"]) == ("driver_item_done", False)


@on_a_loop
async def test_a_label_that_no_scanner_reads_is_typed() -> None:
    doorway = with_two_expired()
    async with kiosk_in_hand(doorway) as kiosk:
        page = await signed_in(kiosk)
        await page.post("/api/driver/take-away", parcel="P1")
        doorway.open("A04")
        doorway.close("A04")
        await page.post("/api/visit/go", to="label")
        assert kiosk.name() == "driver_label"
        assert (await page.post("/api/driver/sign-out"))["reason"] == "not_now"
        await page.post("/api/driver/label", label=LABELS[1])
        assert (kiosk.name(), facts(kiosk)["refused"]) == ("driver_label", "other_parcel")
        await page.post("/api/visit/back")
        assert kiosk.name() == "driver_item"
        await page.post("/api/visit/go", to="label")
        await page.post("/api/driver/label", label=LABELS[0])
        assert kiosk.name() == "driver_item_done"


@on_a_loop
async def test_a_parcel_that_is_not_there() -> None:
    doorway = with_two_expired()
    async with kiosk_in_hand(doorway) as kiosk:
        page = await signed_in(kiosk)
        await page.post("/api/driver/take-away", parcel="P1")
        doorway.open("A04")
        await scans(kiosk, LABELS[2])
        assert (kiosk.name(), facts(kiosk)["refused"]) == ("doors", "other_parcel")
        assert (await page.post("/api/driver/missing"))["reason"] == "door_open"
        doorway.close("A04")
        assert (await page.post("/api/driver/reopen"))["compartments"] == ["A04"]
        doorway.open("A04")
        doorway.close("A04")
        assert (await page.post("/api/driver/missing"))["missing"] is True
        assert (kiosk.name(), facts(kiosk)["missing"]) == ("driver_item_done", True)


@on_a_loop
async def test_a_door_that_stays_shut_can_be_tried_again_or_passed_over() -> None:
    doorway = with_two_expired()
    async with kiosk_in_hand(doorway) as kiosk:
        page = await signed_in(kiosk)
        await page.post("/api/driver/take-away")
        doorway.jam("A01")
        assert kiosk.name() == "did_not_open"
        await page.post("/api/visit/try-again")
        assert kiosk.name() == "doors"
        doorway.jam("A01")
        await page.post("/api/visit/go", to="take_away")
        assert [item["did_not_open"] for item in facts(kiosk)["items"]] == [False, True]  # type: ignore[attr-defined]
        assert (await page.post("/api/driver/take-away"))["compartments"] == ["A04"]


@on_a_loop
async def test_walking_away_from_an_open_item_signs_the_driver_out() -> None:
    doorway = with_two_expired()
    async with kiosk_in_hand(doorway) as kiosk:
        page = await signed_in(kiosk)
        await page.post("/api/driver/take-away")
        doorway.open("A01")
        doorway.pass_ms(121_000)
        assert kiosk.name() == "home"
        assert doorway.state().compartments["A01"].quarantine == "removal_unfinished"  # type: ignore[index]


@on_a_loop
async def test_a_badge_alone_opens_no_door_and_the_screen_asks_for_the_pin() -> None:
    doorway = with_two_expired()
    async with kiosk_in_hand(doorway) as kiosk:
        page = await kiosk.page()
        await page.post("/api/driver/badge", badge=GOOD_BADGE)
        assert (await page.post("/api/driver/take-away"))["reason"] == "pin_required"
        assert (kiosk.name(), facts(kiosk)["refused"]) == ("driver_pin", None)


@on_a_loop
async def test_number_and_pin_alone_open_no_door_and_the_badge_is_added() -> None:
    doorway = with_two_expired()
    async with kiosk_in_hand(doorway) as kiosk:
        page = await by_number(kiosk)
        assert (await page.post("/api/driver/take-away"))["reason"] == "pin_required"
        assert (kiosk.name(), facts(kiosk)["refused"]) == ("driver_take_away", "badge_required")
        await scans(kiosk, GOOD_BADGE)
        assert (kiosk.name(), facts(kiosk)["refused"]) == ("driver_take_away", None)
        assert (await page.post("/api/driver/take-away"))["compartments"] == ["A01"]


@on_a_loop
async def test_the_badges_pin_typed_at_the_screen_opens_them() -> None:
    doorway = with_two_expired()
    async with kiosk_in_hand(doorway) as kiosk:
        doorway.command(UpsertDriver(driver=DriverId("d7"), scope=DRIVING, pin=PinVerifier("any")))
        page = await kiosk.page()
        await page.post("/api/driver/badge", badge=GOOD_BADGE)
        await page.post("/api/driver/take-away")
        assert (await page.post("/api/driver/pin", pin="000000"))["reason"] == "pin_wrong"
        assert (kiosk.name(), facts(kiosk)["refused"]) == ("driver_pin", "pin_wrong")
        await page.post("/api/driver/pin", pin=DRIVER_PIN)
        assert kiosk.name() == "driver_take_away"
        assert (await page.post("/api/driver/take-away"))["compartments"] == ["A01"]


@on_a_loop
async def test_nobody_takes_away_without_a_badge() -> None:
    doorway = with_two_expired()
    async with kiosk_in_hand(doorway) as kiosk, kiosk.client() as client:
        for path in ("take-away", "missing"):
            answer = await client.post(f"/api/driver/{path}", json={})
            assert answer.json()["reason"] == "not_signed_in"


@on_a_loop
async def test_forty_parcels_with_two_presses_each() -> None:
    """A van in the bus lane: scan, one press, the door, one press, next."""
    doorway = FakeDoorway(site=a_site(places=cabinet(("M" * 10,) * 4)))
    labels = {"P" + "x" * n: s10_label(n) for n in range(CABINET_OF_FORTY)}
    for parcel, label in labels.items():
        doorway.expect(parcel, label)
    presses = 0
    async with kiosk_in_hand(doorway) as kiosk:
        page = await signed_in(kiosk)
        for label in labels.values():
            await scans(kiosk, label)
            opened = await page.post("/api/driver/plan", acknowledged=True)
            door = str(opened["compartments"][0])  # type: ignore[index]
            doorway.open(door)
            doorway.close(door)
            await page.post("/api/driver/done")
            presses += 2
        await page.post("/api/driver/sign-out")
        assert (facts(kiosk)["deposited"], presses) == (CABINET_OF_FORTY, 2 * CABINET_OF_FORTY)
