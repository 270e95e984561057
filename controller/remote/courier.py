"""Who really tells recipients, and what became of it: e-mail, text messages and push, through Apprise."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Protocol

from controller.domain.notices import ReportedAs
from controller.domain.preferences import Channel
from controller.remote import wording
from controller.remote.address_book import CANARY, AddressBook
from controller.remote.notice import Notice

Send = Callable[[str, str, str], bool]
"""To an address, with a title and a text; whether it was taken there."""


class CourierMissing(Exception):
    """What carries messages is not installed; the sentence says how to get it."""


class Courier(Protocol):
    """Tells one recipient one thing. Called in a thread of its own: it may take its time."""

    def carry(self, notice: Notice, code: str | None) -> ReportedAs:
        """Tell what `notice` asks for; `code` is the parcel's live one."""

    def carry_pin(self, notice: Notice) -> None:
        """Tell the PIN that came with `notice`, by another way than the code."""

    def learn(self, notice: Notice) -> None:
        """The recipient gave another number or address."""


class Pretending:
    """Nobody is told anything; all is delivered, but by channels that bounce."""

    def __init__(self, bouncing: Collection[Channel]) -> None:
        self._bouncing = frozenset(bouncing)

    def carry(self, notice: Notice, code: str | None) -> ReportedAs:
        """What is to be reported."""
        channel = notice.record.data.get("channel") if notice.record is not None else None
        return ReportedAs.BOUNCED if channel in self._bouncing else ReportedAs.DELIVERED

    def carry_pin(self, notice: Notice) -> None:
        """Nobody is there."""

    def learn(self, notice: Notice) -> None:
        """Nobody is there."""


class AppriseCourier:
    """Tells people, by the addresses of the book."""

    def __init__(self, book: AddressBook, send: Send) -> None:
        """`send` is `by_apprise()`, or whatever else carries a text to an address."""
        self._book = book
        self._send = send
        self._recipients: dict[str, str] = {}

    def carry(self, notice: Notice, code: str | None) -> ReportedAs:
        """`bounced` where the recipient has no such way, `failed` where the service did not take it."""
        data = notice.record.data if notice.record is not None else {}
        kind, who = str(data.get("kind")), str(data.get("recipient") or "")
        if kind == CANARY:
            who = CANARY
        elif data.get("parcel") is not None:
            self._recipients[str(data["parcel"])] = who
        channel = data.get("channel")
        ways = self._book.channels(who) if channel is None else (Channel(str(channel)),)
        url = next((url for way in ways if (url := self._book.url(who, way)) is not None), None)
        if url is None:
            return ReportedAs.BOUNCED
        return self._tell(url, kind, self._language(who, data.get("language")), _facts(notice, code))

    def carry_pin(self, notice: Notice) -> None:
        """By the first way that the code did not go; by none where there is only one."""
        if notice.pin is None or notice.record is None:
            return
        who, taken = self._recipients.get(notice.pin.parcel, ""), notice.record.data.get("not_by") or []
        ways = [way for way in self._book.channels(who) if not isinstance(taken, list) or way.value not in taken]
        if ways and (url := self._book.url(who, ways[0])) is not None:
            self._tell(url, "pin", self._language(who, None), _facts(notice, notice.pin.code))

    def learn(self, notice: Notice) -> None:
        """Remembered for good, where it is known whose it is."""
        if notice.contact is not None and (who := self._recipients.get(notice.contact.parcel)):
            self._book.change(who, Channel(notice.contact.channel), notice.contact.contact)

    def _tell(self, url: str, kind: str, language: str, facts: dict[str, str]) -> ReportedAs:
        taken = self._send(url, wording.title(language), wording.message(kind, language, facts))
        return ReportedAs.DELIVERED if taken else ReportedAs.FAILED

    def _language(self, who: str, told: object) -> str:
        return self._book.language(who) or (str(told) if told is not None else wording.DEFAULT)


def by_apprise() -> Send:
    """Raises CourierMissing."""
    try:
        import apprise
    except ImportError as error:
        raise CourierMissing("telling people needs Apprise: pip install 'parcel-locker[notifier]'") from error

    def send(url: str, title: str, text: str) -> bool:
        carrier = apprise.Apprise()
        return bool(carrier.add(url)) and bool(carrier.notify(body=text, title=title))

    return send


def _facts(notice: Notice, code: str | None) -> dict[str, str]:
    data = notice.record.data if notice.record is not None else {}
    lockers = data.get("lockers")
    near = lockers if isinstance(lockers, list) else []
    return {
        "place": notice.locker,
        "until": _local(data.get("until")),
        "code": code or "-",
        "lockers": ", ".join(str(each.get("locker")) for each in near if isinstance(each, dict)),
        "link": str(data.get("link") or ""),
        "change": str(data.get("change") or ""),
    }


def _local(until: object) -> str:
    if not isinstance(until, str):
        return "-"
    return datetime.fromisoformat(until).replace(tzinfo=UTC).astimezone().strftime("%Y-%m-%d %H:%M")
