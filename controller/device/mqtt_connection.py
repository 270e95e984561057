"""One connection to a broker: one paho client and its thread, used once and never again.

A client that is never used twice carries nothing over: no message of an earlier connection is sent again behind our
back, no packet id can acknowledge another connection's message, the will is this connection's own, and a change of
the protocol is nothing special. paho calls back under its own locks and in its own thread, and an exception there ends
that thread without a word; so callbacks only put a fact into the pump, and whether the thread lives is looked at.
"""

import logging
import socket
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from controller.contract.broker import Broker, tls_fault

log = logging.getLogger(__name__)

KEEPALIVE_S = 20
SESSION_EXPIRY_S = 14 * 24 * 3600
"""As long as the longest command lives, the broker keeps our commands while we are away."""
UNSUPPORTED_PROTOCOL = "Unsupported protocol version"
_MOST_UNTAKEN = 256
_TCP_PATIENCE_MS = 15_000


@dataclass(frozen=True, slots=True)
class Accepted:
    """The broker took the connection and will have at most `window` messages of ours unconfirmed."""

    window: int


@dataclass(frozen=True, slots=True)
class Subscribed:
    """The broker answered the subscriptions, in their order; None where it took one, else why not."""

    refusals: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """The broker answered a message: it took it, or `refusal` says why not."""

    mid: int
    refusal: str | None


@dataclass(frozen=True, slots=True)
class Received:
    """A message came."""

    topic: str
    payload: bytes
    retained: bool
    mid: int
    """0 for a message that wants no receipt."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The connection is over, or never came to be."""

    reason: str
    wordless: bool = False
    """The broker hung up before its first word of MQTT, as some do that do not speak our version."""


Fact = Accepted | Subscribed | Published | Received | Ended
Post = Callable[[tuple["Connection", Fact]], None]


@dataclass(slots=True)
class _Receipt:
    mid: int
    given: bool = False


