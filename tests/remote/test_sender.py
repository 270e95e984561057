"""Commands from the other end, over a broker in memory and on virtual time."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from support.broker_memory import MemoryBroker
from support.keyring import key_set, keyring, to_the_device
from support.virtual_loop import run_virtual

from controller.contract.command import open_command
from controller.contract.link import Message
from controller.contract.result import Result, ResultStatus
from controller.contract.status import LockerStatus
from controller.contract.topics import Topics
from controller.domain.commands import CancelParcel, UnlockCompartment
from controller.domain.ids import CompartmentId, Jti, ParcelId, Role, WallMs
from controller.domain.inputs import CommandArrived
from controller.remote.key_set import KeySet, KeysMissing
from controller.remote.sender import NoAnswer, NotTaken, Sender

LOCKER = "L0042"
TOPICS = Topics("locker/v1", LOCKER)
STATUS = LockerStatus(True, 41, 7, "5" * 32, 1, "00" * 32, "1.4.2", "n1")
CANCEL = CancelParcel(parcel=ParcelId("P1"))
UNLOCK = UnlockCompartment(compartment=CompartmentId("A01"))


class Scene:
    """A sender, and a locker that answers as the test wants."""

    def __init__(self, keys: KeySet | None = None) -> None:
        self.broker = MemoryBroker()
        self.arrived: list[CommandArrived] = []
        self.answers = True
        self.link = self.broker.link("sender", persistent=False)
        self.locker = self.broker.link(LOCKER)
        names = iter(range(1000))
        self.wall = 1_790_000_000_000
        self.sender = Sender(
            self.link,
            TOPICS,
            keys=keys or key_set(),
            wall=lambda: WallMs(self.wall),
            fresh=lambda: f"j{next(names)}",
        )
        self.locker.subscribe(TOPICS.commands, self._hear)

    def say_status(self, status: LockerStatus) -> None:
        """The locker's retained status."""
        self.broker.publish(LOCKER, TOPICS.status, status.encode(), retain=True)

    def _hear(self, message: Message) -> None:
        message.take()
        item = open_command(message.payload, keyring(), LOCKER, lambda nonce: nonce == "n1", to_the_device).item
        assert isinstance(item, CommandArrived)
        self.arrived.append(item)
        if self.answers:
            self.locker.publish(TOPICS.results, Result(item.jti, ResultStatus.EXECUTED).encode())


def played(story: Callable[[Scene], Awaitable[None]], scene: Scene) -> None:
    async def whole() -> None:
        running = [asyncio.create_task(it.run()) for it in (scene.locker, scene.link)]
        await asyncio.sleep(0)
        await story(scene)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    run_virtual(whole())


def test_a_command_is_sent_and_its_answer_comes_back() -> None:
    async def story(scene: Scene) -> None:
        assert await scene.sender.send(LOCKER, CANCEL, Role.CARRIER) == Result(Jti("j0"), ResultStatus.EXECUTED)
        assert [item.command for item in scene.arrived] == [CANCEL]

    played(story, Scene())


def test_answers_to_others_are_not_ours() -> None:
    async def story(scene: Scene) -> None:
        scene.answers = False
        sending = asyncio.create_task(scene.sender.send(LOCKER, CANCEL, Role.CARRIER))
        await asyncio.sleep(1)
        for junk in (b"junk", Result(Jti("other"), ResultStatus.REFUSED).encode()):
            scene.broker.publish(LOCKER, TOPICS.results, junk)
        scene.broker.publish(LOCKER, TOPICS.results, Result(Jti("j0"), ResultStatus.EXPIRED).encode())
        assert (await sending).status is ResultStatus.EXPIRED

    played(story, Scene())


def test_what_opens_a_door_carries_the_nonce_and_a_counter_that_goes_up() -> None:
    async def story(scene: Scene) -> None:
        scene.say_status(STATUS)
        for _ in range(3):
            await scene.sender.send(LOCKER, UNLOCK, Role.OPERATOR)
        assert [item.nonce_good for item in scene.arrived] == [True] * 3
        counters = [item.ctr for item in scene.arrived]
        assert counters == [1_790_000_000_000, 1_790_000_000_001, 1_790_000_000_002]

    played(story, Scene())


