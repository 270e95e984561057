"""The configuration from afar against a real engine, over a broker in memory and on virtual time."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from support.broker_memory import MemoryBroker
from support.heart import Heart
from support.keyring import key_set, keyring
from support.locker_folder import make_folder
from support.virtual_loop import run_virtual

from controller.contract.desired_config import make_config
from controller.contract.link import Message
from controller.contract.topics import Topics
from controller.device.config_desk import ConfigDesk
from controller.device.configuration import configuration
from controller.device.engine import Unavailable
from controller.device.settings import Settings, load
from controller.device.settings_errors import Problem
from controller.domain.answers import Answer
from controller.domain.events import ConfigAccepted, ConfigRefused, Event
from controller.domain.inputs import DeadlinePassed, Input

LOCKER = "L0042"
TOPICS = Topics("locker/v1", LOCKER)
HOUR, DAY, SECOND = ("[policy]\nhold_s = 3600\n", "[policy]\nhold_s = 86400\n", "[policy]\nhold_s = 1\n")


async def here(work: Callable[[], tuple[Problem, ...]]) -> tuple[Problem, ...]:
    """Threads know nothing of virtual time."""
    return work()


class Scene:
    """A locker that can be configured, and an operator."""

    def __init__(self, own: Settings) -> None:
        self.heart = Heart()
        self.broker = MemoryBroker()
        self.link = self.broker.link(LOCKER)
        self.operator = self.broker.link("operator")
        self.operator.subscribe(TOPICS.config_reported, self._hear)
        self.reports: list[dict[str, Any]] = []
        self.asked: list[Input] = []
        self.unavailable = 0
        self.desk = ConfigDesk(
            self.link,
            TOPICS,
            locker=LOCKER,
            keyring=keyring("beta"),
            configuration=configuration(own, None),
            desired=lambda: self.heart.engine.state.desired,
            ask=self._ask,
            tell=self.heart.engine.tell,
            aside=here,
        )
        self.heart.engine.follow(self.desk.committed)

    def _hear(self, message: Message) -> None:
        message.take()
        self.reports.append(json.loads(message.payload))

    async def _ask(self, item: Input) -> Answer:
        self.asked.append(item)
        if self.unavailable:
            self.unavailable -= 1
            raise Unavailable("not now")
        return await self.heart.engine.ask(item)

    @property
    def events(self) -> list[Event]:
        """All that is on record."""
        return [record.event for batch in self.heart.store.batches for record in batch.records]

    async def wants(self, version: int, text: str) -> dict[str, Any]:
        """Publish it, and have the last report."""
        key = key_set().keys["operator"]
        token = make_config(version, text, key=key, issuer="acme", lockers=[LOCKER])
        return await self.says(token.encode())

    async def says(self, payload: bytes) -> dict[str, Any]:
        """The same for any bytes."""
        self.operator.publish(TOPICS.config_desired, payload, retain=True)
        await asyncio.sleep(5)
        return self.reports[-1]


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    return load(make_folder(tmp_path / "etc"))


def played(own: Settings, story: Callable[[Scene], Awaitable[None]]) -> Scene:
    async def whole() -> Scene:
        scene = Scene(own)
        engine = await scene.heart.start()
        running = [asyncio.create_task(it.run()) for it in (scene.operator, scene.link, scene.desk)]
        await asyncio.sleep(0.01)
        await story(scene)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await scene.heart.engine.stop()
        await engine
        return scene

    return run_virtual(whole())


def test_what_is_accepted_is_reported_as_pending_until_the_next_start(own: Settings) -> None:
    async def story(scene: Scene) -> None:
        assert scene.reports[-1]["version"] == 0
        report = await scene.wants(3, HOUR)
        assert (report["version"], report["pending"]) == (0, 3)
        assert "refused" not in report

    played(own, story)


def test_a_connection_that_comes_back_brings_nothing_new(own: Settings) -> None:
    async def story(scene: Scene) -> None:
        await scene.wants(3, SECOND)
        asked = len(scene.asked)
        for _ in range(3):
            scene.broker.stop()
            scene.broker.start()
            await asyncio.sleep(5)
        assert len(scene.asked) == asked
        assert scene.reports[-1]["refused"]["version"] == 3

    played(own, story)


def test_what_is_refused_is_said_and_forgotten_once_something_good_came(own: Settings) -> None:
    async def story(scene: Scene) -> None:
        assert (await scene.wants(3, HOUR))["pending"] == 3
        refused = (await scene.wants(4, SECOND))["refused"]
        assert (refused["version"], refused["reason"]) == (4, "bad_settings")
        [problem] = refused["problems"]
        assert (problem["file"], problem["key"]) == ("config/desired", "policy.hold_s")
        assert (await scene.wants(2, DAY))["refused"]["reason"] == "older_version"
        assert (await scene.says(b"?"))["refused"] == {"version": None, "sha256": None, "reason": "not_understood"}
        assert "refused" not in await scene.wants(3, HOUR)
        report = await scene.wants(5, DAY)
        assert report["pending"] == 5
        assert "refused" not in report

    played(own, story)


def test_it_waits_while_nothing_can_be_written(own: Settings) -> None:
    async def story(scene: Scene) -> None:
        scene.unavailable = 3
        assert (await scene.wants(3, HOUR))["pending"] == 3
        assert len(scene.asked) == 4

    played(own, story)


def test_taking_back_what_the_broker_keeps_takes_nothing_back_here(own: Settings) -> None:
    async def story(scene: Scene) -> None:
        await scene.wants(3, HOUR)
        assert (await scene.says(b""))["pending"] == 3

    played(own, story)


def test_what_came_last_can_be_looked_at_again(own: Settings) -> None:
    async def story(scene: Scene) -> None:
        assert await scene.desk.offered() is None
        await scene.wants(3, SECOND)
        offered = await scene.desk.offered()
        assert offered is not None
        assert [problem.key for problem in offered.problems] == ["policy.hold_s"]
        await scene.says(b"?")
        assert await scene.desk.offered() is None

    played(own, story)


def test_bad_ones_are_counted_and_on_record_once_a_minute(own: Settings) -> None:
    async def story(scene: Scene) -> None:
        for version in range(1, 6):
            await scene.wants(version, SECOND)
        scene.heart.clock.pass_ms(61_000)
        scene.heart.engine.tell(DeadlinePassed())

    scene = played(own, story)
    refused = [event for event in scene.events if isinstance(event, ConfigRefused)]
    assert [event.count for event in refused] == [1, 4]
    assert not any(isinstance(event, ConfigAccepted) for event in scene.events)
