"""The driver over HTTP, in the contract's shapes."""

import asyncio

import pytest
from support.doorway import BAD_BADGE, GOOD_BADGE, LABELS, FakeDoorway
from support.kiosk_in_hand import kiosk_in_hand
from support.on_a_loop import on_a_loop
from support.policies import a_policy

from controller.domain.commands import UpsertPreferences
from controller.domain.ids import LockerId, Note, ParcelId, Size, WallMs
from controller.domain.inputs import SessionEnded
from controller.domain.notices import Neighbour
from controller.domain.preferences import DAY_MS, Instructions

BUSY = {"result": "refused", "reason": "busy", "retry_after_s": 0}
KEPT: dict[str, object] = {"rules": [], "label": LABELS[0], "sizes": [], "neighbours": []}
NOT_NOW = {"result": "refused", "reason": "not_now", "retry_after_s": 0}


@on_a_loop
async def test_the_whole_deposit_in_the_contracts_shapes() -> None:
    doorway = FakeDoorway()
    doorway.expect("P1", LABELS[0])
    async with kiosk_in_hand(doorway) as kiosk:
        page = await kiosk.page()
        badge = await page.post("/api/driver/badge", badge=GOOD_BADGE)
        session = badge["session"]
        assert badge == {"result": "accepted", "session": session}
        label = await page.post("/api/driver/label", label=LABELS[0])
        plan = {"parcel": "P1", "pattern": "locker", "evidence": ["code", "door_cycle"], "hold_s": 259_200}
        assert label == {
            "result": "accepted",
            "plan": plan | {"size": "M", "rules": ["ordinary"], "ladder": "ordinary", "wishes": None},
            "session": session,
        }
        opened = await page.post("/api/driver/plan", acknowledged=True)
        assert opened == {"result": "accepted", "compartments": ["A04"], "session": session}
        doorway.open("A04")
        doorway.close("A04")
        again = await page.post("/api/driver/reopen")
        assert again == opened
        doorway.open("A04")
        doorway.close("A04")
        done = await page.post("/api/driver/done")
        assert done == {"result": "accepted", "parcel": "P1", "compartment": "A04", "session": session}
        said = await page.post("/api/driver/sign-out")
        counts = {"deposited": 1, "taken_away": 0, "missing": 0, "refused": 0, "left": 0}
        lately = {"days": 7, "deposits": 1, "failed_deposits": 0, "strays": 0}
        summary = counts | {"record": doorway.state().sequence - 1, "lately": lately}
        assert said == {"result": "accepted", "summary": summary, "session": session}
        assert kiosk.screen()["facts"] == summary | {"doors": ["A04"]}


@on_a_loop
async def test_a_parcel_taken_back_is_with_the_driver_again() -> None:
    doorway = FakeDoorway()
    doorway.expect("P1", LABELS[0])
    async with kiosk_in_hand(doorway) as kiosk:
        page = await kiosk.page()
        await page.post("/api/driver/badge", badge=GOOD_BADGE)
        await page.post("/api/driver/label", label=LABELS[0])
        await page.post("/api/driver/plan", acknowledged=True, size="L")
        doorway.open("A05")
        doorway.close("A05")
        assert (await page.post("/api/driver/take-back"))["compartments"] == ["A05"]
        doorway.open("A05")
        doorway.close("A05")

        assert kiosk.screen()["facts"] == KEPT | {"reason": "taken_back"}
        await page.post("/api/visit/try-again")
        assert kiosk.name() == "driver_plan"


