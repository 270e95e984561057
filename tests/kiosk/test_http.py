"""The HTTP interface as the contract gives it: shapes, sessions, and bad input of every kind."""

import asyncio
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.doorway import BAD_BADGE, BAD_PASS, GOOD_BADGE, GOOD_PASS, LABELS, FakeDoorway
from support.kiosk_in_hand import kiosk_in_hand
from support.on_a_loop import on_a_loop

from controller.domain.inputs import CodeTyped, SessionEnded

REFUSED = {"result": "refused", "reason": "code_invalid", "retry_after_s": 0}
BUSY = {"result": "refused", "reason": "busy", "retry_after_s": 0}
NOT_NOW = {"result": "refused", "reason": "not_now", "retry_after_s": 0}
NO_CODES = [
    "",
    " ",
    "12 34",
    "letters",
    "12a4",
    "-1",
    "1.5",
    "😀",
    "١٢٣",
    "１２３",
    "1\n2",
    "\x00",
    "9" * 65,
    "x" * 10_240,
]


@on_a_loop
async def test_a_right_code_is_accepted_with_its_compartments_and_opens_a_session() -> None:
    doorway = FakeDoorway()
    door, code = doorway.store("P1")
    async with kiosk_in_hand(doorway) as kiosk, kiosk.client() as client:
        answer = await client.post("/api/pickup", json={"code": code})

        said = answer.json()
        assert answer.status_code == 200
        assert set(said) == {"result", "compartments", "session"}
        assert (said["result"], said["compartments"]) == ("accepted", [door])
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("visit=")
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert said["session"] not in cookie


@on_a_loop
async def test_a_wrong_code_is_refused_in_the_contracts_words() -> None:
    async with kiosk_in_hand() as kiosk, kiosk.client() as client:
        answer = await client.post("/api/pickup", json={"code": "12345678"})

        assert (answer.status_code, answer.json()) == (200, REFUSED)


@on_a_loop
async def test_a_pass_opens_as_a_code_does() -> None:
    doorway = FakeDoorway()
    door, _ = doorway.store("P1")
    async with kiosk_in_hand(doorway) as kiosk, kiosk.client() as client:
        refused = await client.post("/api/pickup", json={"pass": BAD_PASS})
        answer = await client.post("/api/pickup", json={"pass": GOOD_PASS})

        assert refused.json() == {"result": "refused", "reason": "pass_invalid", "retry_after_s": 0}
        assert answer.json()["compartments"] == [door]


@pytest.mark.parametrize("code", NO_CODES)
@on_a_loop
async def test_what_no_code_can_be_is_refused_like_any_wrong_one(code: str) -> None:
    async with kiosk_in_hand() as kiosk, kiosk.client() as client:
        answer = await client.post("/api/pickup", json={"code": code})

        assert (answer.status_code, answer.json()) == (200, REFUSED)
        assert kiosk.doorway.asked == []
        assert kiosk.name() == "code"


@on_a_loop
async def test_tries_run_out_and_say_for_how_long() -> None:
    async with kiosk_in_hand() as kiosk, kiosk.client() as client:
        answers = [(await client.post("/api/pickup", json={"code": "0"})).json() for _ in range(22)]

        assert answers[0] == REFUSED
        assert answers[-1] == {"result": "refused", "reason": "too_many_tries", "retry_after_s": 600}
        assert kiosk.screen()["seconds_left"] == 600


@on_a_loop
async def test_a_locker_that_takes_nothing_in_is_unavailable() -> None:
    doorway = FakeDoorway(down=True)
    async with kiosk_in_hand(doorway) as kiosk, kiosk.client() as client:
        answer = await client.post("/api/pickup", json={"code": "1"})

        assert (answer.status_code, answer.json()) == (503, {"result": "unavailable"})
        assert kiosk.name() == "unavailable"


@on_a_loop
async def test_one_visitor_at_a_time() -> None:
    async with kiosk_in_hand() as kiosk, kiosk.client() as first, kiosk.client() as second:
        opened = await first.post("/api/visit/go", json={"to": "code"})
        turned_away = await second.post("/api/pickup", json={"code": "1"})

        assert opened.json()["result"] == "accepted"
        assert (turned_away.status_code, turned_away.json()) == (200, BUSY)
        assert "set-cookie" not in turned_away.headers
        assert kiosk.doorway.asked == []
        assert "set-cookie" not in (await first.post("/api/pickup", json={"code": "1"})).headers