class Connection:
    """From the first packet to the last of one connection. Its methods belong to the loop's thread."""

    def __init__(
        self,
        broker: Broker,
        client_id: str,
        speaks_5: bool,
        persistent: bool,
        will: tuple[str, bytes] | None,
        post: Post,
    ) -> None:
        """Raises OSError where the files of certificates or the password cannot be read."""
        self.speaks_5 = speaks_5
        self._post = post
        self._persistent = persistent
        self._thread: threading.Thread | None = None
        self._abandoned = False
        self._spoke = False
        self._tls_fault: str | None = None
        self._untaken: deque[_Receipt] = deque()
        self._client = self._new_client(client_id)
        if will is not None:
            topic, payload = will
            self._client.will_set(topic, payload, qos=1, retain=True)
        if broker.tls:
            self._client.tls_set_context(broker.tls_context(self._tls_failed))
        if broker.username is not None:
            self._client.username_pw_set(broker.username, broker.password())
        self._address = (broker.host, broker.port)

    def _new_client(self, client_id: str) -> Client:
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id,
            clean_session=None if self.speaks_5 else not self._persistent,
            protocol=MQTTProtocolVersion.MQTTv5 if self.speaks_5 else MQTTProtocolVersion.MQTTv311,
            reconnect_on_failure=False,
            manual_ack=True,
        )
        client.max_inflight_messages = 0  # the window is the link's, over all that is published
        client.reconnect_delay_set(0, 0)
        client.on_pre_connect = self._on_pre_connect
        client.on_socket_open = self._on_socket_open
        client.on_connect = self._on_connect
        client.on_connect_fail = self._on_connect_fail
        client.on_disconnect = self._on_disconnect
        client.on_subscribe = self._on_subscribe
        client.on_publish = self._on_publish
        client.on_message = self._on_message
        return client

    def open(self) -> None:
        """Begin; what comes of it is posted."""
        properties = None
        if self.speaks_5:
            properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho left it bare
            properties.ReceiveMaximum = _MOST_UNTAKEN
            if self._persistent:
                properties.SessionExpiryInterval = SESSION_EXPIRY_S
        host, port = self._address
        self._client.connect_async(host, port, KEEPALIVE_S, clean_start=not self._persistent, properties=properties)
        self._client.loop_start()

    def subscribe(self, subscriptions: Sequence[str]) -> None:
        """Ask for these; with MQTT 5 so that what is published to be retained arrives marked as such."""
        if self.speaks_5:
            self._client.subscribe([(name, SubscribeOptions(qos=1, retainAsPublished=True)) for name in subscriptions])
        else:
            self._client.subscribe([(name, 1) for name in subscriptions])

    def publish(self, topic: str, payload: bytes, retain: bool) -> int | None:
        """The packet id under which the broker will answer; None when the connection is going down."""
        info = self._client.publish(topic, payload, qos=1, retain=retain)
        return info.mid if info.rc == MQTTErrorCode.MQTT_ERR_SUCCESS else None

    def receipt(self, mid: int) -> Callable[[], None]:
        """What acknowledges a message that was just received; once, in this connection alone, and in the order in
        which the messages came, as MQTT demands.
        """
        receipt = _Receipt(mid)
        self._untaken.append(receipt)
        return partial(self._take, receipt)

    def _take(self, receipt: "_Receipt") -> None:
        receipt.given = True
        while not self._abandoned and self._untaken and self._untaken[0].given:
            self._client.ack(self._untaken.popleft().mid, 1)

    @property
    def thread_died(self) -> bool:
        """Whether the network thread is gone; when it ended in order, `Ended` is on its way as well."""
        return self._thread is not None and not self._thread.is_alive()

    def disconnect(self) -> None:
        """Say goodbye, so that the broker does not publish the will."""
        self._client.disconnect()

    def abandon(self) -> None:
        """Post nothing from here on, and have the thread end, however stuck its socket is."""
        self._abandoned = True
        stuck = self._client.socket()
        if isinstance(stuck, socket.socket):
            try:
                socket.socket.shutdown(stuck, socket.SHUT_RDWR)
            except OSError as error:
                log.debug("the socket was closed already: %s", error)

    def join(self, timeout_s: float) -> None:
        """Wait for the thread to end. Blocks."""
        if self._thread is not None:
            self._thread.join(timeout_s)

    # --- called by paho, in its thread ------------------------------------------------------------

    def _tell(self, fact: Fact) -> None:
        if not self._abandoned:
            self._post((self, fact))

    def _tls_failed(self, error: OSError) -> None:
        self._tls_fault = tls_fault(error)

    def _on_pre_connect(self, client: Client, userdata: Any) -> None:
        self._thread = threading.current_thread()

    def _on_socket_open(self, client: Client, userdata: Any, sock: Any) -> None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 10)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 5)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 2)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _TCP_PATIENCE_MS)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._abandoned:
            socket.socket.shutdown(sock, socket.SHUT_RDWR)

    def _on_connect(
        self, client: Client, userdata: Any, flags: ConnectFlags, reason: ReasonCode, properties: Properties | None
    ) -> None:
        self._spoke = True
        if reason.is_failure:
            self._tell(Ended(str(reason)))
        else:
            self._tell(Accepted(getattr(properties, "ReceiveMaximum", 65535)))

    def _on_connect_fail(self, client: Client, userdata: Any) -> None:
        self._tell(Ended(self._tls_fault or "it cannot be reached"))

    def _on_disconnect(
        self, client: Client, userdata: Any, flags: DisconnectFlags, reason: ReasonCode, properties: Properties | None
    ) -> None:
        if self._tls_fault is not None:
            self._tell(Ended(self._tls_fault))
        else:
            self._tell(Ended(str(reason), wordless=not self._spoke))

    def _on_subscribe(
        self, client: Client, userdata: Any, mid: int, reasons: list[ReasonCode], properties: Properties | None
    ) -> None:
        self._tell(Subscribed(tuple(str(reason) if reason.is_failure else None for reason in reasons)))

    def _on_publish(
        self, client: Client, userdata: Any, mid: int, reason: ReasonCode, properties: Properties | None
    ) -> None:
        self._tell(Published(mid, str(reason) if reason.is_failure else None))

    def _on_message(self, client: Client, userdata: Any, message: MQTTMessage) -> None:
        self._tell(Received(message.topic, bytes(message.payload), message.retain, message.mid))