def test_the_latest_status_counts_whatever_comes_late() -> None:
    async def story(scene: Scene) -> None:
        scene.say_status(STATUS)
        scene.say_status(replace(STATUS, conn=6, online=False, nonce=None))
        scene.broker.publish(LOCKER, TOPICS.status, b"junk")
        await asyncio.sleep(1)
        assert scene.sender.status_of(LOCKER) == STATUS

    played(story, Scene())


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (None, "never been heard of"),
        (replace(STATUS, online=False, nonce=None), "is offline; the command waits"),
        (STATUS, "online and has not answered"),
    ],
)
def test_no_answer_says_what_is_known(status: LockerStatus | None, words: str) -> None:
    async def story(scene: Scene) -> None:
        if status is not None:
            scene.say_status(status)
        scene.answers = False
        with pytest.raises(NoAnswer, match=words):
            await scene.sender.send(LOCKER, UNLOCK, Role.OPERATOR, 5.0)

    played(story, Scene())


def test_without_a_broker_nothing_was_sent() -> None:
    async def story(scene: Scene) -> None:
        scene.broker.stop()
        with pytest.raises(NoAnswer, match="was not sent"):
            await scene.sender.send(LOCKER, CANCEL, Role.CARRIER)

    played(story, Scene())


def test_a_broker_that_refuses_our_commands_is_not_waited_for() -> None:
    async def story(scene: Scene) -> None:
        scene.broker.refuses[TOPICS.commands] = "Not authorized"
        with pytest.raises(NotTaken, match="Not authorized"):
            await scene.sender.send(LOCKER, CANCEL, Role.CARRIER)

    played(story, Scene())


def test_a_command_is_said_again_by_the_same_id_when_the_connection_was_lost() -> None:
    async def story(scene: Scene) -> None:
        scene.say_status(STATUS)
        scene.broker.loses = 1
        sending = asyncio.create_task(scene.sender.send(LOCKER, CANCEL, Role.CARRIER))
        await asyncio.sleep(1)
        scene.broker.stop()
        scene.broker.start()
        assert (await sending).status is ResultStatus.EXECUTED
        assert [item.jti for item in scene.arrived] == ["j0"]

    played(story, Scene())


def test_a_locker_that_connects_after_the_command_was_sent_is_told_it_by_the_same_id() -> None:
    """A broker keeps nothing for a client that it has never seen."""

    async def story(scene: Scene) -> None:
        scene.broker.loses = 1
        sending = asyncio.create_task(scene.sender.send(LOCKER, CANCEL, Role.CARRIER))
        await asyncio.sleep(5)
        assert scene.arrived == []
        scene.say_status(STATUS)
        assert (await sending).status is ResultStatus.EXECUTED
        assert [item.jti for item in scene.arrived] == ["j0"]

    played(story, Scene())


def test_a_command_is_not_said_again_when_only_the_nonce_is_new() -> None:
    async def story(scene: Scene) -> None:
        scene.say_status(STATUS)
        scene.answers = False
        sending = asyncio.create_task(scene.sender.send(LOCKER, CANCEL, Role.CARRIER))
        await asyncio.sleep(1)
        scene.say_status(replace(STATUS, nonce="n2"))
        scene.say_status(replace(STATUS, conn=8, online=False, nonce=None))
        with pytest.raises(NoAnswer):
            await sending
        assert len(scene.arrived) == 1

    played(story, Scene())


def test_a_key_that_is_not_here_cannot_sign() -> None:
    carrier_only = KeySet(key_set().carrier, {"carrier": key_set().keys["carrier"]}, key_set().folder)

    async def story(scene: Scene) -> None:
        with pytest.raises(KeysMissing, match=r"operator\.jwk"):
            await scene.sender.send(LOCKER, UNLOCK, Role.OPERATOR)

    played(story, Scene(carrier_only))
