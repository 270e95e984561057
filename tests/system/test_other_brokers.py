"""The locker's and the carrier's ends on RabbitMQ and NATS, with the shipped files, through kills of the broker."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from support.both_ends import CarrierEnd, LockerEnd, both
from support.on_a_loop import eventually, on_a_loop
from support.other_brokers import Nats, OtherBroker, RabbitMq
from support.parties import MINE, OTHERS, Party, together

from controller.contract.topics import Topics
from controller.remote.notice import Kind

pytestmark = pytest.mark.timeout(900)
KILLS = 5
RECORDS = 10_000
RECOVERY_S = 240.0
"""RabbitMQ takes half a minute to start on a busy machine, and the links come back to it with growing pauses."""


@pytest.fixture(params=["nats", "rabbitmq"])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OtherBroker]:
    if request.param == "nats":
        nats = Nats(tmp_path)
        nats.start()
        yield nats
        nats.close()
    else:
        rabbit = RabbitMq(tmp_path)
        try:
            rabbit.start()
            rabbit.add_lockers()
            yield rabbit
        finally:
            rabbit.close()


@on_a_loop
async def test_none_of_10000_records_is_lost_with_a_broker_killed_five_times(
    broker: OtherBroker, tmp_path: Path
) -> None:
    locker = LockerEnd(broker.as_seen_by("L0042"))
    carrier = CarrierEnd(broker.as_seen_by("backend"), tmp_path)
    share = RECORDS // KILLS
    async with both(locker, carrier):
        for kill in range(KILLS):
            locker.fill(share)
            await locker.until_acked(kill * share + share // 2, RECOVERY_S)
            broker.kill()
            broker.start()
        await locker.until_acked(RECORDS, RECOVERY_S)
        held = carrier.held()
        repeated = sum(stream.repeated for stream in carrier.custodian.streams)
    records = [notice for notice in carrier.notices if notice.kind is Kind.RECORD]

    assert held == [record.bytes for record in locker.journal.records]
    assert len(records) == RECORDS
    assert [notice for notice in carrier.notices if notice.kind in (Kind.BROKEN, Kind.STRANGE)] == []
    print(f"\n{type(broker).__name__}: {KILLS} kills, {RECORDS} records in order, {repeated} of them seen again")


@asynccontextmanager
async def trying(*parties: Party) -> AsyncIterator[None]:
    """These try to connect; what they want may well keep them out. Each has tried twice when the block begins."""
    tasks = [asyncio.create_task(party.link.run()) for party in parties]
    await eventually(lambda: all(party.link.conn >= 2 for party in parties))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def say_at_last(party: Party, topic: str, payload: bytes) -> None:
    """Say it again and again until one connection has confirmed it."""
    confirmed = asyncio.Event()
    while not confirmed.is_set():
        await party.up()
        party.link.publish(topic, payload, confirmed=lambda _: confirmed.set())
        with suppress(TimeoutError):
            async with asyncio.timeout(3):
                await confirmed.wait()


@on_a_loop
async def test_nobody_says_or_hears_what_is_not_theirs(broker: OtherBroker) -> None:
    everyone = Topics("locker/v1", "+")
    locker = Party(broker.as_seen_by("L0042"), "locker-L0042", MINE.commands, MINE.ack)
    backend = Party(broker.as_seen_by("backend"), "backend", everyone.events)
    async with together(locker, backend):
        await locker.say(MINE.events, b"mine")
        await backend.say(MINE.commands, b"for L0042")
        await backend.heard(1)
        await locker.heard(1)
        locker.link.publish(OTHERS.events, b"forged")  # RabbitMQ hangs up, NATS says nothing
        await say_at_last(locker, MINE.events, b"mine again")
        await backend.heard(2)
    other = Party(broker.as_seen_by("L0043"), "locker-L0043", OTHERS.commands)
    spies = [Party(broker.as_seen_by("L0043"), name, MINE.commands) for name in ("spy", "locker-L0042")]
    async with together(other, backend), trying(*spies):
        await backend.say(MINE.commands, b"for L0042 again")
        await backend.say(OTHERS.commands, b"for L0043")
        await other.heard(1)

    assert set(backend.got) == {b"mine", b"mine again"}
    assert set(locker.got) == {b"for L0042"}
    assert set(other.got) == {b"for L0043"}
    assert [spy.got for spy in spies] == [[], []]
