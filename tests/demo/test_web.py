"""The demo page's own HTTP interface, as scripts and strangers meet it."""

import http.client
import json
from collections.abc import Iterator

import pytest
from support.demo import Demo, running_demo

JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with running_demo(tmp_path_factory.mktemp("demo"), "--no-browser") as demo:
        yield demo


def ask(
    demo: Demo, path: str, body: object = None, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, str], bytes]:
    call = http.client.HTTPConnection("127.0.0.1", demo.port, timeout=20)
    try:
        content = None if body is None else json.dumps(body)
        call.request("GET" if body is None else "POST", path, content, headers or JSON)
        answer = call.getresponse()
        return answer.status, {name.lower(): answer.getheader(name, "") for name in answer.headers}, answer.read()
    finally:
        call.close()


@pytest.mark.parametrize(
    ("path", "kind", "content"),
    [
        ("/demo/", "text/html; charset=utf-8", b"<!doctype html>"),
        ("/demo/app.js", "text/javascript; charset=utf-8", b"import "),
        ("/demo/page.css", "text/css; charset=utf-8", b"header {"),
        ("/", "text/html; charset=utf-8", b"<!doctype html>"),
    ],
)
def test_the_page_and_its_files_are_served(demo: Demo, path: str, kind: str, content: bytes) -> None:
    status, headers, body = ask(demo, path)

    assert (status, headers["content-type"]) == (200, kind)
    assert content in body
    assert "default-src 'self'" in headers["content-security-policy"]


def test_the_page_needs_no_slash(demo: Demo) -> None:
    status, headers, _ = ask(demo, "/demo")

    assert (status, headers["location"]) == (307, f"{demo.url}/demo/")


def test_the_page_loads_nothing_from_elsewhere(demo: Demo) -> None:
    _, _, page = ask(demo, "/demo/")

    assert b"//" not in page.replace(b"</", b"")


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("door", {"door": "A99", "act": "pull"}, 404),
        ("door", {"door": "A01", "act": "explode"}, 422),
        ("door", {"door": "A01"}, 422),
        ("fault", {"door": "A99", "fault": "jam", "broken": True}, 404),
        ("fault", {"door": "A01", "fault": "fire", "broken": True}, 422),
        ("board", {"silent": "perhaps"}, 422),
        ("parcels", {"size": "XXL"}, 422),
        ("parcels", {"size": "M", "colour": "red"}, 422),
        ("parcels", [], 422),
        ("parcels/order", {"parcel": "P1", "order": "burn"}, 422),
        ("qr", {"text": ""}, 422),
        ("qr", {"text": "ä"}, 422),
        ("qr", {"text": "x" * 3500}, 422),
        ("scan", {"text": "x" * 5000}, 422),
        ("nowhere", {}, 404),
    ],
)
def test_what_makes_no_sense_is_refused(demo: Demo, path: str, body: object, status: int) -> None:
    assert ask(demo, f"/demo/{path}", body)[0] == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content-type": "text/plain"}, 415),
        ({**JSON, "origin": "http://evil.example"}, 403),
        ({**JSON, "host": "evil.example"}, 403),
    ],
)
def test_pages_of_others_can_do_nothing_here(demo: Demo, headers: dict[str, str], status: int) -> None:
    assert ask(demo, "/demo/board", {"silent": True}, headers)[0] == status


@pytest.mark.parametrize("text", ["", "\x00\x1b[2J", "🎁" * 500, "RR000000000DE", "a.b.c"])
def test_a_scan_of_anything_is_taken_by_the_scanner(demo: Demo, text: str) -> None:
    assert demo.ask("scan", {"text": text}) == {"result": "scanned"}


def test_codes_are_kept_nowhere_on_the_way(demo: Demo) -> None:
    _, headers, body = ask(demo, "/demo/qr", {"text": "RR123456785DE"})

    assert "no-store" in headers["cache-control"]
    assert json.loads(body)["size"] == 29


def test_an_order_that_the_locker_refuses_comes_back_with_the_reason(demo: Demo) -> None:
    answer = demo.ask("parcels/order", {"parcel": "P-none", "order": "cancel"})

    assert answer == {"result": "refused", "reason": "parcel_unknown"}


def test_the_operator_opens_a_door_from_afar_and_it_is_shut_again(demo: Demo) -> None:
    assert demo.ask("door/order", {"door": "A05", "order": "unlock"})["result"] == "executed"
    demo.told(lambda told: any(door["id"] == "A05" and door["open"] for door in told.scene.get("doors", ())))
    while demo.ask("door", {"door": "A05", "act": "shut"})["result"] != "done":
        demo.told(lambda told: bool(told.scene))
    told = demo.told(lambda told: "door.closed" in told.names)

    assert told.names.index("door.opened") < told.names.index("door.closed")
