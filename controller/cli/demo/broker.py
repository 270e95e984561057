"""The demo's own MQTT broker: amqtt in this process, on the loopback, gone with the demo."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from amqtt.adapters import StreamReaderAdapter, StreamWriterAdapter
from amqtt.broker import Broker
from amqtt.contexts import BrokerConfig, ListenerConfig, ListenerType

_LISTENER = "default"
_LETS_EVERYBODY_IN = "amqtt.plugins.authentication.AnonymousAuthPlugin"
_SPEAKS_5 = b"\x00\x04MQTT\x05"
_UNSUPPORTED_VERSION = bytes((0x20, 3, 0, 0x84, 0))
"""MQTT 5, 3.2.2.2: the CONNACK after which a client tries an older version. amqtt would answer in 3.1.1."""
log = logging.getLogger(__name__)


class _Begun(StreamReaderAdapter):  # type: ignore[misc]  # amqtt says nothing of its types
    """A stream of which the beginning has been read already."""

    def __init__(self, reader: asyncio.StreamReader, beginning: bytes) -> None:
        super().__init__(reader)
        self._beginning = beginning

    async def read(self, n: int = -1) -> bytes:
        given, self._beginning = self._beginning[:n], self._beginning[n:]
        rest: bytes = await super().read(n - len(given)) if len(given) < n else b""
        return given + rest


@asynccontextmanager
async def running_broker() -> AsyncIterator[int]:
    """A broker for as long as the context is open, and the port it was given. It speaks MQTT 3.1.1 and retains."""
    logging.getLogger("amqtt").setLevel(logging.CRITICAL)  # it takes every client that hangs up for trouble
    listeners = {_LISTENER: ListenerConfig(type=ListenerType.EXTERNAL)}
    broker = Broker(BrokerConfig(listeners=listeners, plugins={_LETS_EVERYBODY_IN: {}}))

    async def came(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            beginning = await _beginning(reader)
            if beginning.endswith(_SPEAKS_5):
                writer.write(_UNSUPPORTED_VERSION)
            else:
                client = _Begun(reader, beginning), StreamWriterAdapter(writer)
                await broker.external_connected(*client, _LISTENER)
        except (OSError, EOFError) as gone:
            log.debug("a client of the demo's broker hung up: %s", gone)
        finally:
            writer.close()

    await broker.start()
    async with await asyncio.start_server(came, "127.0.0.1", 0) as server:
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            await broker.shutdown()  # hangs up on every client; the server waits for that


async def _beginning(reader: asyncio.StreamReader) -> bytes:
    """The first packet as far as the version of the protocol: packet type, length in 1 to 4 bytes, name, version."""
    read = await reader.readexactly(2)
    while read[-1] & 0x80 and len(read) < 5:
        read += await reader.readexactly(1)
    return read + await reader.readexactly(len(_SPEAKS_5))
