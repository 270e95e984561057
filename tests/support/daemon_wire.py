"""A stranger at the broker: sees every message of one locker, and may say anything, good or bad."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, NamedTuple

from joserfc.jwk import OKPKey
from paho.mqtt.client import Client, ConnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from support.daemon import DEADLINE_S
from support.daemon_premises import CARRIER, LOCKER, Premises
from support.wire_check import complaints

from controller.contract.command import make_command
from controller.contract.topics import DEFAULT_ROOT, Topics
from controller.domain.commands import Command
from controller.domain.ids import Jti, Role, WallMs
from controller.remote.carrier_desk import Issuer
from controller.remote.key_set import KeySet

_LOOK_S = 0.1
TOPICS = Topics(DEFAULT_ROOT, LOCKER)
_SAID_HERE = (TOPICS.commands, TOPICS.ack, TOPICS.config_desired)


class Heard(NamedTuple):
    """One message."""

    topic: str
    payload: bytes
    retained: bool


class Wire:
    """A client of the broker, which comes back whenever the broker does."""

    def __init__(self, site: Premises) -> None:
        self.heard: list[Heard] = []
        self._changed = threading.Condition()
        self._client = Client(
            CallbackAPIVersion.VERSION2, f"{LOCKER}-witness", protocol=MQTTProtocolVersion.MQTTv5, clean_session=None
        )
        self._client.reconnect_delay_set(1, 1)
        self._client.on_connect = self._on_connect
        self._client.on_message = self._on_message
        self._client.connect("127.0.0.1", site.broker_port, keepalive=30)
        self._client.loop_start()

    def close(self) -> None:
        """Leave."""
        self._client.disconnect()
        self._client.loop_stop()

    def say(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Publish, and wait until the broker has it."""
        self._client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(DEADLINE_S)

    def wait_for(self, met: Callable[[Heard], bool], what: str, limit_s: float = DEADLINE_S) -> Heard:
        """The first message that meets the wish, heard already or by the limit. Raises AssertionError."""
        with self._changed:
            found = self._changed.wait_for(lambda: next(filter(met, self.heard), None), limit_s)
        assert found is not None, f"{what} was not said on the broker within {limit_s:g} s"
        return found

    def result_of(self, jti: str, limit_s: float, in_vain: Callable[[], bool]) -> dict[str, Any] | None:
        """What the locker made of a command; None when it has not said by the limit, or will not any more."""
        give_up = time.monotonic() + limit_s
        with self._changed:
            while time.monotonic() < give_up and not in_vain():
                found = next((result for result in self.results() if result["jti"] == jti), None)
                if found is not None:
                    return found
                self._changed.wait(_LOOK_S)
        return None

    def results(self) -> list[dict[str, Any]]:
        """Every result so far."""
        return [json.loads(heard.payload) for heard in list(self.heard) if heard.topic == TOPICS.results]

    def records(self) -> list[bytes]:
        """Every record as it was published, repetitions included."""
        return [heard.payload for heard in list(self.heard) if heard.topic == TOPICS.events]

    def _on_connect(
        self, client: Client, userdata: Any, flags: ConnectFlags, reason: ReasonCode, properties: Properties | None
    ) -> None:
        client.subscribe(f"{DEFAULT_ROOT}/{LOCKER}/#", qos=1)

    def _on_message(self, client: Client, userdata: Any, message: MQTTMessage) -> None:
        with self._changed:
            self.heard.append(Heard(message.topic, bytes(message.payload), message.retain))
            self._changed.notify_all()


@contextmanager
def a_wire(site: Premises) -> Iterator[Wire]:
    """A stranger at the site's broker, from here to the end of the block.

    Whatever the locker and the carrier said must be as the contract prints it; commands here are bad on purpose.
    """
    wire = Wire(site)
    try:
        yield wire
    finally:
        wire.close()
    found = complaints((topic, payload) for topic, payload, _ in wire.heard if topic not in _SAID_HERE)
    assert found == [], found


class Pen:
    """Signs what the carrier's people sign, in good form unless told otherwise."""

    def __init__(self, keys: KeySet, now: Callable[[], WallMs]) -> None:
        self._keys = keys
        self._now = now
        self._numbers = count(now())

    def order(
        self,
        command: Command,
        role: Role = Role.CARRIER,
        *,
        locker: str = LOCKER,
        age_s: int = 0,
        lifetime_s: int | None = None,
        counted: bool = True,
        nonce: str | None = None,
    ) -> tuple[Jti, bytes]:
        """A signed command made `age_s` ago, and its id."""
        number = next(self._numbers)
        jti = Jti(f"{role.value}-{number}")
        token = make_command(
            command,
            key=self.key(role),
            issuer=CARRIER,
            locker=locker,
            jti=jti,
            at=WallMs(self._now() - age_s * 1000),
            lifetime_s=lifetime_s,
            ctr=number if counted else None,
            nonce=nonce,
        )
        return jti, token.encode()

    def key(self, role: Role) -> OKPKey:
        """The private key of this role."""
        return self._keys.signing(role)

    def issuer(self) -> Issuer:
        """Makes badges and passes."""
        return Issuer(self._keys, self._now, lambda: f"shown-{next(self._numbers)}")
