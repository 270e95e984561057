"""A `Link` that costs a few kilobytes: one socket on the loop, no thread. MQTT 3.1.1, loopback or the like.

Ten thousand paho clients would be ten thousand threads. What a locker does with a link, its window included, is the
same with either.
"""

import asyncio
import ssl
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import cast

from controller.cli.crowd import packets
from controller.contract.broker import Broker
from controller.contract.link import WINDOW, Confirmed, Message, WillFor
from controller.contract.topics import covers
from controller.device.backoff import Backoff

KEEPALIVE_S = 60
_CONNECT_S = 30.0
_MIDS = 65_535
_STEADY_S = 2.0


class ThinLink(asyncio.Protocol):
    """Set it up, then `run` it. It is its own protocol, one connection after the other."""

    def __init__(
        self,
        broker: Broker,
        client_id: str,
        *,
        chance: Callable[[], float],
        turns: asyncio.Semaphore,
        keepalive_s: int = KEEPALIVE_S,
    ) -> None:
        """On the loop. `turns`: how many links may be connecting at a time.

        Raises OSError where the broker's files are no good.
        """
        self.up = False
        self.conn = 0
        self._address = (broker.host, broker.port)
        self._tls: ssl.SSLContext | None = broker.tls_context() if broker.tls else None
        self._login = None if broker.username is None else (broker.username, broker.password())
        self._client_id = client_id
        self._keepalive_s = keepalive_s
        self._backoff = Backoff(chance)
        self._turns = turns
        self._listeners: list[tuple[str, Callable[[Message], None]]] = []
        self._followers: list[tuple[Callable[[], None], Callable[[], None]]] = []
        self._will: WillFor | None = None
        self._transport: asyncio.Transport | None = None
        self._reader = packets.Reader()
        self._mid = 0
        self._in_flight: dict[int, Confirmed | None] = {}
        self._waiting: deque[tuple[str, bytes, bool, Confirmed | None]] = deque()
        loop = asyncio.get_running_loop()
        self._stands: asyncio.Future[bool] = loop.create_future()
        self._ended: asyncio.Future[None] = loop.create_future()
        self._heard = True

    # --- what `Link` promises -----------------------------------------------------------------------

    def publish(self, topic: str, payload: bytes, *, retain: bool = False, confirmed: Confirmed | None = None) -> bool:
        """See `Link.publish`."""
        if not self.up:
            return False
        self._waiting.append((topic, payload, retain, confirmed))
        self._hand_on()
        return True

    def subscribe(self, subscription: str, listener: Callable[[Message], None]) -> None:
        """See `Link.subscribe`."""
        self._listeners.append((subscription, listener))

    def follow(self, up: Callable[[], None], down: Callable[[], None]) -> None:
        """See `Link.follow`."""
        self._followers.append((up, down))

    def leave_will(self, will: WillFor) -> None:
        """See `Link.leave_will`."""
        self._will = will

    # --- one connection after the other -------------------------------------------------------------

    async def run(self) -> None:
        """Keep the link up until cancelled."""
        while True:
            try:
                async with self._turns:
                    await self._connect()
                await self._ended
            except (OSError, TimeoutError):
                pass  # as when the broker is away: it is tried again
            finally:
                self._go_down()
            await asyncio.sleep(self._backoff.next_s())

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        self.conn += 1
        self._reader, self._heard = packets.Reader(), True
        self._stands, self._ended = loop.create_future(), loop.create_future()
        host, port = self._address
        async with asyncio.timeout(_CONNECT_S):
            await loop.create_connection(lambda: self, host, port, ssl=self._tls)
            will = self._will(self.conn) if self._will is not None else None
            self._write(packets.connect(self._client_id, self._keepalive_s, will, self._login))
            if not await self._stands:
                raise ConnectionError("the broker has hung up")
        loop.call_later(_STEADY_S, self._steady, self.conn)
        loop.call_later(self._keepalive_s / 2, self._ping, self.conn)

    def _steady(self, conn: int) -> None:
        if self.up and self.conn == conn:
            self._backoff.reset()

    def _ping(self, conn: int) -> None:
        if not self.up or self.conn != conn or self._transport is None:
            return
        if not self._heard:
            self._transport.abort()
            return
        self._heard = False
        self._write(packets.PINGREQ)
        asyncio.get_running_loop().call_later(self._keepalive_s / 2, self._ping, conn)

    def _go_down(self) -> None:
        if self._transport is not None:
            self._transport.abort()
            self._transport = None
        self._in_flight.clear()
        self._waiting.clear()
        if self.up:
            self.up = False
            for _, down in self._followers:
                down()

    # --- what asyncio tells -------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See `asyncio.Protocol`."""
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, error: Exception | None) -> None:
        """See `asyncio.Protocol`."""
        if not self._stands.done():
            self._stands.set_result(False)
        if not self._ended.done():
            self._ended.set_result(None)

    def data_received(self, data: bytes) -> None:
        """See `asyncio.Protocol`."""
        self._heard = True
        try:
            for packet in self._reader.feed(data):
                self._take(packet)
        except ValueError:
            if self._transport is not None:
                self._transport.abort()

    def _take(self, packet: packets.Packet) -> None:
        match packet.kind:
            case packets.CONNACK if packet.body[1:] == b"\0":
                self._subscribe()
            case packets.SUBACK:
                self._go_up()
            case packets.PUBACK:
                self._confirmed(packets.mid_of(packet))
            case packets.PUBLISH:
                self._received(packets.received(packet))
            case packets.PINGRESP:
                pass
            case kind:
                raise ValueError(f"a packet of kind {kind}, or a connection refused")

    def _subscribe(self) -> None:
        names = tuple(dict.fromkeys(name for name, _ in self._listeners))
        if names:
            self._write(packets.subscribe(self._next_mid(), names))
        else:
            self._go_up()

    def _go_up(self) -> None:
        if not self._stands.done():
            self._stands.set_result(True)
        self.up = True
        for up, _ in self._followers:
            up()

    def _confirmed(self, mid: int) -> None:
        confirmed = self._in_flight.pop(mid, None)
        self._hand_on()
        if confirmed is not None:
            confirmed(None)

    def _received(self, came: packets.Received) -> None:
        take = partial(self._receipt, self.conn, came.mid) if came.mid else _nothing
        for subscription, listener in self._listeners:
            if covers(subscription, came.topic):
                listener(Message(came.topic, came.payload, came.retained, take))

    def _receipt(self, conn: int, mid: int) -> None:
        if self.up and self.conn == conn:
            self._write(packets.puback(mid))

    def _hand_on(self) -> None:
        while self._waiting and len(self._in_flight) < WINDOW:
            topic, payload, retain, confirmed = self._waiting.popleft()
            mid = self._next_mid()
            self._in_flight[mid] = confirmed
            self._write(packets.publish(mid, topic, payload, retain))

    def _next_mid(self) -> int:
        self._mid = self._mid % _MIDS + 1
        while self._mid in self._in_flight:
            self._mid = self._mid % _MIDS + 1
        return self._mid

    def _write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)


def _nothing() -> None:
    """A message of quality of service 0 wants no receipt."""