@on_a_loop
async def test_a_forged_cookie_is_nobodys() -> None:
    async with kiosk_in_hand() as kiosk, kiosk.client() as first, kiosk.client() as second:
        await first.post("/api/visit/go", json={"to": "code"})
        for forged in ("x" * 32, "", "visit", "ä" * 32):
            raw = f"visit={forged}".encode("latin-1")
            answer = await second.post("/api/pickup", json={"code": "1"}, headers=[(b"cookie", raw)])
            assert (answer.status_code, answer.json()) == (200, BUSY)


@on_a_loop
async def test_the_cookie_of_a_visit_that_is_over_begins_a_new_one() -> None:
    async with kiosk_in_hand() as kiosk, kiosk.client() as client:
        first = await client.post("/api/visit/go", json={"to": "code"})
        await client.post("/api/visit/start-again", json={})
        again = await client.post("/api/visit/go", json={"to": "code"})

        assert again.json()["session"] != first.json()["session"]
        assert again.headers["set-cookie"] != first.headers["set-cookie"]


@on_a_loop
async def test_a_second_question_before_the_first_is_answered_is_dropped() -> None:
    doorway = FakeDoorway()
    async with kiosk_in_hand(doorway) as kiosk, kiosk.client() as client:
        await client.post("/api/visit/go", json={"to": "code"})
        doorway.hold = asyncio.Event()
        first = asyncio.create_task(client.post("/api/pickup", json={"code": "1"}))
        await doorway.held.wait()
        second = await client.post("/api/pickup", json={"code": "1"})
        doorway.hold.set()

        assert second.json() == NOT_NOW
        assert (await first).json() == REFUSED
        assert [type(item) for item in doorway.asked] == [CodeTyped]


@on_a_loop
async def test_an_answer_that_comes_after_the_visit_reaches_nobody_else() -> None:
    doorway = FakeDoorway()
    async with kiosk_in_hand(doorway) as kiosk, kiosk.client() as client:
        await client.post("/api/visit/go", json={"to": "code"})
        doorway.hold = asyncio.Event()
        asked = asyncio.create_task(client.post("/api/pickup", json={"code": "1"}))
        await doorway.held.wait()
        doorway.mono += 46_000
        kiosk.kiosk.desk.pass_time()
        doorway.mono += 21_000
        kiosk.kiosk.desk.pass_time()
        assert kiosk.name() == "home"
        doorway.hold.set()

        assert (await asked).json() == REFUSED
        assert kiosk.name() == "home"


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
            "plan": plan | {"size": "M", "rules": ["ordinary"]},
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
        assert await page.post("/api/driver/sign-out") == {"result": "accepted", "session": session}
        assert kiosk.screen()["facts"] == {"stored": ["A04"]}


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

        assert kiosk.screen()["facts"] == {"reason": "taken_back", "rules": [], "label": LABELS[0]}
        await page.post("/api/visit/try-again")
        assert kiosk.name() == "driver_plan"


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


WRONG: list[tuple[str, bytes]] = [
    ("/api/pickup", b""),
    ("/api/pickup", b"{"),
    ("/api/pickup", b"[]"),
    ("/api/pickup", b"null"),
    ("/api/pickup", b"\xff\xfe"),
    ("/api/pickup", b"{}"),
    ("/api/pickup", b'{"code":12345678}'),
    ("/api/pickup", b'{"code":null}'),
    ("/api/pickup", b'{"code":"1","pass":"x"}'),
    ("/api/pickup", b'{"code":"1","door":"A01"}'),
    ("/api/pickup", b'{"pass_":"x"}'),
    ("/api/pickup", b'{"code":["1"]}'),
    ("/api/pickup", b"[" * 50_000),
    ("/api/pickup", b'{"code":"\\ud800"}'),
    ("/api/driver/badge", b"{}"),
    ("/api/driver/label", b'{"label":1}'),
    ("/api/driver/plan", b"{}"),
    ("/api/driver/plan", b'{"acknowledged":false}'),
    ("/api/driver/plan", b'{"acknowledged":1}'),
    ("/api/driver/plan", b'{"acknowledged":true,"size":"XXL"}'),
    ("/api/driver/done", b'{"really":true}'),
    ("/api/visit/go", b'{"to":7}'),
    ("/api/visit/theme", b'{"theme":"pink"}'),
    ("/api/visit/language", b'{"language":null}'),
    ("/api/scan", b"{}"),
]


