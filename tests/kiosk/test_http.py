"""The recipient over HTTP as the contract gives it: shapes, sessions, and who is served."""

import asyncio

from support.doorway import BAD_PASS, GOOD_PASS, FakeDoorway
from support.kiosk_in_hand import kiosk_in_hand
from support.on_a_loop import on_a_loop
from support.policies import a_policy

from controller.domain.commands import DelegateCode
from controller.domain.ids import ParcelId, Word
from controller.domain.inputs import CodeTyped

REFUSED = {"result": "refused", "reason": "code_invalid", "retry_after_s": 0}
BUSY = {"result": "refused", "reason": "busy", "retry_after_s": 0}
NOT_NOW = {"result": "refused", "reason": "not_now", "retry_after_s": 0}


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
        assert set(body["properties"]) == {"code", "second", "pass"}
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


# --- with a second identifier ---------------------------------------------------------------------------


def two_steps() -> tuple[FakeDoorway, str, str]:
    doorway = FakeDoorway(policy=a_policy(second_digits=4))
    door, code = doorway.store("P1", second_jwe="4711")
    assert len(code) == 6
    return doorway, door, code


@on_a_loop
async def test_a_short_code_is_followed_by_its_second_identifier() -> None:
    doorway, door, code = two_steps()
    async with kiosk_in_hand(doorway) as kiosk, kiosk.client() as client:
        wanted = (await client.post("/api/pickup", json={"code": code})).json()
        assert (wanted["result"], wanted["evidence"]) == ("wanted", ["second"])
        assert doorway.asked == [], "nobody has looked at the code"
        assert (kiosk.name(), kiosk.screen()["facts"]) == ("second", {"digits": 4, "refused": None})
        opened = (await client.post("/api/visit/second", json={"pin": "4711"})).json()
        assert (opened["result"], opened["compartments"]) == ("accepted", [door])


@on_a_loop
async def test_both_can_be_sent_at_once() -> None:
    doorway, door, code = two_steps()
    async with kiosk_in_hand(doorway) as kiosk, kiosk.client() as client:
        refused = (await client.post("/api/pickup", json={"code": code, "second": "0815"})).json()
        opened = (await client.post("/api/pickup", json={"code": code, "second": "4711"})).json()
        assert (refused, opened["compartments"]) == (REFUSED, [door])


@on_a_loop
async def test_a_short_code_that_nobody_has_is_asked_the_same_and_refused_the_same() -> None:
    doorway, _, _ = two_steps()
    async with kiosk_in_hand(doorway) as kiosk, kiosk.client() as client:
        assert (await client.post("/api/pickup", json={"code": "000000"})).json()["result"] == "wanted"
        assert (await client.post("/api/visit/second", json={"pin": "4711"})).json() == REFUSED
        assert (await client.post("/api/visit/second", json={"pin": "4711"})).json() == NOT_NOW


@on_a_loop
async def test_a_code_of_full_length_is_looked_at_at_once_also_there() -> None:
    doorway = FakeDoorway(policy=a_policy(second_digits=4))
    door, code = doorway.store("P1")
    async with kiosk_in_hand(doorway) as kiosk, kiosk.client() as client:
        assert (await client.post("/api/pickup", json={"code": code})).json()["compartments"] == [door]


@on_a_loop
async def test_a_second_identifier_without_a_code_is_no_body() -> None:
    async with kiosk_in_hand() as kiosk, kiosk.client() as client:
        assert (await client.post("/api/pickup", json={"pass": GOOD_PASS, "second": "1"})).status_code == 422
        assert (await client.post("/api/visit/second", json={"pin": "x"})).status_code == 422


@on_a_loop
async def test_a_delegates_code_opens_that_parcel_and_shows_no_wishes() -> None:
    doorway = FakeDoorway(policy=a_policy(delegates=1))
    door, code = doorway.store("P1")
    doorway.command(DelegateCode(parcel=ParcelId("P1"), delegate=Word("anna")))
    theirs = doorway.state().delegations[0].code.removeprefix("hmac-")
    assert theirs != code
    async with kiosk_in_hand(doorway) as kiosk, kiosk.client() as client:
        opened = (await client.post("/api/pickup", json={"code": theirs})).json()
        assert opened["compartments"] == [door]
        doorway.open(door)
        doorway.close(door)
        await client.post("/api/visit/got-it", json={})
        assert kiosk.screen()["facts"] == {"receipt": [], "wishes": False}
