"""The service socket: how people at this machine's terminal reach the running locker. Only its group may open it.

One request a line, one answer a line, each a JSON object of at most 64 KiB:

| request | answer |
|---|---|
| `{"do":"status"}`, `parcels`, `drift`, `config` | `{"ok":true, …}`, see `StatusPage` |
| `{"do":"open","compartment":"A01","reason":"…"}` | `{"ok":true,"compartment":"A01"}` once the unlock is on record |
| the same with `"wait":true` | `{"ok":true,"compartment":"A01","outcome":"opened"}` once that is known; see `Outcome` |
| `{"do":"block","compartment":"A01"}`, `unblock`, with or without `reason` | the same |
| `{"do":"emergency",…}` as `open`: a person is shut in | the same, outside of every limit |
| `{"do":"lock-out","reason":"…"}`, `end-lock-out` | `{"ok":true}` |
| `{"do":"erase","reference":"P1"}` | `{"ok":true,"erased":[…],"kept":[…],…}`, see `erasing.erase` |
| `{"do":"watch"}` | `{"ok":true,"sequence":41}`, `{"event":{…}}` for each from 42 on, at last `{"end":"stopping"}` |

Whatever is not carried out: `{"ok":false,"reason":"…","detail":"…"}`, a code for programs and a sentence for people.
"""

import asyncio
import contextlib
import logging
import os
import socket
import struct
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, assert_never

from controller.contract.wire_json import JsonObject, dumps
from controller.device.engine import Engine, Unavailable
from controller.device.erasing import erase
from controller.device.seams import Committed
from controller.device.service_requests import (
    LONGEST_PATH_BYTES,
    LONGEST_REQUEST_BYTES,
    Command,
    Erase,
    Lockout,
    Look,
    NotTaken,
    Watch,
    read_request,
)
from controller.device.status import StatusPage, happened
from controller.device.unlock_watch import UnlockWatch
from controller.domain.answers import CommandAnswer, Refused
from controller.domain.ids import Reference
from controller.domain.inputs import LocalCommand, LockOutAsked, LockoutEndAsked

log = logging.getLogger(__name__)

MODE = 0o660
MOST_CONVERSATIONS = 32
_FURTHEST_BEHIND_BYTES = 1024 * 1024
"""A watcher that has not read this much is let go, so that nobody's full pipe takes the locker's memory."""
_LAST_ANSWERS_S = 0.2
_LAST_BYTES_S = 0.2
_PEER = struct.Struct("3i")


class SocketRefused(Exception):
    """The service socket cannot be made; the sentence says what to do."""


