"""Publisher and backend with a real mosquitto between them, which is killed while they work."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from support.broker import Mosquitto
from support.broker_journal import LOCKER, STREAM, MemoryJournal
from support.keyring import device_keys, key_set, keyring
from support.on_a_loop import on_a_loop

from controller.contract.broker import Broker, Protocol
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
from controller.remote.notice import Kind, Notice

pytestmark = pytest.mark.timeout(120)
TOPICS = Topics("locker/v1", LOCKER)
DEADLINE_S = 60.0


class LockerEnd:
    """A journal, and what publishes it."""

    def __init__(self, broker: Broker) -> None:
        self.journal = MemoryJournal()
        self.acked = asyncio.Event()
        self.link = MqttLink(broker, LOCKER, chance=random.Random(1).random, reply_timeout_s=2.0)
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
        )

    def fill(self, count: int) -> None:
        """Record so many events."""
        self.publisher.committed(self.journal.fill(count))

    async def until_acked(self, sequence: int) -> None:
        """Wait until the backend has said that it has this record."""
        async with asyncio.timeout(DEADLINE_S):
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


@pytest.mark.parametrize("protocol", [Protocol.V5, Protocol.V311])
@on_a_loop
async def test_a_broker_killed_in_mid_stream_loses_nothing_and_changes_no_order(
    mosquitto: Mosquitto, tmp_path: Path, protocol: Protocol
) -> None:
    broker = mosquitto.speaking(protocol)
    locker, carrier = LockerEnd(broker), CarrierEnd(broker, tmp_path)
    async with both(locker, carrier):
        for kills in range(1, 3):
            for _ in range(10):
                locker.fill(50)
                await asyncio.sleep(0)
            await locker.until_acked(kills * 500 - 400)
            mosquitto.kill()
            mosquitto.start()
        await locker.until_acked(1000)
        everything = [record.bytes for record in locker.journal.records]
        assert carrier.held() == everything
        repeated = sum(stream.repeated for stream in carrier.custodian.streams)
    records = [notice for notice in carrier.notices if notice.kind is Kind.RECORD]

    assert len(records) == 1000
    assert repeated < 2000
    assert [notice for notice in carrier.notices if notice.kind in (Kind.BROKEN, Kind.STRANGE)] == []


@on_a_loop
async def test_a_backlog_of_thousands_goes_out_within_the_windows(mosquitto: Mosquitto, tmp_path: Path) -> None:
    locker, carrier = LockerEnd(mosquitto.address), CarrierEnd(mosquitto.address, tmp_path)
    locker.fill(5000)
    async with both(locker, carrier):
        await locker.until_acked(5000)
        assert carrier.held() == [record.bytes for record in locker.journal.records]
        assert locker.journal.reads < 200


@on_a_loop
async def test_a_backend_that_died_and_came_back_misses_nothing(mosquitto: Mosquitto, tmp_path: Path) -> None:
    locker, carrier = LockerEnd(mosquitto.address), CarrierEnd(mosquitto.address, tmp_path)
    locker.fill(300)
    running = [asyncio.create_task(it.run()) for it in (locker.link, locker.publisher, locker.presence)]
    backend = [asyncio.create_task(it.run()) for it in (carrier.link, carrier.custodian)]
    await locker.until_acked(100)
    for task in backend:
        task.cancel()
    await asyncio.gather(*backend, return_exceptions=True)
    carrier.writer.stop()
    carrier.store.close()
    locker.fill(300)
    again = CarrierEnd(mosquitto.address, tmp_path)
    backend = [asyncio.create_task(it.run()) for it in (again.link, again.custodian)]
    await locker.until_acked(600)
    for task in (*running, *backend):
        task.cancel()
    await asyncio.gather(*running, *backend, return_exceptions=True)

    assert again.held() == [record.bytes for record in locker.journal.records]
    again.writer.stop()
    again.store.close()
