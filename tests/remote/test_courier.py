"""Telling people for real: Apprise, an SMTP server, a web hook; and an address book that others may not read."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from support.broker import free_port

from controller.contract.record import Record, parse
from controller.domain.commands import ReportNotification
from controller.domain.ids import NoticeId, ParcelId
from controller.domain.notices import NoticeKind, ReportedAs
from controller.domain.preferences import Channel
from controller.remote import wording
from controller.remote.address_book import AddressBook, AddressesRefused
from controller.remote.carrier_store import Code
from controller.remote.courier import AppriseCourier, by_apprise
from controller.remote.notice import Kind, Notice
from controller.remote.notifier import Notifier
from controller.remote.tidings import Contact

FACTS = {"place": "L0042", "until": "2026-11-27 18:00", "code": "-", "lockers": "L0043", "link": "", "change": ""}


def a_notice(**data: object) -> Notice:
    """A locker asks for one thing to be told."""
    return Notice(Kind.RECORD, "L0042", "asked", a_record("notification.requested", data))


def a_record(name: str, data: dict[str, object]) -> Record:
    members = {
        "specversion": "1.0",
        "id": f"L0042-{'3f' * 16}-1",
        "source": "urn:locker:L0042",
        "type": f"locker.{name}.v1",
        "time": "2026-11-23T03:00:00.123Z",
        "datacontenttype": "application/json",
        "sequence": f"{1:020}",
        "stream": "3f" * 16,
        "boot": 1,
        "monotonicms": "1",
        "clock": "ntp",
        "prevhash": "0" * 64,
        "data": {"notice": "n1", "kind": "stored", "parcel": "P1", "recipient": "r-1", **data},
    }
    return parse(json.dumps(members, separators=(",", ":")).encode())


def a_book(folder: Path, **services: str) -> Path:
    path = folder / "addresses.json"
    book = {
        "services": services,
        "recipients": {
            "r-1": {"language": "de", "email": "someone@mail.example", "push": "r1", "sms": "4915100000000"}
        },
        "canary": {"push": "shop"},
    }
    path.write_text(json.dumps(book))
    path.chmod(0o600)
    return path


@dataclass
class Inbox:
    """An SMTP server that takes everything."""

    came: list[Message] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        assert isinstance(envelope.content, bytes)
        self.came.append(message_from_bytes(envelope.content))
        return "250 OK"


@contextmanager
def a_hook(status: int = 200) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A web server that takes JSON and answers with `status`; its address for Apprise, and what came."""
    came: list[dict[str, Any]] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Hook)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"json://127.0.0.1:{server.server_port}/{{contact}}", came
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_an_email_in_the_recipients_language_with_the_code(tmp_path: Path) -> None:
    inbox, port = Inbox(), free_port()
    server = Controller(inbox, hostname="127.0.0.1", port=port)
    server.start()
    try:
        url = f"mailto://127.0.0.1:{port}?from=shop@mail.example&to={{contact}}&mode=insecure"
        courier = AppriseCourier(AddressBook(a_book(tmp_path, email=url)), by_apprise())
        told = courier.carry(a_notice(channel="email", until="2026-11-26T03:00:00.000Z"), "12345678")
    finally:
        server.stop()
    assert told is ReportedAs.DELIVERED
    (mail,) = inbox.came
    assert "someone@mail.example" in str(mail["to"])
    parts = [part.get_payload(decode=True) for part in mail.walk() if part.get_content_maintype() == "text"]
    assert any(isinstance(part, bytes) and "Ihr Code: 12345678" in part.decode() for part in parts)


def test_a_push_that_is_taken_one_that_is_not_and_one_that_nobody_has(tmp_path: Path) -> None:
    with a_hook() as (url, came), a_hook(500) as (broken, _):
        book = AddressBook(a_book(tmp_path, push=url, sms=broken))
        courier = AppriseCourier(book, by_apprise())
        assert courier.carry(a_notice(channel="push"), "12345678") is ReportedAs.DELIVERED
        assert courier.carry(a_notice(channel="sms"), "12345678") is ReportedAs.FAILED
        assert courier.carry(a_notice(channel="email"), "12345678") is ReportedAs.BOUNCED
        assert courier.carry(a_notice(channel="push", recipient="r-9"), None) is ReportedAs.BOUNCED
        assert courier.carry(a_notice(channel="push", kind="canary", parcel=None), None) is ReportedAs.DELIVERED
    assert ["12345678" in each["message"] for each in came] == [True, False]


def test_a_pin_goes_another_way_than_the_code_and_a_new_number_is_kept(tmp_path: Path) -> None:
    sent: list[tuple[str, str]] = []

    def send(url: str, title: str, text: str) -> bool:
        sent.append((url, text))
        return True

    path = a_book(tmp_path, email="email:{contact}", sms="sms:{contact}")
    courier = AppriseCourier(AddressBook(path), send)
    courier.carry(a_notice(channel="email"), "12345678")
    asked = a_record("code.pin_requested", {"not_by": ["email"]})
    courier.carry_pin(Notice(Kind.RECORD, "L0042", "asked", asked, pin=Code("P1", "P1", "424242", "")))
    assert sent[-1] == ("sms:4915100000000", "Ihre PIN für die Station L0042: 424242. Sie gilt zehn Minuten.")

    courier.learn(Notice(Kind.RECORD, "L0042", "given", contact=Contact("P1", "sms", "+4917000000000")))
    assert AddressBook(path).url("r-1", Channel.SMS) == "sms:+4917000000000"
    assert path.stat().st_mode & 0o077 == 0


def test_what_became_of_it_is_reported(tmp_path: Path) -> None:
    reports: list[tuple[str, ReportNotification]] = []

    async def report(locker: str, command: ReportNotification) -> None:
        reports.append((locker, command))
        done.set()

    def send(url: str, title: str, text: str) -> bool:
        return "87654321" in text

    async def whole() -> None:
        courier = AppriseCourier(AddressBook(a_book(tmp_path, push="push:{contact}")), send)
        notifier = Notifier(report, courier, lambda locker, parcel: "87654321" if parcel == ParcelId("P1") else None)
        running = asyncio.create_task(notifier.run())
        notifier.take(a_notice(channel="push"))
        await asyncio.wait_for(done.wait(), 10)
        running.cancel()

    done = asyncio.Event()
    asyncio.run(whole())
    assert reports == [("L0042", ReportNotification(notice=NoticeId("n1"), outcome=ReportedAs.DELIVERED))]


def test_every_kind_has_words_in_every_language() -> None:
    for language in wording.LANGUAGES:
        for kind in (*NoticeKind, "pin"):
            assert "{" not in wording.message(kind, language, FACTS)
    linked = wording.message("stored", "xx", FACTS | {"link": "https://t.example/P1"})
    assert linked.endswith("More: https://t.example/P1")


@pytest.mark.parametrize(
    ("content", "mode", "says"),
    [
        ("{}", 0o644, "chmod 600"),
        ("{", 0o600, "Invalid JSON"),
        ('{"services": {"fax": "x"}}', 0o600, "services.fax"),
        ('{"services": {}, "recipients": {"r-1": {"phone": "1"}}}', 0o600, "recipients.r-1.phone"),
    ],
)
def test_a_bad_book_is_refused_in_words(tmp_path: Path, content: str, mode: int, says: str) -> None:
    path = tmp_path / "addresses.json"
    path.write_text(content)
    path.chmod(mode)
    with pytest.raises(AddressesRefused, match=says):
        AddressBook(path)
    with pytest.raises(AddressesRefused, match="cannot be read"):
        AddressBook(tmp_path / "nothing.json")
