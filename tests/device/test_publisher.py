"""The journal on its way, over a broker in memory and on virtual time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest
from support.broker_journal import LOCKER, STREAM, MemoryJournal
from support.broker_memory import MemoryBroker
from support.keyring import key_set, keyring
from support.virtual_loop import run_virtual

from controller.contract.ack import Ack, make_ack
from controller.contract.jose import Typ, sign
from controller.contract.link import Message
from controller.contract.topics import Topics
from controller.device.outbox import Confirm, Outbox
from controller.device.publisher import Publisher
from controller.domain.inputs import AckForged, Input

TOPICS = Topics("locker/v1", LOCKER)


class Scene:
    """A locker's publisher, a broker, and a carrier that does what the test says."""

    def __init__(self, confirm: Confirm = Confirm.BACKEND, records: int = 0) -> None:
        self.journal = MemoryJournal()
        self.journal.fill(records)
        self.broker = MemoryBroker()
        self.told: list[Input] = []
        self.cursors: list[int] = []
        self.got: list[bytes] = []
        self.link = self.broker.link(LOCKER)
        self.carrier = self.broker.link("carrier")
        self.carrier.subscribe(TOPICS.events, self._receive)
        self.publisher = Publisher(
            self.link,
            TOPICS,
            records=self.journal,
            outbox=Outbox(cursor=0, tail=records, confirm=confirm, moved=self.cursors.append),
            stream=STREAM,
            keyring=keyring(),
            confirm=confirm,
            tell=self.told.append,
            went_round=lambda: None,
        )

    def _receive(self, message: Message) -> None:
        message.take()
        self.got.append(message.payload)

    def ack(self, sequence: int, *, stream: str = STREAM, head: bytes | None = None, by: str = "custodian") -> None:
        """The carrier says how far it is."""
        if head is None:
            head = self.journal.records[sequence - 1].hash if sequence else bytes(32)
        self.say(make_ack(Ack(stream, sequence, head), key_set().keys[by]).encode())

    def say(self, payload: bytes) -> None:
        """The carrier says anything on the topic of acknowledgements."""
        self.carrier.publish(TOPICS.ack, payload)

    def sequences(self) -> list[int]:
        """What arrived, by number."""
        numbers = {record.bytes: record.sequence for record in self.journal.records}
        return [numbers[raw] for raw in self.got]


def played(story: Callable[[Scene], Awaitable[None]], scene: Scene) -> None:
    async def whole() -> None:
        running = [asyncio.create_task(it.run()) for it in (scene.carrier, scene.link, scene.publisher)]
        await asyncio.sleep(0.01)
        await story(scene)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    run_virtual(whole())


def test_the_bytes_published_are_the_bytes_stored() -> None:
    async def story(scene: Scene) -> None:
        assert scene.got == [record.bytes for record in scene.journal.records]

    played(story, Scene(records=3))


def test_a_committed_record_is_published_at_once() -> None:
    async def story(scene: Scene) -> None:
        scene.publisher.committed(scene.journal.fill(2))
        await asyncio.sleep(0.01)
        assert scene.sequences() == [1, 2]

    played(story, Scene())


def test_a_good_ack_moves_the_cursor() -> None:
    async def story(scene: Scene) -> None:
        scene.ack(3)
        await asyncio.sleep(0.01)
        assert scene.cursors == [3]

    played(story, Scene(records=5))


def test_the_window_at_the_carrier_is_a_thousand_and_moves_on_with_its_acks() -> None:
    async def story(scene: Scene) -> None:
        assert scene.sequences() == list(range(1, 1001))
        scene.ack(1000)
        await asyncio.sleep(0.01)
        assert scene.sequences() == list(range(1, 1502))

    played(story, Scene(records=1501))


def test_memory_holds_a_few_records_whatever_the_backlog() -> None:
    async def story(scene: Scene) -> None:
        assert scene.journal.reads == 5

    played(story, Scene(records=50_000))


@pytest.mark.parametrize(
    "forged",
    [
        lambda scene: scene.ack(6, head=bytes(32)),
        lambda scene: scene.ack(3, head=bytes(32)),
        lambda scene: scene.ack(0, head=b"\x01" * 32),
    ],
    ids=["ahead", "head", "none"],
)
def test_a_fork_is_told_once_and_moves_nothing(
    forged: Callable[[Scene], None], caplog: pytest.LogCaptureFixture
) -> None:
    async def story(scene: Scene) -> None:
        forged(scene)
        forged(scene)
        await asyncio.sleep(0.01)
        assert [type(told) for told in scene.told] == [AckForged]
        assert scene.cursors == []

    with caplog.at_level(logging.CRITICAL):
        played(story, Scene(records=5))


