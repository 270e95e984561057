"""The backend against a real publisher, over a broker in memory and on virtual time."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from support.broker_journal import LOCKER, STREAM, MemoryJournal, code_issued, door_closed, stored
from support.broker_memory import MemoryBroker, MemoryLink
from support.keyring import device_keys, key_set, keyring
from support.virtual_loop import run_virtual

from controller.contract.device_keys import DeviceKeys, new_key
from controller.contract.status import LockerStatus
from controller.contract.topics import ANY, Topics
from controller.contract.wire_json import dumps
from controller.device.outbox import Confirm, Outbox
from controller.device.presence import Identity, Nonces, Presence
from controller.device.publisher import Publisher
from controller.domain.inputs import Input
from controller.journal.chain import Head
from controller.journal.store import Inline
from controller.remote.carrier_store import CarrierStore
from controller.remote.custodian import Custodian
from controller.remote.notice import Kind, Notice

TOPICS = Topics("locker/v1", LOCKER)
PUBLIC = dumps(device_keys().public())


class Scene:
    """One locker, one broker, one backend that can be stopped and started again on its store."""

    def __init__(self, folder: Path, given: dict[str, bytes] | None = None) -> None:
        self.journal = MemoryJournal()
        self.broker = MemoryBroker()
        self.told: list[Input] = []
        self.notices: list[Notice] = []
        self.given = given or {}
        self.folder = folder
        self.link = self.broker.link(LOCKER)
        identity = Identity(41, STREAM, "1.4.2", PUBLIC)
        names = iter(range(10_000))
        self.nonces = Nonces(lambda: f"n{next(names)}")
        self.presence = Presence(self.link, TOPICS, identity, self.nonces, lambda: self.journal.head)
        self.publisher = Publisher(
            self.link,
            TOPICS,
            records=self.journal,
            outbox=Outbox(cursor=0, tail=0, moved=lambda _: None),
            stream=STREAM,
            keyring=keyring(),
            confirm=Confirm.BACKEND,
            tell=self.told.append,
            went_round=lambda: None,
        )
        self.tasks: list[asyncio.Task[None]] = []
        self.backend: list[asyncio.Task[None]] = []

    def commit(self, *events: object) -> None:
        """The locker records something."""
        self.publisher.committed(self.journal.commit(*events))  # type: ignore[arg-type]  # events, as every caller says

    def fill(self, count: int) -> None:
        """The locker records a lot."""
        self.publisher.committed(self.journal.fill(count))

    def start_locker(self) -> None:
        """Put the locker on the air."""
        self.tasks = [asyncio.create_task(it.run()) for it in (self.link, self.publisher, self.presence)]

    def start_backend(self) -> None:
        """Open the store and serve."""
        self.store = CarrierStore(self.folder / "carrier.db")
        link: MemoryLink = self.broker.link("backend")
        self.custodian = Custodian(
            link,
            Topics("locker/v1", ANY),
            keys=key_set(),
            store=self.store,
            runner=Inline(),
            device_keys=self.given,
            tell=self.notices.append,
        )
        self.backend = [asyncio.create_task(it.run()) for it in (link, self.custodian)]

    async def stop_backend(self) -> None:
        """As a crash would: at once."""
        for task in self.backend:
            task.cancel()
        await asyncio.gather(*self.backend, return_exceptions=True)
        self.store.close()

    def held(self) -> list[bytes]:
        """Every record the backend has."""
        return list(self.store.records(LOCKER, STREAM))

    def is_complete(self) -> bool:
        """Whether it has them all, in order, and the locker knows."""
        everything = [record.bytes for record in self.journal.records]
        return self.held() == everything and self.publisher.outbox.depth == 0

    def told_of(self, kind: Kind) -> list[str]:
        """The texts of its notices of one kind."""
        return [notice.text for notice in self.notices if notice.kind is kind]


def played(story: Callable[[Scene], Awaitable[None]], scene: Scene) -> None:
    async def whole() -> None:
        scene.start_backend()
        await asyncio.sleep(0.01)
        scene.start_locker()
        await asyncio.sleep(0.1)
        await story(scene)
        await scene.stop_backend()
        for task in scene.tasks:
            task.cancel()
        await asyncio.gather(*scene.tasks, return_exceptions=True)

    run_virtual(whole())


def test_every_record_is_taken_in_kept_and_acknowledged(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        scene.fill(2500)
        await asyncio.sleep(2)
        assert scene.is_complete()
        assert scene.told_of(Kind.GAP) == []
        assert scene.custodian.streams[0].repeated == 0

    played(story, Scene(tmp_path))


def test_one_ack_serves_a_hundred_records_or_fifty_milliseconds(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        before = len([said for said in scene.broker.said if said.topic == TOPICS.ack])
        scene.fill(1000)
        await asyncio.sleep(1)
        acks = len([said for said in scene.broker.said if said.topic == TOPICS.ack]) - before
        assert 10 <= acks <= 12

    played(story, Scene(tmp_path))


def test_what_the_broker_loses_is_asked_for_and_comes_in_order(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        scene.fill(50)
        await asyncio.sleep(1.5)
        scene.broker.loses = 20
        scene.fill(60)
        await asyncio.sleep(3)
        assert scene.is_complete()
        assert scene.told_of(Kind.GAP) == ["record 71 came after 50; the locker is asked to go back"]

    played(story, Scene(tmp_path))


def test_a_loss_at_the_very_end_is_found_by_the_probe(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        scene.broker.loses = 7
        scene.fill(7)
        await asyncio.sleep(12)
        assert scene.is_complete()

    played(story, Scene(tmp_path))


def test_a_backend_that_comes_later_gets_everything_from_the_first_record(tmp_path: Path) -> None:
    scene = Scene(tmp_path)

    async def whole() -> None:
        scene.start_locker()
        scene.fill(300)
        await asyncio.sleep(3600)
        scene.start_backend()
        await asyncio.sleep(5)
        assert scene.is_complete()
        await scene.stop_backend()
        for task in scene.tasks:
            task.cancel()
        await asyncio.gather(*scene.tasks, return_exceptions=True)

    run_virtual(whole())


def test_a_backend_that_crashed_goes_on_where_its_store_ends(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        scene.fill(150)
        await asyncio.sleep(0.07)
        await scene.stop_backend()
        scene.fill(150)
        await asyncio.sleep(1)
        scene.start_backend()
        await asyncio.sleep(15)
        assert scene.is_complete()

    played(story, Scene(tmp_path))


def test_a_backend_that_lost_its_store_is_given_everything_again(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        scene.fill(150)
        await asyncio.sleep(2)
        await scene.stop_backend()
        (tmp_path / "carrier.db").unlink()
        scene.start_backend()
        await asyncio.sleep(5)
        assert scene.is_complete()

    played(story, Scene(tmp_path))


@pytest.mark.parametrize("seed", range(6))
def test_whatever_the_broker_does_everything_arrives_once_and_in_order(tmp_path: Path, seed: int) -> None:
    async def story(scene: Scene) -> None:
        chance = random.Random(seed)
        for _ in range(40):
            scene.fill(chance.randrange(1, 60))
            match chance.randrange(5):
                case 0:
                    scene.broker.loses = chance.randrange(80)
                case 1:
                    scene.broker.stop(lose_sessions=chance.random() < 0.5)
                    await asyncio.sleep(chance.random() * 5)
                    scene.broker.start()
                case 2:
                    await scene.stop_backend()
                    await asyncio.sleep(chance.random() * 30)
                    scene.start_backend()
                case _:
                    await asyncio.sleep(chance.random())
        scene.broker.loses = 0
        await asyncio.sleep(200)
        assert scene.is_complete()
        assert scene.told_of(Kind.BROKEN) == []

    played(story, Scene(tmp_path))


def test_a_stream_that_forked_is_taken_no_further(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        scene.fill(5)
        await asyncio.sleep(1)
        other = MemoryJournal()
        other.commit(door_closed("B01"))
        other.fill(5)
        for record in other.records[2:]:
            scene.link.publish(TOPICS.events, record.bytes)
        await asyncio.sleep(1)
        assert scene.told_of(Kind.BROKEN) == [
            "record 3 was another one before: the stream has forked. Nothing more of this stream is taken"
        ]
        assert scene.held() == [record.bytes for record in scene.journal.records]

    played(story, Scene(tmp_path))


@pytest.mark.parametrize("place", [0, 5, 100, 250, 400])
def test_a_changed_byte_never_gets_in(tmp_path: Path, place: int) -> None:
    async def story(scene: Scene) -> None:
        scene.journal.commit(stored())
        record = bytearray(scene.journal.records[0].bytes)
        record[place] ^= 1
        scene.link.publish(TOPICS.events, bytes(record))
        await asyncio.sleep(1)
        assert scene.store.position(LOCKER, STREAM) == Head()
        assert len(scene.told_of(Kind.BROKEN) + scene.told_of(Kind.STRANGE) + scene.told_of(Kind.GAP)) == 1

    played(story, Scene(tmp_path))


@pytest.mark.parametrize("junk", [b"", b"{}", b"\xff" * 100, b"[" * 60_000, b"x" * 1_000_000])
def test_what_is_no_record_is_told_and_passed_over(tmp_path: Path, junk: bytes) -> None:
    async def story(scene: Scene) -> None:
        scene.link.publish(TOPICS.events, junk)
        scene.fill(3)
        await asyncio.sleep(1)
        assert len(scene.told_of(Kind.STRANGE)) == 1
        assert scene.is_complete()

    played(story, Scene(tmp_path))


def test_a_record_on_another_lockers_topic_is_none_of_its(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        scene.journal.fill(1)
        scene.link.publish(Topics("locker/v1", "L0043").events, scene.journal.records[0].bytes)
        await asyncio.sleep(1)
        assert len(scene.told_of(Kind.STRANGE)) == 1
        assert scene.store.position("L0043", STREAM) == Head()

    played(story, Scene(tmp_path))


def test_proofs_are_checked_with_the_key_the_locker_announced(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        scene.commit(stored(), door_closed())
        await asyncio.sleep(1)
        assert [notice.proven for notice in scene.notices if notice.kind is Kind.RECORD] == [True, False]
        assert scene.told_of(Kind.KEYS) == ["its keys are pinned from now on, on its own word"]

    played(story, Scene(tmp_path))


def test_a_key_that_was_given_wins_over_what_is_announced(tmp_path: Path) -> None:
    other = dumps(DeviceKeys(new_key("Ed25519"), new_key("X25519"), bytes(32)).public())

    async def story(scene: Scene) -> None:
        scene.commit(stored())
        await asyncio.sleep(1)
        assert "its proof is not good: key_unknown" in scene.told_of(Kind.BROKEN)[0]
        assert "other keys than were pinned" in scene.told_of(Kind.KEYS)[0]
        assert scene.held() == []

    played(story, Scene(tmp_path, {LOCKER: other}))


def test_codes_are_opened_kept_apart_and_forgotten_when_spent(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        scene.commit(code_issued("12345678"), code_issued("87654321", "P2", "beta"))
        await asyncio.sleep(1)
        code = scene.store.code_of(LOCKER, "P1")
        assert code is not None
        assert code.code == "12345678"
        assert scene.store.code_of(LOCKER, "P2") is None
        assert not any("12345678" in notice.text for notice in scene.notices)

    played(story, Scene(tmp_path))


def test_comings_and_goings_are_told_in_the_order_of_boot_and_connection(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        scene.presence.renew()
        scene.link.die()
        late = LockerStatus(True, 40, 9, STREAM, 1, "00" * 32, "1.4.1", "n")
        scene.broker.publish("old", TOPICS.status, late.encode())
        await asyncio.sleep(1)
        assert [text.partition(",")[0] for text in scene.told_of(Kind.STATUS)] == ["is online", "is offline"]

    played(story, Scene(tmp_path))
