"""What strangers type and hold before the screen of a real daemon: a refusal, never a 500, and nobody's door."""

import json
from collections.abc import Iterator

import pytest
from support import daemon_journal
from support.daemon import wait_until
from support.daemon_kiosk import Page, Reply
from support.daemon_people import Street
from support.daemon_storm import a_street

TEN_KB = 10_000
CODES = ["", " ", "ABCDEFGH", "1234 5678", "１２３４５６７８", "🙂" * 8, "\x00\x1b[A", "\ud800", "-1", "1e5"]
CODES += ["'; DROP TABLE record; --", "1" * 65, "1" * TEN_KB, "🙂" * (TEN_KB // 4), "x" * TEN_KB]
PASSES = ["", "🙂", "a.b.c", "x" * TEN_KB, "eyJhbGciOiJub25lIn0.e30.", "\ud800.\ud800.\ud800"]
LABELS = ["", "🙂", "RR000000014GB\x00", "\x1b[2J", "x" * TEN_KB, "﷽" * (TEN_KB // 3), "\ud800", "]C100" + "9" * 18]
BODIES: list[object] = [{}, [], None, 7, "1", {"code": 12345678}, {"code": None}, {"code": ["1"]}, {"Code": "1"}]
BODIES += [{"code": "1", "pass": "x"}, {"code": "1", "more": 1}]
RAW = [b"", b"{", b"\xff\xfe", b'{"code":"\xff"}', b"[" * 60_000, b'{"code":' * 5000, b"\x00" * 100]
TOO_LARGE = b'{"code":"' + b"1" * 70_000 + b'"}'


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    """A locker with a parcel in it."""
    with a_street(tmp_path_factory.mktemp("street")) as street:
        street.daemon.run()
        street.deliver(*street.expect())
        yield street
        street.collect("P1")
        street.daemon.terminate()
        assert "Traceback" not in street.daemon.said()


@pytest.fixture
def page(street: Street) -> Iterator[Page]:
    """A stranger at the screen."""
    page = Page(street.site.kiosk_port)
    yield page
    page.leave()


def _post(page: Page, path: str, raw: bytes) -> Reply:
    """One request, again and again while too many are made."""

    def answered() -> Reply | None:
        reply = page.post_raw(path, raw)
        return None if reply.status == 429 else reply

    return wait_until(answered, "an answer")


def test_no_code_and_no_pass_but_a_good_one_opens(street: Street, page: Page) -> None:
    before = len(street.site.boards.unlockings)
    bodies = [{"code": code} for code in CODES] + [{"pass": text} for text in PASSES]
    for body in bodies:
        reply = _post(page, "/api/pickup", json.dumps(body).encode())
        assert reply.status in (200, 422), body
        assert not reply.accepted, body
        assert reply.reason in ("code_invalid", "pass_invalid", "json_invalid", "string_unicode"), reply
    assert len(street.site.boards.unlockings) == before
    assert daemon_journal.records(street.site.data_dir, "code.refused") == []


def test_no_body_but_a_good_one_is_understood(page: Page) -> None:
    raw = [json.dumps(body).encode() for body in BODIES] + RAW
    for body in raw:
        reply = _post(page, "/api/pickup", body)
        assert reply.status == 422, body[:40]
        assert reply.said["result"] == "invalid"
    assert _post(page, "/api/pickup", TOO_LARGE).status == 413


def test_no_label_but_a_good_one_makes_a_plan(street: Street, page: Page) -> None:
    assert page.post("/api/driver/badge", {"badge": street.badge}).accepted
    for label in LABELS:
        reply = page.post("/api/driver/label", {"label": label})
        assert reply.status in (200, 422), label
        assert reply.reason in ("label_unreadable", "json_invalid", "string_unicode"), reply
    refused = daemon_journal.records(street.site.data_dir, "plan.refused")
    assert {record["data"]["reason"] for record in refused} == {"label_unreadable"}


def test_no_badge_but_a_good_one_signs_in(page: Page) -> None:
    for badge in PASSES:
        reply = _post(page, "/api/driver/badge", json.dumps({"badge": badge}).encode())
        assert not reply.accepted, badge
        assert reply.reason in ("badge_invalid", "json_invalid", "string_unicode"), reply
