"""The touchscreen's HTTP interface, as the page in a person's hands uses it."""

import http.client
import json
from typing import Any, NamedTuple

from support.daemon import DEADLINE_S, wait_until


class Gone(Exception):
    """Nobody answers: the locker's process is away, or went while it was asked."""


class Reply(NamedTuple):
    """Status and body of an answer."""

    status: int
    said: dict[str, Any]

    @property
    def accepted(self) -> bool:
        """Whether the locker did what it was asked."""
        return self.said.get("result") == "accepted"

    @property
    def reason(self) -> str | None:
        """Why it did not."""
        reason: str | None = self.said.get("reason")
        return reason


class Page:
    """One person's page; it keeps its cookie."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._cookie = ""

    def post(self, path: str, body: object) -> Reply:
        """Ask, and ask again while too many do. Raises Gone."""
        raw = json.dumps(body).encode()
        return wait_until(lambda: self._taken(self.post_raw(path, raw)), f"{path} to be taken")

    def post_raw(self, path: str, raw: bytes) -> Reply:
        """Ask with these bytes as the body. Raises Gone."""
        headers = {"Content-Type": "application/json", "Cookie": self._cookie}
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=DEADLINE_S)
        try:
            connection.request("POST", path, raw, headers)
            response = connection.getresponse()
            said = json.loads(response.read())
            self._cookie = response.headers.get("Set-Cookie", self._cookie).partition(";")[0]
            return Reply(response.status, said)
        except (OSError, http.client.HTTPException) as error:
            raise Gone(path) from error
        finally:
            connection.close()

    def leave(self) -> None:
        """Tap on until the place before the screen is free for the next one. Raises Gone."""
        for path in ("/api/driver/sign-out", "/api/visit/got-it", "/api/visit/got-it", "/api/visit/start-again"):
            self.post(path, {})

    def site(self) -> dict[str, Any]:
        """What the page is told of the site before anything else."""
        stream = OpenStream(self._port)
        try:
            while not (line := stream.line()).startswith("data: "):
                pass
            site: dict[str, Any] = json.loads(line.removeprefix("data: "))
            return site
        finally:
            stream.close()

    @staticmethod
    def _taken(reply: Reply) -> Reply | None:
        return None if reply.status == 429 else reply


class OpenStream:
    """A page that follows `/api/live` and never lets go by itself."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE_S)
        self._connection.request("GET", "/api/live")
        self._response = self._connection.getresponse()

    def line(self) -> str:
        """The next line, without its end."""
        return self._response.readline().decode().rstrip("\r\n")

    def rest(self) -> bytes:
        """Everything up to the end of the stream. Raises IncompleteRead where it was cut off."""
        return self._response.read()

    def close(self) -> None:
        """Hang up."""
        self._connection.close()