@pytest.mark.parametrize(
    "bad",
    [
        lambda scene: scene.ack(3, by="carrier"),
        lambda scene: scene.ack(3, by="operator"),
        lambda scene: scene.say(b"{}"),
        lambda scene: scene.say(sign(b"{}", key_set().keys["custodian"], Typ.ACK).encode()),
        lambda scene: scene.say(b"x" * 100_000),
    ],
    ids=["carrier", "operator", "json", "empty", "large"],
)
def test_an_ack_that_cannot_be_believed_is_counted_and_moves_nothing(bad: Callable[[Scene], None]) -> None:
    async def story(scene: Scene) -> None:
        bad(scene)
        await asyncio.sleep(0.01)
        assert scene.publisher.acks_refused == 1
        assert (scene.cursors, scene.told) == ([], [])

    played(story, Scene(records=5))


def test_an_ack_of_an_older_stream_is_ignored() -> None:
    async def story(scene: Scene) -> None:
        scene.ack(3, stream="4" * 32)
        await asyncio.sleep(0.01)
        assert (scene.cursors, scene.told, scene.publisher.acks_refused) == ([], [], 0)

    played(story, Scene(records=5))


def test_a_broker_that_loses_what_it_confirmed_is_found_out_by_the_carriers_repeated_ack() -> None:
    async def story(scene: Scene) -> None:
        scene.ack(5)
        await asyncio.sleep(2)
        scene.broker.loses = 3
        scene.publisher.committed(scene.journal.fill(5))
        await asyncio.sleep(0.01)
        assert scene.sequences()[5:] == [9, 10]
        scene.ack(5)
        await asyncio.sleep(0.5)
        assert scene.sequences()[7:] == [6, 7, 8, 9, 10]

    played(story, Scene(records=5))


def test_a_carrier_that_never_answers_is_probed_with_one_record() -> None:
    async def story(scene: Scene) -> None:
        await asyncio.sleep(45)
        assert scene.sequences() == [1, 2, 3, 4, 5, 1, 1, 1]

    played(story, Scene(records=5))


def test_after_the_broker_was_away_it_goes_on_behind_what_the_carrier_has() -> None:
    async def story(scene: Scene) -> None:
        scene.ack(2)
        await asyncio.sleep(0.01)
        scene.broker.stop(lose_sessions=True)
        scene.publisher.committed(scene.journal.fill(2))
        await asyncio.sleep(5)
        scene.got.clear()
        scene.broker.start()
        await asyncio.sleep(0.01)
        assert scene.sequences() == [3, 4, 5, 6, 7]

    played(story, Scene(records=5))


def test_a_broker_that_refuses_is_asked_again_later() -> None:
    async def story(scene: Scene) -> None:
        scene.broker.refuses[TOPICS.events] = "Not authorized"
        scene.publisher.committed(scene.journal.fill(1))
        await asyncio.sleep(0.5)
        assert scene.got == []
        scene.broker.refuses.clear()
        await asyncio.sleep(2)
        assert scene.sequences() == [1]

    played(story, Scene())


def test_with_the_brokers_word_for_it_no_carrier_is_needed() -> None:
    async def story(scene: Scene) -> None:
        assert scene.cursors[-1] == 1500
        assert scene.publisher.outbox.depth == 0

    played(story, Scene(Confirm.BROKER, records=1500))


def test_records_that_were_pruned_are_passed_over(caplog: pytest.LogCaptureFixture) -> None:
    async def story(scene: Scene) -> None:
        scene.ack(5)
        await asyncio.sleep(2)
        scene.journal.pruned = 3
        scene.got.clear()
        scene.ack(0)
        await asyncio.sleep(0.5)
        assert scene.sequences() == [4, 5]

    played(story, Scene(records=5))
    assert "records 1 to 3 were pruned" in caplog.text


def test_a_record_that_was_committed_and_is_not_there_is_an_error() -> None:
    async def whole() -> None:
        scene = Scene(records=2)
        scene.journal.records.clear()
        publishing = asyncio.create_task(scene.publisher.run())
        linked = asyncio.create_task(scene.link.run())
        with pytest.raises(LookupError, match="record 1 was committed"):
            await publishing
        linked.cancel()

    run_virtual(whole())
