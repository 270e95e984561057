"""Publisher and backend over two links of their own: a journal on one side, a store on the other."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from support.broker_journal import LOCKER, STREAM, MemoryJournal
from support.keyring import device_keys, key_set, keyring

from controller.contract.broker import Broker
from controller.contract.topics import ANY, Topics
from controller.contract.wire_json import dumps
from controller.device.mqtt_link import MqttLink
from controller.device.outbox import Confirm, Outbox
from controller.device.presence import Identity, Nonces, Presence
from controller.device.publisher import Publisher
from controller.journal.writer import Writer
from controller.remote.carrier_store import CarrierStore
from controller.remote.custodian import Custodian
from controller.remote.key_set import KeySet
from controller.remote.notice import Notice

TOPICS = Topics("locker/v1", LOCKER)
DEADLINE_S = 60.0


class LockerEnd:
    """A journal, and what publishes it."""

    def __init__(self, broker: Broker) -> None:
        self.journal = MemoryJournal()
        self.acked = asyncio.Event()
        self.link = MqttLink(broker, f"locker-{LOCKER}", chance=random.Random(1).random, reply_timeout_s=2.0)
        names = iter(range(100_000))
        identity = Identity(41, STREAM, "1.4.2", dumps(device_keys().public()))
        nonces = Nonces(lambda: f"n{next(names)}")
        self.presence = Presence(self.link, TOPICS, identity, nonces, lambda: self.journal.head)
        self.publisher = Publisher(
            self.link,
            TOPICS,
            records=self.journal,
            outbox=Outbox(cursor=0, tail=0, moved=lambda _: self.acked.set()),
            stream=STREAM,
            keyring=keyring(),
            confirm=Confirm.BACKEND,
            tell=lambda _: None,
            went_round=lambda: None,
        )

    def fill(self, count: int) -> None:
        """Record so many events."""
        self.publisher.committed(self.journal.fill(count))

    async def until_acked(self, sequence: int, within_s: float = DEADLINE_S) -> None:
        """Wait until the backend has said that it has this record."""
        async with asyncio.timeout(within_s):
            while self.publisher.outbox.cursor < sequence:
                self.acked.clear()
                await self.acked.wait()


class CarrierEnd:
    """A backend on its store."""

    def __init__(self, broker: Broker, folder: Path, keys: KeySet | None = None) -> None:
        self.notices: list[Notice] = []
        self.store = CarrierStore(folder / "carrier.db")
        self.writer = Writer()
        self.link = MqttLink(broker, "backend", chance=random.Random(2).random, reply_timeout_s=2.0)
        self.custodian = Custodian(
            self.link,
            Topics("locker/v1", ANY),
            keys=keys or key_set(),
            store=self.store,
            runner=self.writer,
            device_keys={},
            tell=self.notices.append,
        )

    def held(self) -> list[bytes]:
        """Every record it has."""
        return list(self.store.records(LOCKER, STREAM))


@asynccontextmanager
async def both(locker: LockerEnd, carrier: CarrierEnd) -> AsyncIterator[None]:
    """Both ends at work."""
    runs = (carrier.link, carrier.custodian, locker.link, locker.publisher, locker.presence)
    tasks = [asyncio.create_task(it.run()) for it in runs]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        carrier.writer.stop()
        carrier.store.close()