@pytest.mark.parametrize(("why", "next_door"), [("too_small", "A05"), ("stray", "A07"), ("dirty_or_damaged", "A07")])
@on_a_loop
async def test_a_compartment_that_will_not_do_leads_to_the_next_door_with_one_press(why: str, next_door: str) -> None:
    doorway = FakeDoorway()
    doorway.expect("P1", LABELS[0])
    async with kiosk_in_hand(doorway) as kiosk:
        page = await kiosk.page()
        await page.post("/api/driver/badge", badge=GOOD_BADGE)
        await page.post("/api/driver/label", label=LABELS[0])
        await page.post("/api/driver/plan", acknowledged=True)
        doorway.open("A04")
        doorway.close("A04")
        assert (await page.post("/api/driver/other-door", why=why))["compartments"] == [next_door]
        assert kiosk.name() == "doors"
        doorway.open(next_door)
        doorway.close(next_door)
        assert kiosk.name() == "driver_outcome"
        assert (await page.post("/api/driver/done"))["compartment"] == next_door


@on_a_loop
async def test_none_of_its_size_is_free_and_the_screen_says_where_else() -> None:
    near = (Neighbour(LockerId("L0043"), 900), Neighbour(LockerId("L0044"), 400))
    doorway = FakeDoorway(policy=a_policy(neighbours=near))
    doorway.store("P1", LABELS[0], Size.XL)
    doorway.expect("P2", LABELS[1], Size.XL)
    async with kiosk_in_hand(doorway) as kiosk:
        page = await kiosk.page()
        await page.post("/api/driver/badge", badge=GOOD_BADGE)
        assert (await page.post("/api/driver/label", label=LABELS[1]))["reason"] == "locker_full"
        told = kiosk.screen()["facts"]
        assert isinstance(told, dict)
        assert told["neighbours"] == [{"locker": "L0044", "metres": 400}, {"locker": "L0043", "metres": 900}]
        assert {"size": "L", "free": 2} in told["sizes"]
        plan = await page.post("/api/driver/other-size", size="L")
        assert isinstance(plan["plan"], dict)
        assert plan["plan"]["size"] == "L"
        assert (await page.post("/api/driver/plan", acknowledged=True))["compartments"] == ["A05"]


@on_a_loop
async def test_no_other_compartment_leaves_the_parcel_with_the_driver() -> None:
    doorway = FakeDoorway()
    doorway.expect("P1", LABELS[0], Size.XL)
    async with kiosk_in_hand(doorway) as kiosk:
        page = await kiosk.page()
        await page.post("/api/driver/badge", badge=GOOD_BADGE)
        await page.post("/api/driver/label", label=LABELS[0])
        await page.post("/api/driver/plan", acknowledged=True)
        doorway.open("A14")
        doorway.close("A14")
        refused = await page.post("/api/driver/other-door", why="too_small")
        assert refused["reason"] == "too_big"
        assert kiosk.screen()["facts"] == KEPT | {"reason": "too_big"}


@on_a_loop
async def test_what_the_recipient_wants_is_on_the_screen_before_the_door() -> None:
    doorway = FakeDoorway()
    old = WallMs(1_790_000_000_000 - 200 * DAY_MS)
    wanted = Instructions(confirmed_at=old, accessible=True, second_person=True, note=Note("Ring twice."))
    doorway.expect("P1", LABELS[0], preferences=wanted)
    async with kiosk_in_hand(doorway) as kiosk:
        page = await kiosk.page()
        await page.post("/api/driver/badge", badge=GOOD_BADGE)
        await page.post("/api/driver/label", label=LABELS[0])

        facts = kiosk.screen()["facts"]
        assert isinstance(facts, dict)
        assert facts["wishes"] == {
            "locker": None,
            "accessible": True,
            "second_person": True,
            "away_from": None,
            "away_until": None,
            "note": "Ring twice.",
            "confirmed_at": "2026-03-05T14:13:20.000Z",
            "stale": True,
        }
        assert kiosk.name() == "driver_plan"
        changed = Instructions(confirmed_at=WallMs(1_790_000_000_000), note=Note("Ring once."))
        doorway.command(UpsertPreferences(parcel=ParcelId("P1"), preferences=changed))
        again = await page.post("/api/driver/plan", acknowledged=True)
        assert isinstance(again["plan"], dict)
        assert again["plan"]["wishes"]["note"] == "Ring once."
        assert kiosk.name() == "driver_plan"
        assert (await page.post("/api/driver/plan", acknowledged=True))["compartments"] == ["A04"]


