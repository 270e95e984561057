"""Commands from afar against a real engine, over a broker in memory and on virtual time."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from support.broker_journal import MemoryJournal
from support.broker_memory import MemoryBroker
from support.heart import START, Heart
from support.keyring import key_set, keyring, to_the_device
from support.tellers import NothingOffered, a_teller
from support.virtual_loop import run_virtual

from controller.contract.command import make_command
from controller.contract.jose import Typ, sign
from controller.contract.link import Message
from controller.contract.result import Result, ResultStatus
from controller.contract.topics import Topics
from controller.device.command_desk import CommandDesk
from controller.device.engine import Unavailable
from controller.device.presence import Nonces
from controller.device.seams import Committed
from controller.domain.answers import Answer
from controller.domain.commands import AuthorisePickup, BlockCompartment, Command, ExpectParcel, UnlockCompartment
from controller.domain.events import CommandExecuted
from controller.domain.ids import CarrierId, ClockQuality, CompartmentId, Door, Jti, ParcelId, SessionId, WallMs
from controller.domain.inputs import DoorsRead, Input, UnlockEnded

LOCKER = "L0042"
TOPICS = Topics("locker/v1", LOCKER)
A01 = CompartmentId("A01")
EXPECT = ExpectParcel(parcel=ParcelId("P1"), label="RR473124829GB", carrier=CarrierId("acme"))
BLOCK = BlockCompartment(compartment=A01)
UNLOCK = UnlockCompartment(compartment=A01)


class Scene:
    """A locker that takes commands, and whoever sends them."""

    def __init__(self) -> None:
        self.heart = Heart()
        self.broker = MemoryBroker()
        self.results: list[Result] = []
        self.unavailable = 0
        self.renewed = 0
        self.present: dict[str, SessionId] = {}
        names = iter(range(1000))
        self.nonces = Nonces(lambda: f"n{next(names)}")
        self.link = self.broker.link(LOCKER)
        self.sender = self.broker.link("sender")
        self.sender.subscribe(TOPICS.results, self._hear)
        self.journal = MemoryJournal()
        self.teller = a_teller(self.link, TOPICS, self.journal, lambda: len(self.journal.records), self.heart)
        self.desk = CommandDesk(
            self.link,
            TOPICS,
            locker=LOCKER,
            keyring=keyring("beta"),
            unseal=to_the_device,
            nonces=self.nonces,
            nonce_used=self._renew,
            ask=self._ask,
            tell=self.heart.engine.tell,
            teller=self.teller,
            present=lambda nonce: self.present.pop(nonce, None),
            config=NothingOffered(),
        )
        self.heart.engine.follow(self.desk.committed)

    def _hear(self, message: Message) -> None:
        message.take()
        self.results.append(Result.decode(message.payload))

    def _renew(self) -> None:
        self.renewed += 1
        self.nonces.rotate()

    async def _ask(self, item: Input) -> Answer:
        if self.unavailable:
            self.unavailable -= 1
            raise Unavailable("not now")
        return await self.heart.engine.ask(item)

    def send(self, command: Command, role: str = "carrier", *, jti: str = "j1", **more: Any) -> None:
        """Sign and send a command."""
        key = key_set().keys[role]
        at = more.pop("at", START.wall)
        token = make_command(command, key=key, issuer="acme", locker=LOCKER, jti=Jti(jti), at=at, **more)
        self.sender.publish(TOPICS.commands, token.encode())

    async def answer(self) -> Result:
        """The next result."""
        await asyncio.sleep(0.01)
        return self.results.pop(0)

    @property
    def untaken(self) -> int:
        """Commands that the broker would bring again."""
        return len(self.broker.session(LOCKER).untaken)

    def open_door(self) -> None:
        """The board has pulsed, and the door is seen to open."""
        self.heart.engine.tell(UnlockEnded(A01, "written"))
        self.heart.engine.tell(DoorsRead(((A01, Door.OPEN),)))


def played(story: Callable[[Scene], Awaitable[None]]) -> Scene:
    async def whole() -> Scene:
        scene = Scene()
        engine = await scene.heart.start()
        running = [asyncio.create_task(it.run()) for it in (scene.sender, scene.link, scene.desk, scene.teller)]
        await asyncio.sleep(0.01)
        await story(scene)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await scene.heart.engine.stop()
        await engine
        return scene

    return run_virtual(whole())


def test_a_command_is_carried_out_and_answered() -> None:
    async def story(scene: Scene) -> None:
        scene.send(EXPECT)
        assert await scene.answer() == Result(Jti("j1"), ResultStatus.EXECUTED)
        assert ParcelId("acme/P1") in scene.heart.engine.state.parcels

    played(story)


def test_a_command_is_taken_from_the_broker_only_once_it_is_on_record() -> None:
    async def story(scene: Scene) -> None:
        scene.heart.store.gate = asyncio.Event()
        scene.send(EXPECT)
        await asyncio.sleep(60)
        assert (scene.untaken, scene.results) == (1, [])
        scene.heart.store.gate.set()
        assert (await scene.answer()).status is ResultStatus.EXECUTED
        assert scene.untaken == 0

    played(story)


def test_a_command_that_comes_again_is_answered_with_the_first_answer() -> None:
    async def story(scene: Scene) -> None:
        scene.send(EXPECT)
        await scene.answer()
        scene.send(EXPECT)
        assert await scene.answer() == Result(Jti("j1"), ResultStatus.DUPLICATE, first="executed")

    played(story)


def test_a_lawful_no_is_told_with_its_reason() -> None:
    async def story(scene: Scene) -> None:
        scene.send(EXPECT)
        scene.send(EXPECT, jti="j2")
        await scene.answer()
        assert await scene.answer() == Result(Jti("j2"), ResultStatus.REFUSED, "parcel_exists")

    played(story)


def test_a_presence_nonce_is_handed_in_as_whose_visit_it_was_shown_to_and_spent() -> None:
    authorise = AuthorisePickup(parcel=ParcelId("P1"), presence="seen")

    async def story(scene: Scene) -> None:
        scene.present["seen"] = SessionId("somebody")
        scene.send(authorise)
        assert await scene.answer() == Result(Jti("j1"), ResultStatus.REFUSED, "parcel_unknown"), "past the presence"
        scene.send(authorise, jti="j2")
        assert await scene.answer() == Result(Jti("j2"), ResultStatus.REFUSED, "not_present")

    played(story)


def test_an_expired_command_is_told_so() -> None:
    async def story(scene: Scene) -> None:
        scene.send(EXPECT, at=WallMs(START.wall - 3_600_000), lifetime_s=60)
        assert (await scene.answer()).status is ResultStatus.EXPIRED

    played(story)


@pytest.mark.parametrize(
    ("payload", "event"),
    [
        (b"{}", "command.refused"),
        (b"x" * 1_000_000, "command.refused"),
        (sign(b"{}", key_set("stranger").keys["carrier"], Typ.COMMAND).encode(), "security.bad_signature"),
        (sign(b"{}", key_set().keys["carrier"], Typ.PASS).encode(), "security.bad_signature"),
    ],
    ids=["json", "megabyte", "stranger", "pass"],
)
def test_what_cannot_be_trusted_is_counted_and_not_answered(payload: bytes, event: str) -> None:
    async def story(scene: Scene) -> None:
        scene.sender.publish(TOPICS.commands, payload)
        await asyncio.sleep(0.01)
        assert scene.results == []
        assert scene.untaken == 0
        assert scene.heart.names()[-1] == event

    played(story)


def test_a_thousand_bad_ones_are_one_record_and_a_count() -> None:
    async def story(scene: Scene) -> None:
        for _ in range(1000):
            scene.sender.publish(TOPICS.commands, b"bad")
        await asyncio.sleep(1)
        assert scene.heart.names().count("command.refused") == 1

    assert played(story).heart.names().count("command.refused") == 2


def test_a_trusted_sender_hears_what_is_wrong() -> None:
    async def story(scene: Scene) -> None:
        scene.send(BLOCK)
        answer = await scene.answer()
        assert (answer.status, answer.reason) == (ResultStatus.REFUSED, "not_allowed")
        assert answer.detail == "compartment.block needs a key with the role operator or technician"

    played(story)


def test_a_retained_command_is_counted_and_gets_no_answer() -> None:
    async def story(scene: Scene) -> None:
        key = key_set().keys["operator"]
        token = make_command(BLOCK, key=key, issuer="a", locker=LOCKER, jti=Jti("j1"), at=START.wall)
        scene.sender.publish(TOPICS.commands, token.encode(), retain=True)
        await asyncio.sleep(0.01)
        assert scene.results == []
        assert scene.heart.names()[-1] == "command.refused"
        assert not scene.heart.engine.state.compartments[A01].blocked

    played(story)


def test_an_unlock_is_answered_when_the_door_has_done_what_it_did() -> None:
    async def story(scene: Scene) -> None:
        scene.send(UNLOCK, "operator", ctr=1)
        await asyncio.sleep(0.01)
        assert scene.heart.marks[-1] == "announced pulse A01"
        assert (scene.results, scene.untaken) == ([], 0)
        scene.open_door()
        assert await scene.answer() == Result(Jti("j1"), ResultStatus.EXECUTED, outcome="opened")

    played(story)


def test_an_unlock_whose_order_never_left_is_refused_with_what_the_board_said() -> None:
    async def story(scene: Scene) -> None:
        scene.send(UNLOCK, "operator", ctr=1)
        await asyncio.sleep(0.01)
        scene.heart.engine.tell(UnlockEnded(A01, "not_sent"))
        assert await scene.answer() == Result(Jti("j1"), ResultStatus.REFUSED, "not_sent")

    played(story)


def test_an_unlock_that_comes_twice_while_the_door_moves_is_answered_once() -> None:
    async def story(scene: Scene) -> None:
        scene.send(UNLOCK, "operator", ctr=1)
        scene.send(UNLOCK, "operator", ctr=1)
        await asyncio.sleep(0.01)
        scene.open_door()
        await asyncio.sleep(0.01)
        assert scene.results == [Result(Jti("j1"), ResultStatus.EXECUTED, outcome="opened")]
        assert scene.heart.marks.count("announced pulse A01") == 1

    played(story)


def test_with_the_clock_unknown_a_fresh_nonce_is_needed_and_used_up() -> None:
    async def story(scene: Scene) -> None:
        scene.heart.clock.at = replace(START, clock=ClockQuality.UNKNOWN)
        scene.send(BLOCK, "operator")
        assert (await scene.answer()).reason == "nonce_required"
        nonce = scene.nonces.current
        scene.send(BLOCK, "operator", jti="j2", nonce=nonce)
        assert (await scene.answer()).status is ResultStatus.EXECUTED
        assert scene.renewed == 1
        scene.nonces.rotate()
        scene.send(BLOCK, "operator", jti="j3", nonce=nonce)
        assert (await scene.answer()).reason == "nonce_required"

    played(story)


def test_a_locker_that_cannot_decide_now_keeps_the_command_until_it_can() -> None:
    async def story(scene: Scene) -> None:
        scene.unavailable = 3
        scene.send(EXPECT)
        await asyncio.sleep(1)
        assert (scene.results, scene.untaken) == ([], 1)
        await asyncio.sleep(1)
        assert (await scene.answer()).status is ResultStatus.EXECUTED

    played(story)


def test_a_result_that_was_lost_with_the_connection_is_said_again() -> None:
    async def story(scene: Scene) -> None:
        scene.send(UNLOCK, "operator", ctr=1)
        await asyncio.sleep(0.01)
        scene.broker.stop()
        scene.open_door()
        await asyncio.sleep(5)
        assert scene.results == []
        scene.broker.start()
        assert await scene.answer() == Result(Jti("j1"), ResultStatus.EXECUTED, outcome="opened")
        scene.broker.stop()
        scene.broker.start()
        await asyncio.sleep(0.01)
        assert scene.results == []

    played(story)


def test_commands_sent_while_the_locker_was_away_are_carried_out_when_it_is_back() -> None:
    async def story(scene: Scene) -> None:
        scene.link.cut()
        scene.send(EXPECT)
        await asyncio.sleep(5)
        assert scene.results == []
        scene.link.enter()
        assert (await scene.answer()).status is ResultStatus.EXECUTED

    played(story)


def test_a_door_that_was_moving_when_the_power_went_is_answered_unknown() -> None:
    async def story(scene: Scene) -> None:
        scene.desk.committed([Committed(9, START, CommandExecuted(jti=Jti("j9"), outcome="unknown"))])
        assert await scene.answer() == Result(Jti("j9"), ResultStatus.UNKNOWN)

    played(story)
