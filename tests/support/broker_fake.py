"""A broker of a few lines that misbehaves on demand, and a wire that can be cut or go dead. Loopback only.

It reads MQTT packets as OASIS MQTT 3.1.1 and 5.0 lay them out, as far as our client sends them.
"""

import asyncio
import struct
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

V311_ACCEPTED = bytes([0x20, 2, 0, 0])
V311_REFUSED_VERSION = bytes([0x20, 2, 0, 1])


async def closed(writers: list[asyncio.StreamWriter]) -> None:
    """Close these, and wait until they are."""
    for writer in writers:
        writer.close()
    for writer in writers:
        with suppress(ConnectionError):
            await writer.wait_closed()


@dataclass(slots=True)
class Manners:
    """How the fake behaves."""

    speaks_5: bool = True
    mute: bool = False
    """Reads everything and never says a word."""
    says_so: bool = True
    """With a version it does not speak: answers that; else it hangs up without a word."""
    receive_maximum: int = 65535
    answers_publish: bool = True
    grants: int = 1
    """Its answer to a subscription: a quality of service, or a reason from 128 up."""
    greets: Callable[["asyncio.StreamWriter"], Awaitable[None]] | None = None
    """What it does after a subscription."""


@dataclass(slots=True)
class FakeBroker:
    """Takes connections one after the other and keeps what it saw."""

    manners: Manners = field(default_factory=Manners)
    versions: list[int] = field(default_factory=list)
    """The protocol level of every CONNECT: 3, 4 or 5."""
    published: list[bytes] = field(default_factory=list)
    """The topics of all messages."""
    taken: list[int] = field(default_factory=list)
    """The packet ids that the client acknowledged."""
    seen: asyncio.Event = field(default_factory=asyncio.Event)
    """Set whenever a packet was read."""
    port: int = 0
    _server: asyncio.Server | None = None
    _writers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def start(self) -> None:
        """Listen on a port of the system's choice."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Close everything."""
        assert self._server is not None
        self._server.close()
        await closed(self._writers)
        await self._server.wait_closed()

    def bring(self, topic: bytes, mid: int) -> None:
        """Publish to whoever connected last, in MQTT 5."""
        body = struct.pack("!H", len(topic)) + topic + struct.pack("!HB", mid, 0) + b"x"
        self._writers[-1].write(bytes([0x32, len(body)]) + body)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until what it has seen makes `holds` true."""
        while not holds():
            self.seen.clear()
            await self.seen.wait()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while await self._answer(*await self._packet(reader), writer):
                self.seen.set()
        self.seen.set()
        writer.close()

    async def _packet(self, reader: asyncio.StreamReader) -> tuple[int, bytes]:
        (first,) = await reader.readexactly(1)
        length, shift = 0, 0
        while True:
            (byte,) = await reader.readexactly(1)
            length |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return first, await reader.readexactly(length)

    async def _answer(self, first: int, body: bytes, writer: asyncio.StreamWriter) -> bool:
        match first >> 4:
            case 1:
                return self._connect(body[6], writer)
            case 3:
                self._publish(body, writer)
            case 4:
                self.taken.append(struct.unpack("!H", body[:2])[0])
            case 8:
                await self._subscribe(body, writer)
            case 12:
                writer.write(bytes([0xD0, 0]))
            case 14:
                return False
            case _:
                pass
        return True

    def _connect(self, version: int, writer: asyncio.StreamWriter) -> bool:
        self.versions.append(version)
        if self.manners.mute:
            return True
        if version == 5 and not self.manners.speaks_5:
            if self.manners.says_so:
                writer.write(V311_REFUSED_VERSION)
            return False
        if version == 5:
            properties = struct.pack("!BH", 0x21, self.manners.receive_maximum)
            writer.write(bytes([0x20, 3 + len(properties), 0, 0, len(properties)]) + properties)
        else:
            writer.write(V311_ACCEPTED)
        return True

    def _publish(self, body: bytes, writer: asyncio.StreamWriter) -> None:
        (length,) = struct.unpack("!H", body[:2])
        self.published.append(body[2 : 2 + length])
        if self.manners.answers_publish:
            writer.write(bytes([0x40, 2]) + body[2 + length : 4 + length])

    async def _subscribe(self, body: bytes, writer: asyncio.StreamWriter) -> None:
        properties = [0] if self.versions[-1] == 5 else []
        writer.write(bytes([0x90, 3 + len(properties), *body[:2], *properties, self.manners.grants]))
        if self.manners.greets is not None:
            await self.manners.greets(writer)


class Wire:
    """Stands between a client and a broker; can go dead, so that nobody hears anything and nothing is closed."""

    def __init__(self, port: int) -> None:
        self.dead = False
        self.port = 0
        self.connections = 0
        self._to = port
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: list[asyncio.StreamWriter] = []

    async def start(self) -> None:
        """Listen on a port of the system's choice."""
        self._server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Close everything."""
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await closed(self._writers)
        await self._server.wait_closed()

    def cut(self) -> None:
        """Break every connection at once, without a goodbye."""
        for writer in self._writers:
            writer.transport.abort()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.dead = False
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to)
        self._writers += [writer, far_writer]
        for source, sink in ((reader, far_writer), (far_reader, writer)):
            task = asyncio.create_task(self._carry(source, sink, self.connections))
            self._tasks.add(task)

    async def _carry(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, connection: int) -> None:
        with suppress(ConnectionError):
            while data := await source.read(65536):
                if not self.dead or connection != self.connections:
                    sink.write(data)
            sink.close()
