"""What every request has to pass before anything of ours runs. Plain ASGI: it stands in the way of every code typed."""

import json
from collections.abc import Collection, Iterable
from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kiosk.limits import Limiter

MAX_BODY_BYTES = 64 * 1024
_LARGER = {"/api/visit/signature": 256 * 1024}
"""What a person draws is longer than what they type."""
_SECURITY = [
    (
        b"content-security-policy",
        b"default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; object-src 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
]
_NEVER_STORED = [(b"cache-control", b"no-store"), *_SECURITY]
_ASKED_AGAIN = [(b"cache-control", b"no-cache"), *_SECURITY]

Header = tuple[bytes, bytes]


class Refused(Exception):
    """A request that is not looked at any further."""

    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Guard:
    """Checks Host and Origin, and of what changes something also type, size and rate; adds the security headers."""

    def __init__(self, app: ASGIApp, hosts: Collection[str], limiter: Limiter) -> None:
        self._app = app
        self._hosts = frozenset(host.encode() for host in hosts)
        self._limiter = limiter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        path: str = scope["path"]
        extra = _NEVER_STORED if path.startswith(("/api/", "/healthz")) else _ASKED_AGAIN

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *extra]
            await send(message)

        try:
            self._check_sender(scope["headers"])
            if scope["method"] not in ("GET", "HEAD"):
                self._check_change(path, scope["headers"])
                receive = _replay(await _body(receive, _most_bytes(path)), receive)
        except Refused as refused:
            await _answer(send_with_headers, refused)
        else:
            await self._app(scope, receive, send_with_headers)

    def _check_sender(self, headers: Iterable[Header]) -> None:
        """A page of another origin, or another name that was made to point here, is none of ours."""
        hosts = [value for name, value in headers if name == b"host"]
        if len(hosts) != 1 or _name(hosts[0]) not in self._hosts:
            raise Refused(HTTPStatus.FORBIDDEN, "foreign_host")
        if any(name == b"origin" and value != b"http://" + hosts[0] for name, value in headers):
            raise Refused(HTTPStatus.FORBIDDEN, "foreign_origin")

    def _check_change(self, path: str, headers: Iterable[Header]) -> None:
        if path.startswith("/api/") and not self._limiter.allows():
            raise Refused(HTTPStatus.TOO_MANY_REQUESTS, "too_many_requests")
        declared = dict(headers)
        kind = declared.get(b"content-type", b"").partition(b";")[0].strip().lower()
        if kind != b"application/json":
            raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not_json")
        length = declared.get(b"content-length", b"0")
        if not length.isdigit() or len(length) > 9 or int(length) > _most_bytes(path):
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large")


def _most_bytes(path: str) -> int:
    return _LARGER.get(path, MAX_BODY_BYTES)


def _name(host: bytes) -> bytes:
    """The host without its port; `[::1]:8080` has colons of its own."""
    return host[: host.index(b"]") + 1] if host.startswith(b"[") and b"]" in host else host.partition(b":")[0].lower()


async def _body(receive: Receive, most: int) -> bytes:
    body = b""
    while True:
        message = await receive()
        part: bytes = message.get("body", b"")
        body += part
        if len(body) > most:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large")
        if not message.get("more_body", False):
            return body


def _replay(body: bytes, receive: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


async def _answer(send: Send, refused: Refused) -> None:
    body = json.dumps({"result": "invalid", "reason": refused.reason}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": refused.status.value, "headers": headers})
    await send({"type": "http.response.body", "body": body})
