"""Clients of one broker under whatever names they claim, and what they may say and hear."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from controller.contract.broker import Broker
from controller.contract.topics import Topics
from controller.device.mqtt_link import MqttLink

DEADLINE_S = 20.0
MINE, OTHERS = Topics("locker/v1", "L0042"), Topics("locker/v1", "L0043")


class Party:
    """One client, under whatever name it claims."""

    def __init__(self, broker: Broker, client_id: str, *wants: str) -> None:
        self.link = MqttLink(broker, client_id, chance=random.Random(3).random, reply_timeout_s=5.0)
        self.got: list[bytes] = []
        self.ups = 0
        self._news = asyncio.Event()
        for wanted in wants:
            self.link.subscribe(wanted, lambda message: self._hear(message.payload))
        self.link.follow(self._up, self._news.set)

    def _hear(self, payload: bytes) -> None:
        self.got.append(payload)
        self._news.set()

    def _up(self) -> None:
        self.ups += 1
        self._news.set()

    async def heard(self, count: int) -> None:
        """Wait for so many messages."""
        async with asyncio.timeout(DEADLINE_S):
            while len(self.got) < count:
                self._news.clear()
                await self._news.wait()

    async def ups_reach(self, count: int) -> None:
        """Wait until the link has come up so many times."""
        async with asyncio.timeout(DEADLINE_S):
            while self.ups < count:
                self._news.clear()
                await self._news.wait()

    async def up(self) -> None:
        """Wait until the link is up."""
        async with asyncio.timeout(DEADLINE_S):
            while not self.link.up:
                self._news.clear()
                await self._news.wait()

    async def say(self, topic: str, payload: bytes = b"x") -> str | None:
        """Publish; the broker's answer."""
        answer: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        assert self.link.publish(topic, payload, confirmed=answer.set_result)
        async with asyncio.timeout(DEADLINE_S):
            return await answer


@asynccontextmanager
async def together(*parties: Party) -> AsyncIterator[None]:
    """All of them connected."""
    tasks = [asyncio.create_task(party.link.run()) for party in parties]
    try:
        for party in parties:
            await party.up()
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