@pytest.mark.parametrize(("path", "body"), WRONG)
@on_a_loop
async def test_a_wrong_body_is_422_in_a_plain_shape(path: str, body: bytes) -> None:
    async with kiosk_in_hand() as kiosk, kiosk.client() as client:
        answer = await client.post(path, content=body, headers={"content-type": "application/json"})

        said = answer.json()
        assert answer.status_code == 422
        assert said["result"] == "invalid"
        assert set(said) <= {"result", "reason", "field"}
        assert all(isinstance(value, str) for value in said.values())
        assert "set-cookie" not in answer.headers
        assert kiosk.kiosk.desk.visit is None


@on_a_loop
async def test_what_was_typed_is_never_repeated() -> None:
    async with kiosk_in_hand() as kiosk, kiosk.client() as client:
        answer = await client.post("/api/pickup", json={"code": "48291573", "pass": "48291573"})

        assert answer.status_code == 422
        assert "48291573" not in answer.text


@on_a_loop
async def test_a_language_or_a_place_that_is_not_there_is_not_now() -> None:
    async with kiosk_in_hand() as kiosk, kiosk.client() as client:
        assert (await client.post("/api/visit/go", json={"to": "the_moon"})).json() == NOT_NOW
        assert (await client.post("/api/visit/language", json={"language": "tlh"})).json() == NOT_NOW
        assert (await client.post("/api/visit/language", json={"language": "de"})).json()["result"] == "accepted"
        assert kiosk.screen()["language"] == "de"


@on_a_loop
async def test_health_is_the_lockers() -> None:
    doorway = FakeDoorway()
    async with kiosk_in_hand(doorway) as kiosk, kiosk.client() as client:
        well = await client.get("/healthz")
        doorway.fall_sick()
        ill = await client.get("/healthz")

        assert (well.status_code, well.json()) == (200, {"result": "ok"})
        assert (ill.status_code, ill.json()) == (503, {"result": "unavailable"})


@on_a_loop
async def test_the_demo_describes_itself_and_takes_scans_and_the_product_does_not() -> None:
    async with kiosk_in_hand() as kiosk, kiosk.client() as client:
        paths = (await client.get("/openapi.json")).json()["paths"]
        assert {"/api/pickup", "/api/live", "/healthz", "/api/driver/plan", "/api/visit/go", "/api/scan"} <= set(paths)
        body = paths["/api/pickup"]["post"]["requestBody"]["content"]["application/json"]["schema"]
        assert set(body["properties"]) == {"code", "pass"}
        assert body["additionalProperties"] is False
    async with kiosk_in_hand(demo=False) as kiosk, kiosk.client() as client:
        assert (await client.get("/openapi.json")).status_code == 404
        assert (await client.post("/api/scan", json={"text": GOOD_PASS})).status_code == 404


@on_a_loop
async def test_files_are_asked_for_again_only_when_they_changed() -> None:
    async with kiosk_in_hand() as kiosk, kiosk.client() as client:
        first = await client.get("/app.js")
        again = await client.get("/app.js", headers={"if-none-match": first.headers["etag"]})

        assert first.headers["cache-control"] == "no-cache"
        assert (again.status_code, again.content) == (304, b"")


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


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from(["code", "pass", "badge", "label", "acknowledged", "size", "text", "to", "language", "theme"])
PATHS = st.sampled_from(["pickup", "driver/badge", "driver/label", "driver/plan", "scan", "visit/go", "visit/language"])


@settings(max_examples=150)
@given(PATHS, st.dictionaries(FIELDS, ANY, max_size=3) | ANY)
def test_no_body_makes_a_500(path: str, body: object) -> None:
    @on_a_loop
    async def story() -> None:
        async with kiosk_in_hand() as kiosk, kiosk.client() as client:
            answer = await client.post(
                f"/api/{path}", content=json.dumps(body), headers={"content-type": "application/json"}
            )
            assert answer.status_code in (200, 422)

    story()
