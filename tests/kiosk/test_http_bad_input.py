"""Bad input of every kind: a plain no, and never a failure of ours."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.kiosk_in_hand import kiosk_in_hand
from support.on_a_loop import on_a_loop

REFUSED = {"result": "refused", "reason": "code_invalid", "retry_after_s": 0}
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


@pytest.mark.parametrize("code", NO_CODES)
@on_a_loop
async def test_what_no_code_can_be_is_refused_like_any_wrong_one(code: str) -> None:
    async with kiosk_in_hand() as kiosk, kiosk.client() as client:
        answer = await client.post("/api/pickup", json={"code": code})

        assert (answer.status_code, answer.json()) == (200, REFUSED)
        assert kiosk.doorway.asked == []
        assert kiosk.name() == "code"


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