@on_a_loop
async def test_a_refused_plan_names_its_rules() -> None:
    doorway = FakeDoorway()
    doorway.expect("P1", LABELS[0], classes=("dangerous",))
    async with kiosk_in_hand(doorway) as kiosk:
        page = await kiosk.page()
        await page.post("/api/driver/badge", badge=GOOD_BADGE)
        refused = await page.post("/api/driver/label", label=LABELS[0])

        assert refused == {
            "result": "refused",
            "reason": "regulated",
            "retry_after_s": 0,
            "rules": ["dangerous-goods"],
        }


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("label", {"label": LABELS[0]}),
        ("plan", {"acknowledged": True}),
        ("done", {}),
        ("take-back", {}),
        ("sign-out", {}),
    ],
)
@on_a_loop
async def test_nobody_drives_without_a_badge(path: str, body: dict[str, object]) -> None:
    async with kiosk_in_hand() as kiosk, kiosk.client() as client:
        await client.post("/api/driver/badge", json={"badge": BAD_BADGE})
        answer = await client.post(f"/api/driver/{path}", json=body)

        assert answer.json() == {"result": "refused", "reason": "not_signed_in", "retry_after_s": 0}
        assert kiosk.doorway.asked == []


@on_a_loop
async def test_a_driver_does_not_collect_and_a_recipient_with_a_door_in_hand_types_no_code() -> None:
    doorway = FakeDoorway()
    _, code = doorway.store("P1")
    async with kiosk_in_hand(doorway) as kiosk, kiosk.client() as client:
        await client.post("/api/driver/badge", json={"badge": GOOD_BADGE})
        assert (await client.post("/api/pickup", json={"code": code})).json() == BUSY
        await client.post("/api/driver/sign-out", json={})
        await client.post("/api/visit/got-it", json={})
        await client.post("/api/pickup", json={"code": code})
        refused = await client.post("/api/pickup", json={"code": "0"})
        assert refused.json() == {"result": "refused", "reason": "door_open", "retry_after_s": 0}
        assert (await client.post("/api/driver/badge", json={"badge": GOOD_BADGE})).json() == NOT_NOW
        assert kiosk.name() == "doors"


@on_a_loop
async def test_a_driver_who_falls_silent_is_signed_out_of_the_locker_too() -> None:
    doorway = FakeDoorway()
    async with kiosk_in_hand(doorway) as kiosk:
        page = await kiosk.page()
        await page.post("/api/driver/badge", badge=GOOD_BADGE)
        for ms in (46_000, 21_000):
            doorway.mono += ms
            kiosk.kiosk.desk.pass_time()
        await asyncio.sleep(0)

        assert kiosk.name() == "home"
        assert isinstance(doorway.asked[-1], SessionEnded)
        assert doorway.state().visit is None


@on_a_loop
async def test_a_recipient_who_is_away_is_said_to_be_with_what_is_next() -> None:
    doorway = FakeDoorway()
    now = 1_790_000_000_000 + doorway.mono
    away = Instructions(confirmed_at=WallMs(now), away_from=WallMs(now), away_until=WallMs(now + 9 * DAY_MS))
    doorway.expect("P1", LABELS[0], preferences=away)
    async with kiosk_in_hand(doorway) as kiosk, kiosk.client() as client:
        await client.post("/api/driver/badge", json={"badge": GOOD_BADGE})
        said = (await client.post("/api/driver/label", json={"label": LABELS[0]})).json()

        assert (said["reason"], said["rules"]) == ("recipient_away", ["away-for-long"])
        assert (kiosk.name(), kiosk.screen()["facts"]["reason"]) == ("driver_keeps", "recipient_away")  # type: ignore[index]
