"""A driver who has no badge at hand: number, PIN, and what is said to whoever guesses."""

from support.doorway import DRIVER_PIN, LABELS, FakeDoorway
from support.kiosk_in_hand import KioskInHand, PageInHand, kiosk_in_hand
from support.on_a_loop import on_a_loop

from controller.domain.commands import UpsertDriver
from controller.domain.ids import DriverId, DriverNumber, Language, PinVerifier
from controller.domain.staff import DRIVING

NUMBER = "4711"


def a_doorway() -> FakeDoorway:
    doorway = FakeDoorway()
    doorway.expect("P1", LABELS[0])
    doorway.command(
        UpsertDriver(driver=DriverId("d7"), scope=DRIVING, number=DriverNumber(NUMBER), pin=PinVerifier("any"))
    )
    return doorway


async def at_the_pin(kiosk: KioskInHand, number: str = NUMBER) -> PageInHand:
    page = await kiosk.page()
    await page.post("/api/visit/go", to="driver")
    await page.post("/api/visit/go", to="number")
    assert kiosk.name() == "driver_number"
    assert (await page.post("/api/driver/number", number=number))["result"] == "accepted"
    assert kiosk.name() == "driver_number_pin"
    return page


@on_a_loop
async def test_number_and_pin_let_a_driver_deposit() -> None:
    doorway = a_doorway()
    async with kiosk_in_hand(doorway) as kiosk:
        page = await at_the_pin(kiosk)
        await page.post("/api/driver/pin", pin=DRIVER_PIN)
        assert kiosk.name() == "driver_scan"
        await page.post("/api/driver/label", label=LABELS[0])
        assert (await page.post("/api/driver/plan", acknowledged=True))["compartments"] == ["A04"]


@on_a_loop
async def test_the_screen_speaks_the_drivers_language_from_then_on() -> None:
    doorway = a_doorway()
    german = UpsertDriver(
        driver=DriverId("d7"),
        scope=DRIVING,
        number=DriverNumber(NUMBER),
        pin=PinVerifier("any"),
        language=Language("de"),
    )
    doorway.command(german)
    async with kiosk_in_hand(doorway) as kiosk:
        page = await at_the_pin(kiosk)
        assert kiosk.screen()["language"] is None
        await page.post("/api/driver/pin", pin=DRIVER_PIN)
        assert kiosk.screen()["language"] == "de"


@on_a_loop
async def test_a_number_of_nobody_is_told_from_a_wrong_pin_by_nobody() -> None:
    async with kiosk_in_hand(a_doorway()) as kiosk:
        page = await at_the_pin(kiosk, "9999")
        of_nobody = await page.post("/api/driver/pin", pin=DRIVER_PIN)
        await page.post("/api/visit/back")
    async with kiosk_in_hand(a_doorway()) as kiosk:
        page = await at_the_pin(kiosk)
        wrong = await page.post("/api/driver/pin", pin="000000")
        assert of_nobody == wrong == {"result": "refused", "reason": "pin_wrong", "retry_after_s": 0}


@on_a_loop
async def test_after_five_wrong_pins_the_page_counts_the_time_and_the_right_one_waits_too() -> None:
    async with kiosk_in_hand(a_doorway()) as kiosk:
        page = await at_the_pin(kiosk)
        answers = [await page.post("/api/driver/pin", pin="000000") for _ in range(5)]
        assert [answer["retry_after_s"] for answer in answers] == [0, 0, 0, 0, 15 * 60]
        assert kiosk.screen()["seconds_left"] == 15 * 60
        right = await page.post("/api/driver/pin", pin=DRIVER_PIN)
        assert (right["reason"], kiosk.name()) == ("too_many_tries", "driver_number_pin")
        kiosk.doorway.pass_ms(15 * 60 * 1000)
        await page.post("/api/driver/pin", pin=DRIVER_PIN)
        assert kiosk.name() == "driver_scan"


@on_a_loop
async def test_back_and_late_presses_lead_nowhere() -> None:
    async with kiosk_in_hand(a_doorway()) as kiosk:
        page = await at_the_pin(kiosk)
        assert (await page.post("/api/driver/number", number="1"))["reason"] == "not_now"
        await page.post("/api/visit/back")
        assert kiosk.name() == "home"
        assert (await page.post("/api/driver/pin", pin=DRIVER_PIN))["reason"] == "not_now"
