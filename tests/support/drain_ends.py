"""The far ends of the drain bench, each a process of its own: `python -m support.drain_ends count|acknowledge …`.

Both subscribe to one locker's events with bare paho, say `ready`, and write one JSON line when
the last record is there.
"""

import hashlib
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from controller.contract.ack import Ack, make_ack
from controller.domain.ids import Role
from controller.remote.key_set import KeySet

ACK_EVERY = 100
WINDOW = 100


@dataclass(slots=True)
class Received:
    """What came so far."""

    until: int
    """The sequence of the last record there is."""
    count: int = 0
    first_at: float = 0.0
    last_at: float = 0.0

    def came(self) -> bool:
        """Note one more; whether it was the last."""
        self.count += 1
        self.last_at = time.monotonic()
        if self.count == 1:
            self.first_at = self.last_at
        return self.count >= self.until

    def line(self) -> str:
        """For the bench."""
        return json.dumps({"records": self.count, "seconds": self.last_at - self.first_at})


def client(port: int, name: str) -> mqtt.Client:
    """A connection with a window of its own."""
    made = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=name, protocol=mqtt.MQTTv5)
    made.max_inflight_messages_set(WINDOW)
    made.connect("127.0.0.1", port)
    return made


def count(port: int, topic: str, until: int) -> None:
    """Take in `until` messages."""
    received = Received(until)
    _listen(client(port, "counter"), topic, lambda _link, _payload: received.came())
    _say(received.line())


def acknowledge(port: int, topic: str, until: int, keys: Path) -> None:
    """Take in a stream whose records come in order, and acknowledge it as the custodian does."""
    key = KeySet.load(keys).signing(Role.CUSTODIAN)
    received = Received(until)
    owed: list[mqtt.MQTTMessageInfo] = []

    def came(link: mqtt.Client, payload: bytes) -> bool:
        over = received.came()
        record = json.loads(payload)
        sequence = int(record["sequence"])
        assert sequence == received.count, f"record {sequence} came as number {received.count}"
        if over or sequence % ACK_EVERY == 0:
            ack = Ack(record["stream"], sequence, hashlib.sha256(payload).digest())
            owed.append(link.publish(topic.replace("/events", "/ack"), make_ack(ack, key), qos=1))
        return over

    link = client(port, "custodian")
    _listen(link, topic, came)
    while not all(ack.is_published() for ack in owed):
        link.loop(0.1)
    _say(received.line())


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _listen(link: mqtt.Client, topic: str, came: Callable[[mqtt.Client, bytes], bool]) -> None:
    over = False

    def on_message(this: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        nonlocal over
        over = came(this, bytes(message.payload))

    def on_subscribe(*_: object) -> None:
        _say("ready")

    link.on_message, link.on_subscribe = on_message, on_subscribe
    link.subscribe(topic, qos=1)
    while not over:
        link.loop(1.0)


if __name__ == "__main__":
    role, port, topic, until, *more = sys.argv[1:]
    if role == "count":
        count(int(port), topic, int(until))
    else:
        acknowledge(int(port), topic, int(until), Path(more[0]))
