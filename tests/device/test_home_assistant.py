"""What Home Assistant is told of the locker, and doors that it asks for, on a broker in memory and virtual time."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from support.broker_memory import MemoryBroker
from support.heart import START, Heart
from support.virtual_loop import run_virtual

from controller.contract.home_assistant import LONGEST_WAY_S, discovery
from controller.contract.link import Message
from controller.contract.topics import Topics
from controller.contract.wire_json import JSON, dumps, loads_object
from controller.device.home_assistant import HomeAssistant, UnlockOrders
from controller.domain import events as ev
from controller.domain.ids import ClockQuality, CompartmentId, Role

TOPICS = Topics("locker/v1", "L0042")
A01, A02 = CompartmentId("A01"), CompartmentId("A02")
NOW_S = START.wall // 1000


class Scene:
    """A locker that takes orders, and Home Assistant at the other end."""

    def __init__(self) -> None:
        self.heart = Heart()
        self.broker = MemoryBroker()
        self.link = self.broker.link("L0042")
        self.assistant = self.broker.link("homeassistant")
        self.assistant.subscribe(TOPICS.home_assistant_answer, self._hear)
        self.answers: list[JSON] = []
        self.events: list[ev.Event] = []
        self.heart.engine.follow(lambda committed: self.events.extend(each.event for each in committed))
        HomeAssistant(self.link, TOPICS, b"{}")
        self.orders = UnlockOrders(
            self.link,
            TOPICS,
            now=self.heart.engine.now,
            ask=self.heart.engine.ask,
            tell=self.heart.engine.tell,
        )

    def _hear(self, message: Message) -> None:
        message.take()
        self.answers.append(loads_object(message.payload)["answer"])

    async def order(self, compartment: str, at_s: int = NOW_S, *, retain: bool = False) -> None:
        """The button was pressed at `at_s`."""
        payload = dumps({"compartment": compartment, "at": at_s})
        self.assistant.publish(TOPICS.home_assistant_unlock, payload, retain=retain)
        await asyncio.sleep(0.01)

    def pulsed(self) -> bool:
        """Whether any lock was."""
        return any("pulse" in mark for mark in self.heart.marks)

    def refused(self) -> list[str]:
        """Orders that were counted as bad."""
        return [e.reason for e in self.events if isinstance(e, ev.CommandRefused)]


def played(story: Callable[[Scene], Awaitable[None]]) -> Scene:
    async def whole() -> Scene:
        scene = Scene()
        engine = await scene.heart.start()
        running = [asyncio.create_task(it.run()) for it in (scene.assistant, scene.link, scene.orders)]
        await asyncio.sleep(0.01)
        await story(scene)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await scene.heart.engine.stop()
        await engine
        return scene

    return run_virtual(whole())


def test_the_locker_is_described_and_stays_so() -> None:
    async def story(scene: Scene) -> None:
        assert scene.broker.retained[TOPICS.home_assistant] == b"{}"

    played(story)


def test_a_door_that_is_asked_for_is_unlocked_as_by_any_operator() -> None:
    async def story(scene: Scene) -> None:
        await scene.order("A01")
        [unlock] = [e for e in scene.events if isinstance(e, ev.UnlockAuthorised)]
        assert (unlock.compartment, unlock.role) == (A01, Role.OPERATOR)
        assert scene.answers == ["unlocked"]

    played(story)


@pytest.mark.parametrize("late_s", [-LONGEST_WAY_S - 1, LONGEST_WAY_S + 1])
def test_an_order_that_was_held_up_opens_nothing(late_s: int) -> None:
    async def story(scene: Scene) -> None:
        await scene.order("A01", NOW_S + late_s)
        assert scene.answers == ["expired"]
        assert not scene.pulsed()
        assert scene.refused() == ["expired"]

    played(story)


def test_with_the_clock_unknown_nothing_is_opened() -> None:
    async def story(scene: Scene) -> None:
        scene.heart.clock.at = replace(START, clock=ClockQuality.UNKNOWN)
        await scene.order("A01")
        assert scene.answers == ["nonce_required"]
        assert not scene.pulsed()

    played(story)


def test_a_retained_order_opens_nothing() -> None:
    async def story(scene: Scene) -> None:
        await scene.order("A01", retain=True)
        assert scene.answers == []
        assert not scene.pulsed()
        assert scene.refused() == ["retained"]

    played(story)


@pytest.mark.parametrize("payload", [b"", b"OPEN", b"[]", b'{"compartment":"A01"}', b'{"compartment":1,"at":1}'])
def test_rubbish_is_counted_and_opens_nothing(payload: bytes) -> None:
    async def story(scene: Scene) -> None:
        scene.assistant.publish(TOPICS.home_assistant_unlock, payload)
        await asyncio.sleep(0.01)
        assert scene.refused() == ["not_understood"]
        assert not scene.pulsed()

    played(story)


def test_the_locker_says_why_not() -> None:
    async def story(scene: Scene) -> None:
        await scene.order("Z99")
        assert scene.answers == ["compartment_unknown"]

    played(story)


def test_every_entity_has_an_id_of_its_own_and_buttons_come_with_their_switch_only() -> None:
    plain = discovery(TOPICS, "Station", "1.0", [A01, A02], unlock=False)["components"]
    whole = discovery(TOPICS, "Station", "1.0", [A01, A02], unlock=True)["components"]
    assert isinstance(plain, dict)
    assert isinstance(whole, dict)
    assert whole.keys() - plain.keys() == {"A01_unlock", "A02_unlock", "unlock_answer"}
    ids = [each["unique_id"] for each in whole.values() if isinstance(each, dict)]
    assert len(set(ids)) == len(whole)
