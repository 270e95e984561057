"""Where recipients are reached, for a shop that has no system of its own for that. Nothing of it comes to a locker.

A JSON file that only its owner may read:

    {"services": {"email": "mailtos://shop:secret@mail.example?to={contact}", "sms": "…{contact}…"},
     "recipients": {"r-1": {"language": "de", "email": "anna@mail.example", "sms": "+4915100000000"}},
     "canary": {"email": "shop@mail.example"}}

`services` are addresses as Apprise understands them, with `{contact}` where the recipient's own comes in.
"""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, ValidationError

from controller.domain.preferences import Channel

CANARY = "canary"


class AddressesRefused(Exception):
    """The file cannot be used; the sentence says why and what to do."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    language: str | None = None
    push: str | None = None
    sms: str | None = None
    email: str | None = None
    call: str | None = None

    def by(self, channel: Channel) -> str | None:
        found: str | None = getattr(self, channel.value)
        return found


class _Book(BaseModel):
    model_config = ConfigDict(extra="forbid")

    services: dict[Channel, str]
    recipients: dict[str, _Entry] = {}
    canary: _Entry = _Entry()


class AddressBook:
    """The file, in memory. What changes is written back at once."""

    def __init__(self, path: Path) -> None:
        """Raises AddressesRefused."""
        self._path = path
        self._book = _read(path)

    def url(self, who: str, channel: Channel) -> str | None:
        """Where to send for `who`, a carrier's reference or `CANARY`; None where they have no such way."""
        service, contact = self._book.services.get(channel), self._entry(who).by(channel)
        if service is None or contact is None:
            return None
        return service.replace("{contact}", quote(contact, safe="@+"))

    def channels(self, who: str) -> tuple[Channel, ...]:
        """The ways in which this person can be reached."""
        return tuple(channel for channel in Channel if self.url(who, channel) is not None)

    def language(self, who: str) -> str | None:
        """The language they want to be told in; None where nobody knows."""
        return self._entry(who).language

    def change(self, who: str, channel: Channel, contact: str) -> None:
        """They gave another number or address. Raises OSError."""
        self._book.recipients[who] = self._entry(who).model_copy(update={channel.value: contact})
        with NamedTemporaryFile("w", dir=self._path.parent, prefix=self._path.name, delete=False) as beside:
            beside.write(self._book.model_dump_json(indent=1, exclude_none=True))
            beside.flush()
            os.fsync(beside.fileno())
        Path(beside.name).replace(self._path)

    def _entry(self, who: str) -> _Entry:
        return self._book.canary if who == CANARY else self._book.recipients.get(who, _Entry())


def _read(path: Path) -> _Book:
    try:
        readable = path.stat().st_mode & 0o077
        raw = path.read_bytes()
    except OSError as error:
        raise AddressesRefused(f"{path} cannot be read: {error.strerror}") from error
    if readable:
        raise AddressesRefused(f"{path} is open to others: it holds addresses of people; chmod 600 {path}")
    try:
        return _Book.model_validate_json(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise AddressesRefused(f"{path}: {place or 'the file'}: {first['msg']}") from None
