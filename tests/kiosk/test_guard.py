"""What a request has to pass, before anything is looked at."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from support.kiosk_in_hand import KioskInHand, kiosk_in_hand
from support.on_a_loop import on_a_loop
from support.virtual_loop import run_virtual

from kiosk.guard import MAX_BODY_BYTES
from kiosk.limits import Limiter

POSTS = ["/api/pickup", "/api/driver/badge", "/api/driver/label", "/api/driver/plan", "/api/visit/go", "/api/scan"]
JSON = {"content-type": "application/json"}


async def asked(kiosk: KioskInHand, path: str, content: bytes, headers: dict[str, str]) -> tuple[int, dict[str, str]]:
    async with kiosk.client() as client:
        answer = await client.post(path, content=content, headers=headers)
        return answer.status_code, answer.json()


@pytest.mark.parametrize("path", POSTS)
@on_a_loop
async def test_only_json_is_taken(path: str) -> None:
    async with kiosk_in_hand() as kiosk:
        for kind in ("text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""):
            status, said = await asked(kiosk, path, b"{}", {"content-type": kind})
            assert (status, said) == (415, {"result": "invalid", "reason": "not_json"})
        status, _ = await asked(kiosk, path, b"{}", {"content-type": "Application/JSON; charset=utf-8"})
        assert status in (200, 422)


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "", "[::2]", "10.0.0.1:8080"]
)
@on_a_loop
async def test_another_name_that_points_here_is_refused(host: str) -> None:
    async with kiosk_in_hand() as kiosk, kiosk.client() as client:
        for path in ("/", "/healthz", "/api/live", "/app.js"):
            answer = await client.get(path, headers={"host": host})
            assert (answer.status_code, answer.json()["reason"]) == (403, "foreign_host")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8080", "LocalHost", "[::1]:8080", "[::1]"])
@on_a_loop
async def test_the_loopback_by_any_of_its_names_is_served(host: str) -> None:
    async with kiosk_in_hand() as kiosk, kiosk.client() as client:
        assert (await client.get("/healthz", headers={"host": host})).status_code == 200


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "https://127.0.0.1:8080", "http://127.0.0.1:9999", "http://localhost:8080"],
)
@on_a_loop
async def test_a_page_of_another_origin_is_refused(origin: str) -> None:
    async with kiosk_in_hand() as kiosk:
        status, said = await asked(kiosk, "/api/pickup", b'{"code":"1"}', JSON | {"origin": origin})

        assert (status, said["reason"]) == (403, "foreign_origin")
        assert kiosk.doorway.asked == []


@on_a_loop
async def test_our_own_origin_and_none_at_all_are_served() -> None:
    async with kiosk_in_hand() as kiosk, kiosk.client() as client:
        own = await client.post("/api/pickup", json={"code": "1"}, headers={"origin": "http://127.0.0.1:8080"})
        none = await client.post("/api/pickup", json={"code": "1"})

        assert (own.status_code, none.status_code) == (200, 200)


@on_a_loop
async def test_a_body_of_64_kib_is_read_and_one_byte_more_is_not() -> None:
    async with kiosk_in_hand() as kiosk:
        empty = len(json.dumps({"code": ""}))
        largest = json.dumps({"code": "9" * (MAX_BODY_BYTES - empty)}).encode()
        assert len(largest) == MAX_BODY_BYTES

        assert (await asked(kiosk, "/api/pickup", largest, JSON))[0] == 200
        assert await asked(kiosk, "/api/pickup", largest + b" ", JSON) == (
            413,
            {"result": "invalid", "reason": "too_large"},
        )


@on_a_loop
async def test_a_body_that_does_not_say_how_long_it_is_is_counted() -> None:
    async def parts() -> AsyncIterator[bytes]:
        for _ in range(70):
            yield b" " * 1024

    async with kiosk_in_hand() as kiosk, kiosk.client() as client:
        answer = await client.post("/api/pickup", content=parts(), headers=JSON)

        assert (answer.status_code, answer.json()["reason"]) == (413, "too_large")


@on_a_loop
async def test_a_length_that_is_no_number_is_refused() -> None:
    async with kiosk_in_hand() as kiosk:
        status, _ = await asked(kiosk, "/api/pickup", b"{}", JSON | {"content-length": "many"})

        assert status == 413


def test_a_stuck_finger_is_slowed_down_and_others_are_not_starved() -> None:
    async def story() -> None:
        async with kiosk_in_hand(requests_per_s=10) as kiosk, kiosk.client() as client:

            async def presses(times: int) -> list[int]:
                return [(await client.post("/api/pickup", json={"code": "letters"})).status_code for _ in range(times)]

            assert await presses(30) == [200] * 10 + [429] * 20
            assert (await client.get("/healthz")).status_code == 200
            await asyncio.sleep(0.5)
            assert await presses(10) == [200] * 5 + [429] * 5

    run_virtual(story())


def test_the_allowance_fills_up_with_time_and_no_further() -> None:
    now = 0.0
    limiter = Limiter(10, lambda: now)
    assert [limiter.allows() for _ in range(11)] == [True] * 10 + [False]

    now = 0.35
    assert [limiter.allows() for _ in range(4)] == [True] * 3 + [False]
    now = 1000.0
    assert sum(limiter.allows() for _ in range(100)) == 10


@on_a_loop
async def test_every_answer_bears_the_headers_that_lock_the_page_down() -> None:
    async with kiosk_in_hand() as kiosk, kiosk.client() as client:
        for path in ("/", "/app.js", "/healthz", "/nowhere", "/phrases/de.json"):
            headers = (await client.get(path)).headers
            assert headers["content-security-policy"].startswith("default-src 'self'; ")
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "no-referrer"
        refused = await client.post("/api/pickup", content=b"x")
        assert refused.headers["cache-control"] == "no-store"
        assert (await client.get("/healthz")).headers["cache-control"] == "no-store"


@on_a_loop
async def test_what_is_not_there_says_so_plainly() -> None:
    async with kiosk_in_hand() as kiosk, kiosk.client() as client:
        for path in ("/nowhere", "/docs", "/redoc", "/static/../service.py", "/api"):
            answer = await client.get(path)
            assert (answer.status_code, answer.json()) == (404, {"result": "invalid", "reason": "not_found"})
        wrong = await client.get("/api/pickup")
        assert (wrong.status_code, wrong.json()) == (405, {"result": "invalid", "reason": "wrong_method"})
        assert wrong.headers["allow"] == "POST"
