import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from support.broker_memory import MemoryBroker
from support.virtual_loop import run_virtual

from controller.contract.status import LockerStatus
from controller.contract.topics import Topics
from controller.contract.wire_json import loads_object
from controller.device.health_report import HealthReport, read_vitals
from controller.device.presence import NONCE_S, Identity, Nonces, Presence

TOPICS = Topics("locker/v1", "L0042")
HEAD = bytes(range(32))


class Scene:
    """A locker that says it is there."""

    def __init__(self) -> None:
        names = iter(range(10_000))
        self.broker = MemoryBroker()
        self.link = self.broker.link("L0042")
        self.nonces = Nonces(lambda: f"n{next(names)}")
        identity = Identity(41, "5" * 32, "1.4.2", b'{"keys":[]}')
        self.presence = Presence(self.link, TOPICS, identity, self.nonces, lambda: (18231, HEAD))

    def status(self) -> LockerStatus:
        """What the broker shows to whoever asks."""
        return LockerStatus.decode(self.broker.retained[TOPICS.status])


def played(story: Callable[[Scene], Awaitable[None]]) -> None:
    async def whole() -> None:
        scene = Scene()
        running = [asyncio.create_task(it.run()) for it in (scene.link, scene.presence)]
        await asyncio.sleep(0.01)
        await story(scene)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    run_virtual(whole())


def test_online_is_said_with_every_connection_and_names_the_journals_end() -> None:
    async def story(scene: Scene) -> None:
        assert scene.status() == LockerStatus(True, 41, 1, "5" * 32, 18231, HEAD.hex(), "1.4.2", scene.nonces.current)
        scene.broker.stop()
        scene.broker.start()
        await asyncio.sleep(0.01)
        assert scene.status().conn == 2

    played(story)


def test_the_will_is_of_the_connection_that_is_lost() -> None:
    async def story(scene: Scene) -> None:
        for conn in (1, 2, 3):
            scene.link.die()
            assert (scene.status().online, scene.status().boot, scene.status().conn) == (False, 41, conn)
            assert scene.status().nonce is None
            scene.link.enter()
            await asyncio.sleep(0.01)

    played(story)


def test_the_public_keys_are_there_for_whoever_asks() -> None:
    async def story(scene: Scene) -> None:
        assert scene.broker.retained[TOPICS.keys] == b'{"keys":[]}'

    played(story)


def test_the_nonce_changes_every_half_minute_and_the_last_two_are_good() -> None:
    async def story(scene: Scene) -> None:
        seen = [scene.status().nonce]
        for _ in range(2):
            await asyncio.sleep(NONCE_S)
            seen.append(scene.status().nonce)
        assert [scene.nonces.is_good(str(nonce)) for nonce in seen] == [False, True, True]

    played(story)


def test_a_nonce_that_was_used_is_replaced_at_once() -> None:
    async def story(scene: Scene) -> None:
        before = scene.status().nonce
        scene.presence.renew()
        await asyncio.sleep(0.01)
        assert scene.status().nonce == scene.nonces.current != before

    played(story)


def test_goodbye_is_said_before_an_orderly_end() -> None:
    async def story(scene: Scene) -> None:
        await scene.presence.farewell()
        assert not scene.status().online

    played(story)


def test_goodbye_is_not_waited_for_for_long() -> None:
    async def story(scene: Scene) -> None:
        loop = asyncio.get_running_loop()
        scene.broker.delay_s, before = 100.0, loop.time()
        await scene.presence.farewell()
        assert loop.time() - before == 1.0
        scene.broker.stop()
        await scene.presence.farewell()

    played(story)


def test_health_is_told_once_a_minute_while_somebody_can_hear_it() -> None:
    async def story(scene: Scene) -> None:
        asked: list[int] = []

        def source() -> dict[str, int]:
            asked.append(1)
            return {"uptime_s": len(asked)}

        report = HealthReport(scene.link, TOPICS, source)  # type: ignore[arg-type]  # a dict of whole numbers is JSON
        telling = asyncio.create_task(report.run())
        await asyncio.sleep(125)
        scene.broker.stop()
        await asyncio.sleep(600)
        telling.cancel()
        said = [loads_object(item.payload) for item in scene.broker.said if item.topic == TOPICS.health]
        assert said == [{"uptime_s": 1}, {"uptime_s": 2}, {"uptime_s": 3}]
        assert len(asked) == 3

    played(story)


def test_the_vitals_are_those_of_this_process_and_disk(tmp_path: Path) -> None:
    vitals = read_vitals(tmp_path)

    assert 10_000 < vitals.memory_kib < 4_000_000
    assert 0 < vitals.disk_free_kib <= vitals.disk_total_kib