class ServiceSocket:
    """Serves while its context is open. Leaving it takes at most 0.4 s, whoever is still connected.

    An error in an answer is the locker's own and ends the context's task, as in any TaskGroup.
    """

    def __init__(self, path: Path, engine: Engine, page: StatusPage) -> None:
        self._path = path
        self._engine = engine
        self._page = page
        self._group = asyncio.TaskGroup()
        self._talking: dict[asyncio.StreamWriter, asyncio.Task[None]] = {}
        self._asking: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self._closing = False

    async def __aenter__(self) -> Self:
        """Begin to serve. A socket that a dead process left behind is replaced. Raises `SocketRefused`."""
        listening = _listen(self._path)
        await self._group.__aenter__()
        self._server = await asyncio.start_unix_server(self._accept, sock=listening, limit=LONGEST_REQUEST_BYTES)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let answers that are being made go out, tell watchers, and close."""
        self._closing = True
        if self._server is not None:
            self._server.close()
        self._path.unlink(missing_ok=True)
        for writer in self._talking.keys() - self._asking:
            self._talking[writer].cancel()
        if self._asking:
            await asyncio.wait([self._talking[writer] for writer in self._asking], timeout=_LAST_ANSWERS_S)
        for task in self._talking.values():
            task.cancel()
        await self._group.__aexit__(kind, error, trace)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._talking) >= MOST_CONVERSATIONS:
            _say(writer, _no("crowded", f"{MOST_CONVERSATIONS} others are connected; try again in a moment"))
            writer.close()
            return
        self._talking[writer] = self._group.create_task(self._converse(reader, writer))
        self._talking[writer].add_done_callback(lambda _: self._talking.pop(writer))

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while not self._closing and (line := await _next_line(reader)) is not None:
                await self._take(line, reader, writer)
        except NotTaken as refusal:
            _say(writer, _no(refusal.reason, refusal.detail))
        except ConnectionError as gone:
            log.debug("a terminal hung up: %s", gone)
        finally:
            await _hang_up(writer)

    async def _take(self, line: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = read_request(line)
        except NotTaken as refusal:
            _say(writer, _no(refusal.reason, refusal.detail))
            return
        match request:
            case Look.STATUS:
                _say(writer, {"ok": True, **self._page.status()})
            case Look.PARCELS:
                _say(writer, {"ok": True, **self._page.parcels()})
            case Look.DRIFT:
                _say(writer, {"ok": True, **self._page.drift()})
            case Look.CONFIG:
                _say(writer, {"ok": True, **self._page.config()})
            case Command():
                _say(writer, await self._obey(request, writer))
            case Lockout(item=item):
                _say(writer, await self._lock_out(item, writer))
            case Erase(reference=reference):
                _say(writer, await self._erase(reference, writer))
            case Watch():
                await self._watch(reader, writer)
            case _:
                assert_never(request)
        await writer.drain()

    async def _obey(self, request: Command, writer: asyncio.StreamWriter) -> JsonObject:
        outcome = UnlockWatch(self._engine, request.command.compartment)
        self._asking.add(writer)
        try:
            answer = await self._engine.ask(LocalCommand(request.command, request.reason))
            done = isinstance(answer, CommandAnswer)
            ended = {"outcome": (await outcome.ended()).value} if done and request.wait else {}
        except Unavailable as unavailable:
            return _no("unavailable", f"{unavailable}; nothing was done")
        finally:
            self._asking.discard(writer)
            outcome.close()
        what = "done" if done else str(getattr(answer, "reason", answer))
        log.info("user %d asked: %s %s: %s", _user(writer), request.command.TYPE, request.command.compartment, what)
        if done:
            return {"ok": True, "compartment": request.command.compartment, **ended}
        return _no(what, f"{request.command.compartment}: the locker refuses: {what.replace('_', ' ')}")

    async def _lock_out(self, item: LockOutAsked | LockoutEndAsked, writer: asyncio.StreamWriter) -> JsonObject:
        self._asking.add(writer)
        try:
            answer = await self._engine.ask(item)
        except Unavailable as unavailable:
            return _no("unavailable", f"{unavailable}; nothing was done")
        finally:
            self._asking.discard(writer)
        what = answer.reason.value if isinstance(answer, Refused) else "done"
        log.info("user %d asked: %s: %s", _user(writer), type(item).__name__, what)
        return _no(what, f"the locker refuses: {what.replace('_', ' ')}") if what != "done" else {"ok": True}

    async def _erase(self, reference: Reference, writer: asyncio.StreamWriter) -> JsonObject:
        self._asking.add(writer)
        try:
            answer = await erase(self._engine, self._path.parent, reference)
        except Unavailable as unavailable:
            return _no("unavailable", f"{unavailable}; nothing was erased")
        finally:
            self._asking.discard(writer)
        log.info("user %d had private parts erased", _user(writer))
        return {"ok": True, **answer}

    async def _watch(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Tell every event until the watcher hangs up, falls too far behind or the locker stops."""
        behind = asyncio.Event()

        def tell(committed: Sequence[Committed]) -> None:
            if writer.transport.get_write_buffer_size() > _FURTHEST_BEHIND_BYTES:
                behind.set()
            else:
                writer.writelines(dumps({"event": happened(each)}) + b"\n" for each in committed)

        unfollow = self._engine.follow(tell)
        _say(writer, {"ok": True, "sequence": self._engine.state.sequence})
        ends = {asyncio.create_task(_end_of(reader)), asyncio.create_task(behind.wait())}
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            if behind.is_set():
                writer.transport.abort()
        except asyncio.CancelledError:
            _say(writer, {"end": "stopping"})
            raise
        finally:
            unfollow()
            for end in ends:
                end.cancel()


def _listen(path: Path) -> socket.socket:
    too_long = len(bytes(path)) - LONGEST_PATH_BYTES
    if too_long > 0:
        raise SocketRefused(f"{path} is {too_long} bytes too long for a socket; give data_dir a shorter path")
    if path.is_socket():
        path.unlink()  # the journal's lock says that no other locker uses this directory
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        os.fchmod(listening.fileno(), MODE)  # so that nobody else can connect before the next line but one
        listening.bind(bytes(path))
        path.chmod(MODE)
    except OSError as error:
        listening.close()
        raise SocketRefused(f"the service socket {path} cannot be made: {error.strerror}") from error
    return listening


async def _next_line(reader: asyncio.StreamReader) -> bytes | None:
    try:
        return await reader.readuntil(b"\n")
    except asyncio.IncompleteReadError as end:
        return end.partial or None
    except asyncio.LimitOverrunError:
        raise NotTaken("too_large", f"a request is one line of at most {LONGEST_REQUEST_BYTES} bytes") from None


async def _end_of(reader: asyncio.StreamReader) -> None:
    with contextlib.suppress(ConnectionError):
        while await reader.read(LONGEST_REQUEST_BYTES):
            pass


def _say(writer: asyncio.StreamWriter, answer: JsonObject) -> None:
    writer.write(dumps(answer) + b"\n")


def _no(reason: str, detail: str) -> JsonObject:
    return {"ok": False, "reason": reason, "detail": detail}


def _user(writer: asyncio.StreamWriter) -> int:
    """The numeric user at the other end, by SO_PEERCRED of unix(7)."""
    peer: socket.socket = writer.get_extra_info("socket")
    _, user, _ = _PEER.unpack(peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size))
    return int(user)


async def _hang_up(writer: asyncio.StreamWriter) -> None:
    """Let what was said go out, but not for long."""
    writer.close()
    try:
        async with asyncio.timeout(_LAST_BYTES_S):
            await writer.wait_closed()
    except (TimeoutError, ConnectionError):
        writer.transport.abort()
