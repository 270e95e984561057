"""The link to the broker that keeps itself up: paho's thread on one side, the asyncio loop on the other.

It reconnects with jitter, keeps one window over all that is published, notices a broker that no longer answers, and
falls back from MQTT 5 to 3.1.1 where it must.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import assert_never

from controller.contract.broker import Broker, Protocol
from controller.contract.link import WINDOW, Confirmed, Message, WillFor
from controller.contract.topics import covers
from controller.device.backoff import Backoff
from controller.device.mqtt_connection import (
    UNSUPPORTED_PROTOCOL,
    Accepted,
    Connection,
    Ended,
    Fact,
    Published,
    Received,
    Subscribed,
)
from controller.device.pump import Pump

log = logging.getLogger(__name__)

REPLY_TIMEOUT_S = 10.0
"""A broker that owes an answer and says nothing for this long is gone, whatever TCP believes."""
_GOODBYE_S = 2.0
_STEADY_S = 2.0
"""After a connection that stood this long, the next attempt comes quickly."""


class MqttLink:
    """A `Link` over MQTT. Set it up, then `run` it; cancelling `run` closes it in order."""

    def __init__(
        self,
        broker: Broker,
        client_id: str,
        *,
        chance: Callable[[], float],
        persistent: bool = True,
        reply_timeout_s: float = REPLY_TIMEOUT_S,
    ) -> None:
        """`persistent`: the broker keeps for `client_id` what comes while we are away. `chance`: 0 to 1, evenly."""
        self.up = False
        self.conn = 0
        self.reason: str | None = "not tried yet"
        """Why the link is down, None when it is up."""
        self._broker = broker
        self._client_id = client_id
        self._persistent = persistent
        self._reply_timeout_s = reply_timeout_s
        self._backoff = Backoff(chance)
        self._listeners: list[tuple[str, Callable[[Message], None]]] = []
        self._followers: list[tuple[Callable[[], None], Callable[[], None]]] = []
        self._will: WillFor | None = None
        self._refuses_5 = False
        self._speaks_5 = broker.protocol is not Protocol.V311
        self._connection: Connection | None = None
        self._ended: asyncio.Future[Ended] | None = None
        self._window = WINDOW
        self._in_flight: dict[int, Confirmed | None] = {}
        self._waiting: deque[tuple[str, bytes, bool, Confirmed | None]] = deque()
        self._owed_since: float | None = None

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
        pump: Pump[tuple[Connection, Fact]] = Pump(asyncio.get_running_loop(), self._learn)
        while True:
            ended = await self._connect_once(pump)
            if ended.reason != self.reason:
                self.reason = ended.reason
                log.warning("no link to the broker at %s:%d: %s", self._broker.host, self._broker.port, ended.reason)
            self._choose_protocol(ended)
            await asyncio.sleep(self._backoff.next_s())

    async def _connect_once(self, pump: Pump[tuple[Connection, Fact]]) -> Ended:
        self.conn += 1
        will = self._will(self.conn) if self._will is not None else None
        try:
            connection = Connection(self._broker, self._client_id, self._speaks_5, self._persistent, will, pump.post)
        except OSError as error:
            return Ended(f"its certificate or password files cannot be used: {error}")
        loop = asyncio.get_running_loop()
        self._connection, self._ended = connection, loop.create_future()
        self._owed_since = loop.time()
        watch = asyncio.create_task(self._watch(connection))
        connection.open()
        try:
            return await self._ended
        except asyncio.CancelledError:
            connection.disconnect()
            await asyncio.to_thread(connection.join, _GOODBYE_S)
            raise
        finally:
            watch.cancel()
            self._connection = None
            self._go_down()
            connection.abandon()

    async def _watch(self, connection: Connection) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(self._reply_timeout_s / 4)
            if connection.thread_died:
                self._end(Ended("the network thread died"))
            elif self._owed_since is not None and loop.time() - self._owed_since > self._reply_timeout_s:
                self._end(Ended(f"it owed an answer for {self._reply_timeout_s:g} s"))

    def _end(self, ended: Ended) -> None:
        if self._ended is not None and not self._ended.done():
            self._ended.set_result(ended)

    def _choose_protocol(self, ended: Ended) -> None:
        if self._broker.protocol is not Protocol.AUTO:
            return
        if self._speaks_5 and ended.reason == UNSUPPORTED_PROTOCOL:
            self._refuses_5 = True
        self._speaks_5 = not self._refuses_5 and not (self._speaks_5 and ended.wordless)

    # --- what the network thread tells --------------------------------------------------------------

    def _learn(self, told: tuple[Connection, Fact]) -> None:
        connection, fact = told
        if connection is not self._connection:
            return
        self._owed_since = asyncio.get_running_loop().time()
        match fact:
            case Accepted(window=window):
                self._window = min(WINDOW, window)
                if self._listeners:
                    connection.subscribe(tuple(dict.fromkeys(name for name, _ in self._listeners)))
                else:
                    self._go_up()
            case Subscribed(refusals=refusals):
                self._subscribed(refusals)
            case Published(mid=mid, refusal=refusal):
                self._published(mid, refusal)
            case Received():
                self._received(connection, fact)
            case Ended():
                self._end(fact)
            case _:
                assert_never(fact)
        if self.up and not self._in_flight:
            self._owed_since = None

    def _subscribed(self, refusals: tuple[str | None, ...]) -> None:
        for name, refusal in zip(dict.fromkeys(name for name, _ in self._listeners), refusals, strict=False):
            if refusal is not None:
                log.error("the broker refuses the subscription to %s: %s", name, refusal)
        if not self.up:
            self._go_up()

    def _published(self, mid: int, refusal: str | None) -> None:
        confirmed = self._in_flight.pop(mid, None)
        self._hand_on()
        if confirmed is not None:
            confirmed(refusal)

    def _received(self, connection: Connection, received: Received) -> None:
        take = connection.receipt(received.mid) if received.mid else _nothing
        message = Message(received.topic, received.payload, received.retained, take)
        listeners = [listener for subscription, listener in self._listeners if covers(subscription, received.topic)]
        for listener in listeners:
            listener(message)
        if not listeners:
            message.take()  # left over from a subscription of an earlier release

    def _go_up(self) -> None:
        self.up, self.reason = True, None
        asyncio.get_running_loop().call_later(_STEADY_S, self._steady, self.conn)
        log.info("link to the broker at %s:%d is up, connection %d", self._broker.host, self._broker.port, self.conn)
        for up, _ in self._followers:
            up()

    def _go_down(self) -> None:
        self._in_flight.clear()
        self._waiting.clear()
        if self.up:
            self.up = False
            for _, down in self._followers:
                down()

    def _steady(self, conn: int) -> None:
        if self.up and self.conn == conn:
            self._backoff.reset()

    def _hand_on(self) -> None:
        while self._connection is not None and self._waiting and len(self._in_flight) < self._window:
            topic, payload, retain, confirmed = self._waiting.popleft()
            mid = self._connection.publish(topic, payload, retain)
            if mid is None:
                return  # the connection is going down, and `Ended` is on its way
            if self._owed_since is None:
                self._owed_since = asyncio.get_running_loop().time()
            self._in_flight[mid] = confirmed


def _nothing() -> None:
    """A message of quality of service 0 wants no receipt."""
