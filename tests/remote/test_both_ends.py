"""Publisher and backend with a real mosquitto between them, which is killed while they work."""

import asyncio
from pathlib import Path

import pytest
from support.both_ends import CarrierEnd, LockerEnd, both
from support.broker import Mosquitto
from support.on_a_loop import on_a_loop

from controller.contract.broker import Protocol
from controller.remote.notice import Kind

pytestmark = pytest.mark.timeout(120)


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
        assert locker.journal.reads < 100


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
