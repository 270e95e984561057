"""Many simulated lockers on one loop, at a rate that holds for all of them together."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from controller.cli.crowd.simulated_locker import SimulatedLocker
from controller.cli.crowd.thin_link import ThinLink
from controller.contract.broker import Broker
from controller.contract.keys import Keyring
from controller.contract.topics import Topics
from controller.contract.wire_json import JsonObject

CONNECTING = 200
"""Links that may be connecting at a time."""
STEP_S = 0.05
HEALTH_S = 60.0


@dataclass(frozen=True, slots=True)
class Tally:
    """How it stands."""

    lockers: int
    online: int
    made: int
    """Records so far."""
    acknowledged: int
    connections: int
    """Tried so far."""
    forks: int

    @property
    def backlog(self) -> int:
        """Records that nobody has acknowledged."""
        return self.made - self.acknowledged

    def members(self) -> JsonObject:
        """For programs."""
        return {
            "lockers": self.lockers,
            "online": self.online,
            "made": self.made,
            "acknowledged": self.acknowledged,
            "backlog": self.backlog,
            "connections": self.connections,
            "forks": self.forks,
        }


class Crowd:
    """Made on the loop that it runs on."""

    def __init__(self, broker: Broker, root: str, count: int, keyring: Keyring | None, prefix: str = "S") -> None:
        """Raises ValueError for a prefix that no locker's id can have, OSError where the broker's files are no good."""
        turns = asyncio.Semaphore(CONNECTING)
        self._moved, self._all_online = asyncio.Event(), asyncio.Event()
        self._online = 0
        self._started_s = time.monotonic()
        self.lockers: list[SimulatedLocker] = []
        for number in range(count):
            topics = Topics(root, f"{prefix}{number:05d}")
            link = ThinLink(broker, f"locker-{topics.locker}", chance=random.random, turns=turns)
            link.follow(self._one_came, self._one_went)
            self.lockers.append(SimulatedLocker(number, link, topics, keyring, self._moved.set))

    def tally(self) -> Tally:
        """How it stands now."""
        return Tally(
            lockers=len(self.lockers),
            online=self._online,
            made=sum(locker.head.sequence for locker in self.lockers),
            acknowledged=sum(locker.outbox.cursor for locker in self.lockers),
            connections=sum(locker.link.conn for locker in self.lockers),
            forks=sum(locker.forks for locker in self.lockers),
        )

    async def all_online(self) -> None:
        """Wait until every locker is online at the same time."""
        await self._all_online.wait()

    async def settled(self) -> None:
        """Wait until every record is acknowledged."""
        while any(locker.outbox.depth for locker in self.lockers):
            self._moved.clear()
            await self._moved.wait()
            await asyncio.sleep(STEP_S)  # many move at once, and all are looked at

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[None]:
        """All of them at work, from here to the end of the block; nothing happens to them of itself."""
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(work) for locker in self.lockers for work in _works(locker)]
            tasks.append(group.create_task(self._report_health()))
            try:
                yield
            finally:
                for task in tasks:
                    task.cancel()

    async def live(self, rate: float, until: Callable[[], bool]) -> None:
        """Let `rate` things a second happen, to one after the other, until `until` says so."""
        order, owed, before = self._turns(), 0.0, time.monotonic()
        while not until():
            await asyncio.sleep(STEP_S)
            now = time.monotonic()
            owed, before = owed + rate * (now - before), now
            for _ in range(int(owed)):
                next(order).live(self._started_s)
            owed -= int(owed)

    def _one_came(self) -> None:
        self._online += 1
        if self._online == len(self.lockers):
            self._all_online.set()

    def _one_went(self) -> None:
        self._online -= 1
        self._all_online.clear()

    def _turns(self) -> Iterator[SimulatedLocker]:
        while True:
            yield from random.sample(self.lockers, len(self.lockers))

    async def _report_health(self) -> None:
        """Everybody once a minute, evenly spread over it."""
        pause = HEALTH_S / max(1, len(self.lockers))
        owed, before = 0.0, time.monotonic()
        order = self._turns()
        while True:
            await asyncio.sleep(max(STEP_S, pause))
            now = time.monotonic()
            owed, before = owed + (now - before) / pause, now
            for _ in range(int(owed)):
                next(order).report_health()
            owed -= int(owed)


def _works(locker: SimulatedLocker) -> tuple[Coroutine[None, None, None], ...]:
    return (locker.link.run(), locker.presence.run(), locker.publisher.run())
