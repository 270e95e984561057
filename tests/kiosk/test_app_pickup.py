"""Picking up with the carrier's app, as the screen has it."""

from support.doorway import FakeDoorway
from support.kiosk_in_hand import KioskInHand, PageInHand, kiosk_in_hand
from support.on_a_loop import on_a_loop
from support.policies import a_policy

from controller.domain.answers import CommandAnswer
from controller.domain.rules import Rule
from controller.domain.site import OBTAINED
from kiosk.app_pickup import ANEW_S
from kiosk.receipt import modules

OPENING = CommandAnswer("executed", outcome="opening")


async def with_the_app(kiosk: KioskInHand) -> PageInHand:
    page = await kiosk.page()
    kiosk.doorway.store("P1")
    await page.post("/api/visit/go", to="app")
    assert kiosk.name() == "app"
    return page


def shown(kiosk: KioskInHand) -> object:
    facts = kiosk.screen()["facts"]
    assert isinstance(facts, dict)
    return facts["modules"]


@on_a_loop
async def test_the_screen_shows_what_the_carriers_word_then_opens_the_door_by() -> None:
    async with kiosk_in_hand() as kiosk:
        await with_the_app(kiosk)
        assert kiosk.doorway.present is not None
        session, nonce = kiosk.doorway.present
        assert shown(kiosk) == list(modules(f"locker:L0042?presence={nonce}"))
        assert kiosk.kiosk.desk.visit is not None
        assert session == kiosk.kiosk.desk.visit.session
        assert kiosk.doorway.use_app("P1") == OPENING
        assert kiosk.name() == "doors"


@on_a_loop
async def test_whoever_went_on_to_the_code_may_still_be_let_in() -> None:
    async with kiosk_in_hand() as kiosk:
        page = await with_the_app(kiosk)
        await page.post("/api/visit/go", to="code")
        assert kiosk.doorway.use_app("P1") == OPENING
        assert kiosk.name() == "doors"


@on_a_loop
async def test_nothing_that_was_read_is_good_once_the_visit_is_over() -> None:
    async with kiosk_in_hand() as kiosk:
        page = await with_the_app(kiosk)
        await page.post("/api/visit/start-again")
        assert kiosk.doorway.present is None
        await page.post("/api/visit/go", to="code")
        assert kiosk.doorway.present is None, "the next visit has been shown nothing yet"


@on_a_loop
async def test_nor_once_a_door_is_on_its_way() -> None:
    async with kiosk_in_hand() as kiosk:
        page = await with_the_app(kiosk)
        _, code = kiosk.doorway.store("P2", "RA123456785DE")
        await page.post("/api/pickup", code=code)
        assert kiosk.name() == "doors"
        assert kiosk.doorway.present is None


@on_a_loop
async def test_the_picture_changes_while_it_is_looked_at_and_keeps_nobody_here() -> None:
    async with kiosk_in_hand() as kiosk:
        page = await with_the_app(kiosk)
        first, visit = shown(kiosk), kiosk.kiosk.desk.visit
        kiosk.doorway.pass_ms(ANEW_S * 1000)
        kiosk.kiosk.app_pickup.show_anew()
        assert shown(kiosk) != first
        later = kiosk.kiosk.desk.visit
        assert later is not None
        assert visit is not None
        assert (later.since, later.touched) == (visit.since, visit.touched), "the screen's patience goes on"
        assert (await page.shown())["screen"] == "app"


@on_a_loop
async def test_where_no_carrier_hears_there_is_nothing_to_read_and_it_says_so() -> None:
    async with kiosk_in_hand() as kiosk:
        kiosk.doorway.carrier_hears = False
        await with_the_app(kiosk)
        assert kiosk.screen()["facts"] == {"modules": [], "refused": "carrier_deaf"}


@on_a_loop
async def test_what_the_plan_demands_besides_is_asked_for_next() -> None:
    strict = FakeDoorway(policy=a_policy(Rule("strict", evidence=("pin",)), obtains=(*OBTAINED, "signature")))
    async with kiosk_in_hand(strict) as kiosk:
        page = await with_the_app(kiosk)
        assert await page.shown()
        assert kiosk.doorway.use_app("P1") == CommandAnswer("executed", outcome="evidence_wanted")
        while (await page.shown())["screen"] != "pin":
            pass
        assert kiosk.name() == "pin"


@on_a_loop
async def test_where_the_plan_demands_the_app_a_code_leads_to_it() -> None:
    async with kiosk_in_hand(FakeDoorway(policy=a_policy(Rule("strict", evidence=("app",))))) as kiosk:
        page = await kiosk.page()
        _, code = kiosk.doorway.store("P1")
        await page.post("/api/pickup", code=code)
        assert kiosk.name() == "app"
        assert kiosk.doorway.use_app("P1") == OPENING
        assert kiosk.name() == "doors"
