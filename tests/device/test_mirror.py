import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from support.broker_memory import MemoryBroker
from support.heart import Heart
from support.virtual_loop import run_virtual

from controller.contract.topics import Topics
from controller.contract.wire_json import loads_object
from controller.device.mirror import Mirror
from controller.domain.commands import BlockCompartment, UnblockCompartment, UnlockCompartment
from controller.domain.events import CompartmentSpec
from controller.domain.ids import CompartmentId, Door, Size
from controller.domain.inputs import DoorsRead, LocalCommand, Started

TOPICS = Topics("locker/v1", "L0042")
A01 = CompartmentId("A01")


class Scene:
    """An engine with three compartments, and the retained topics that mirror it."""

    def __init__(self) -> None:
        self.heart = Heart()
        self.broker = MemoryBroker()
        self.link = self.broker.link("L0042")
        self.mirror = Mirror(self.link, TOPICS, lambda: self.heart.engine.state)
        self.heart.engine.follow(self.mirror.committed)

    def face(self, id: str) -> dict[str, Any]:
        """One compartment as anybody sees it."""
        return dict(loads_object(self.broker.retained[TOPICS.compartment(id)]))

    def counts(self) -> dict[str, Any]:
        """The sums as anybody sees them."""
        return dict(loads_object(self.broker.retained[TOPICS.state]))

    def said(self) -> int:
        """How much was published so far."""
        return len(self.broker.said)


def played(story: Callable[[Scene], Awaitable[None]]) -> None:
    async def whole() -> None:
        scene = Scene()
        engine = await scene.heart.start()
        linked = asyncio.create_task(scene.link.run())
        await asyncio.sleep(0.01)
        await story(scene)
        linked.cancel()
        await asyncio.gather(linked, return_exceptions=True)
        await scene.heart.engine.stop()
        await engine

    run_virtual(whole())


def test_everything_is_there_once_the_link_is_up() -> None:
    async def story(scene: Scene) -> None:
        sequence = scene.heart.engine.state.sequence
        since = "2026-09-21T14:13:20.000Z"
        assert scene.face("A03") == {"door": "closed", "status": "vacant", "since": since, "seq": sequence}
        free = {"free": 3, "reserved": 0, "occupied": 0, "quarantined": 0, "out_of_service": 0}
        assert scene.counts() == {"seq": sequence, "sizes": {"M": free}}

    played(story)


def test_a_door_is_followed_and_only_that_door_is_said() -> None:
    async def story(scene: Scene) -> None:
        before = scene.said()
        scene.heart.clock.pass_ms(5000)
        await scene.heart.engine.ask(LocalCommand(UnlockCompartment(compartment=A01), "why not"))
        await scene.heart.engine.ask(DoorsRead(((A01, Door.OPEN),)))
        await asyncio.sleep(0.01)
        assert scene.face("A01")["door"] == "open"
        assert scene.face("A01")["since"] == "2026-09-21T14:13:25.000Z"
        assert {item.topic for item in scene.broker.said[before:]} == {TOPICS.compartment("A01"), TOPICS.state}

    played(story)


def test_what_changes_nothing_outside_is_not_said() -> None:
    async def story(scene: Scene) -> None:
        await scene.heart.engine.ask(LocalCommand(BlockCompartment(compartment=A01), "dirty"))
        await asyncio.sleep(0.01)
        before = scene.said()
        await scene.heart.engine.ask(LocalCommand(BlockCompartment(compartment=A01), "dirty"))
        await asyncio.sleep(0.01)
        assert scene.said() == before
        assert scene.counts()["sizes"]["M"] == {
            "free": 2,
            "reserved": 0,
            "occupied": 0,
            "quarantined": 0,
            "out_of_service": 1,
        }

    played(story)


def test_a_supply_that_stands_still_takes_all_its_compartments_out_of_service_and_gives_them_back() -> None:
    async def story(scene: Scene) -> None:
        engine, a02 = scene.heart.engine, CompartmentId("A02")
        await engine.ask(LocalCommand(UnlockCompartment(compartment=A01), "why not"))
        await engine.ask(DoorsRead(((a02, Door.OPEN),)))
        await asyncio.sleep(0.01)
        assert [scene.face(id)["status"] for id in ("A01", "A02", "A03")] == [
            "quarantined",
            "quarantined",
            "out_of_service",
        ]
        for id in (A01, a02):
            await engine.ask(LocalCommand(UnblockCompartment(compartment=id), "rewired"))
        await asyncio.sleep(0.01)
        assert {scene.face(id)["status"] for id in ("A01", "A02", "A03")} == {"vacant"}

    played(story)


def test_what_happened_without_a_link_is_said_when_it_is_back() -> None:
    async def story(scene: Scene) -> None:
        scene.broker.stop()
        await scene.heart.engine.ask(LocalCommand(BlockCompartment(compartment=A01), "dirty"))
        scene.broker.retained.clear()
        scene.broker.start()
        await asyncio.sleep(0.01)
        assert scene.face("A01")["status"] == "out_of_service"
        assert scene.face("A02")["status"] == "vacant"

    played(story)


def test_a_compartment_that_was_taken_away_leaves_no_topic_behind() -> None:
    async def story(scene: Scene) -> None:
        cabinet = (CompartmentSpec(A01, Size.L),)
        await scene.heart.engine.ask(Started("1.0", "beef", cabinet, 2))
        await asyncio.sleep(0.01)
        assert sorted(topic for topic in scene.broker.retained if "/state/" in topic) == [TOPICS.compartment("A01")]
        assert list(scene.counts()["sizes"]) == ["L"]

    played(story)
