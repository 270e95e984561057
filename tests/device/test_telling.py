"""What is told to those who ask, over a broker in memory and on virtual time."""

import asyncio
from collections.abc import Awaitable, Callable

from support.broker_journal import MemoryJournal
from support.broker_memory import MemoryBroker
from support.virtual_loop import run_virtual

from controller.contract.link import Message
from controller.contract.result import Result, ResultStatus, joined
from controller.contract.topics import Topics
from controller.contract.wire_json import JSON
from controller.device.outbox import Outbox
from controller.device.replaying import AT_ONCE, PAUSE_S, Replay, Replayed
from controller.device.telling import in_parts
from controller.domain.ids import Jti

TOPICS = Topics("locker/v1", "L0042")


class Scene:
    """A journal of a thousand records, of which the first hundred are pruned, and somebody who listens."""

    def __init__(self) -> None:
        self.broker = MemoryBroker()
        self.journal = MemoryJournal()
        self.journal.fill(1000)
        self.journal.pruned = 100
        self.link = self.broker.link("L0042")
        self.replay = Replay(self.link, TOPICS, self.journal)
        self.heard: list[bytes] = []
        self.reader = self.broker.link("reader")
        self.reader.subscribe(TOPICS.events, self._hear)

    def _hear(self, message: Message) -> None:
        message.take()
        self.heard.append(message.payload)

    def records(self, first: int, last: int) -> list[bytes]:
        return [record.bytes for record in self.journal.records[first - 1 : last]]


def played(story: Callable[[Scene], Awaitable[None]]) -> None:
    async def whole() -> None:
        scene = Scene()
        running = [asyncio.create_task(link.run()) for link in (scene.reader, scene.link)]
        await asyncio.sleep(0.01)
        await story(scene)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    run_virtual(whole())


def test_records_come_again_byte_for_byte_in_their_order() -> None:
    async def story(scene: Scene) -> None:
        assert await scene.replay.say_again(101, 155) == Replayed(55)
        await asyncio.sleep(1)
        assert scene.heard == scene.records(101, 155)

    played(story)


def test_they_come_few_at_a_time_so_that_what_happens_now_does_not_wait() -> None:
    async def story(scene: Scene) -> None:
        scene.broker.delay_s = 5.0
        asking = asyncio.create_task(scene.replay.say_again(101, 1000))
        await asyncio.sleep(0)
        assert len(scene.broker.said) <= AT_ONCE
        asking.cancel()
        scene.broker.delay_s = 0.0
        began = asyncio.get_running_loop().time()
        await scene.replay.say_again(501, 1000)
        assert asyncio.get_running_loop().time() - began >= 500 / AT_ONCE * PAUSE_S

    played(story)


def test_a_link_that_is_lost_delays_them_and_loses_none() -> None:
    async def story(scene: Scene) -> None:
        asking = asyncio.create_task(scene.replay.say_again(101, 300))
        await asyncio.sleep(0.25)
        scene.broker.stop()
        await asyncio.sleep(60)
        assert not asking.done()
        scene.broker.start()
        assert await asking == Replayed(200)
        await asyncio.sleep(1)
        assert list(dict.fromkeys(scene.heard)) == scene.records(101, 300)

    played(story)


def test_a_broker_that_refuses_them_ends_it_and_the_asker_is_told() -> None:
    async def story(scene: Scene) -> None:
        scene.broker.refuses[TOPICS.events] = "not authorised"
        assert await scene.replay.say_again(101, 300) == Replayed(0, "refused")

    played(story)


def test_what_is_pruned_meanwhile_ends_it_and_the_asker_is_told() -> None:
    async def story(scene: Scene) -> None:
        assert scene.replay.first == 101
        assert await scene.replay.say_again(100, 120) == Replayed(0, "pruned")
        asking = asyncio.create_task(scene.replay.say_again(101, 300))
        await asyncio.sleep(0.05)
        scene.journal.pruned = 200
        assert await asking == Replayed(AT_ONCE, "pruned")

    played(story)


def test_what_was_ever_sent_is_known_across_rewinds_and_restarts() -> None:
    outbox = Outbox(cursor=40, tail=100, moved=lambda _: None)
    assert outbox.furthest == 40
    outbox.went_up(0.0)
    for sequence in range(41, 91):
        outbox.sent(sequence, 0.0)
    outbox.acked(50, 1.0)
    outbox.went_down(2.0)
    outbox.went_up(3.0)
    assert outbox.furthest == 90


def test_a_long_answer_comes_in_parts_and_is_whole_again() -> None:
    rows: list[JSON] = [{"parcel": f"P{number}"} for number in range(450)]
    parts = in_parts("parcels", rows, 200, seq=7)
    said = [
        Result(Jti("j1"), ResultStatus.EXECUTED, data=data, part=number, parts=3)
        for number, data in enumerate(parts, 1)
    ]
    assert max(len(result.encode()) for result in said) < 5000 < len(str(rows))
    heard = [Result.decode(result.encode()) for result in reversed(said)]
    assert heard == said[::-1]
    assert joined(heard) == Result(Jti("j1"), ResultStatus.EXECUTED, data={"seq": 7, "parcels": rows})
    assert in_parts("parcels", [], 200, seq=7) == [{"seq": 7, "parcels": []}]
