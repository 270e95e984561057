"""One code, several parcels: the screen leads from door to door."""

from support.doorway import LABELS, FakeDoorway
from support.kiosk_in_hand import KioskInHand, kiosk_in_hand
from support.on_a_loop import on_a_loop


def three() -> tuple[FakeDoorway, list[str], str]:
    """A locker with three parcels for one recipient; their doors, and the code."""
    doorway = FakeDoorway()
    stored = [doorway.store(f"P{n}", LABELS[n - 1], recipient="r-1") for n in (1, 2, 3)]
    return doorway, [door for door, _ in stored], stored[0][1]


def where(kiosk: KioskInHand) -> tuple[str, object, object]:
    facts = kiosk.screen()["facts"]
    assert isinstance(facts, dict)
    return kiosk.name(), [door["id"] for door in facts["doors"]], facts["progress"]


@on_a_loop
async def test_from_door_to_door() -> None:
    doorway, doors, code = three()
    async with kiosk_in_hand(doorway) as kiosk:
        page = await kiosk.page()
        await page.post("/api/pickup", code=code)
        for number, door in enumerate(doors, 1):
            assert where(kiosk) == ("doors", [door], {"number": number, "of": 3, "waiting": 3 - number})
            assert (await page.post("/api/visit/next-door"))["reason"] == "not_now"
            doorway.open(door)
            doorway.close(door)
            assert where(kiosk) == ("outcome", [door], {"number": number, "of": 3, "waiting": 3 - number})
            if number < 3:
                assert (await page.post("/api/visit/next-door"))["compartments"] == [doors[number]]


@on_a_loop
async def test_past_a_door_that_does_not_open_and_back_to_it() -> None:
    doorway, doors, code = three()
    async with kiosk_in_hand(doorway) as kiosk:
        page = await kiosk.page()
        await page.post("/api/pickup", code=code)
        doorway.jam(doors[0])
        assert where(kiosk) == ("did_not_open", [doors[0]], {"number": 1, "of": 3, "waiting": 2})
        assert (await page.post("/api/visit/next-door"))["compartments"] == [doors[1]]
        doorway.open(doors[1])
        doorway.close(doors[1])
        await page.post("/api/visit/next-door")
        doorway.open(doors[2])
        doorway.close(doors[2])
        assert where(kiosk) == ("outcome", [doors[2]], {"number": 3, "of": 3, "waiting": 1})
        assert (await page.post("/api/visit/next-door"))["compartments"] == [doors[0]]


@on_a_loop
async def test_whoever_leaves_between_two_doors_comes_back_for_the_rest() -> None:
    doorway, doors, code = three()
    async with kiosk_in_hand(doorway) as kiosk:
        page = await kiosk.page()
        await page.post("/api/pickup", code=code)
        doorway.open(doors[0])
        doorway.close(doors[0])
        await page.post("/api/visit/got-it")
        await page.post("/api/visit/got-it")
        assert kiosk.name() == "home"
        assert (await page.post("/api/pickup", code=code))["compartments"] == [doors[1]]
        assert where(kiosk) == ("doors", [doors[1]], {"number": 1, "of": 2, "waiting": 1})
