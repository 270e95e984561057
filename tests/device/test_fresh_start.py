"""When a configuration that was accepted takes effect, on virtual time."""

import asyncio
from collections.abc import Awaitable, Callable

from support.locker_in_hand import LockerInHand
from support.virtual_loop import run_virtual

from controller.device.fresh_start import GRACE_S, LONGEST_WAIT_S, FreshStart
from controller.device.seams import Committed
from controller.domain.events import ClockSynced, ConfigAccepted, Event
from controller.domain.ids import KeyId

ACCEPTED = ConfigAccepted(version=1, sha256="", kid=KeyId("k"))


class Scene:
    def __init__(self) -> None:
        self.locker = LockerInHand()
        self.fresh_start = FreshStart(lambda: self.locker.state)

    def happens(self, event: Event) -> None:
        self.fresh_start.committed([Committed(1, self.locker.at, event)])

    @property
    def due(self) -> bool:
        return self.fresh_start.due.is_set()


def played(story: Callable[[Scene], Awaitable[None]]) -> None:
    async def whole() -> None:
        await story(Scene())

    run_virtual(whole())


def test_without_another_configuration_nothing_is_due() -> None:
    async def story(scene: Scene) -> None:
        scene.happens(ClockSynced())
        await asyncio.sleep(2 * LONGEST_WAIT_S)
        assert not scene.due

    played(story)


def test_it_takes_effect_at_once_where_nobody_is_served_but_for_the_answer() -> None:
    async def story(scene: Scene) -> None:
        scene.happens(ACCEPTED)
        assert not scene.due
        await asyncio.sleep(1.1 * GRACE_S)
        assert scene.due

    played(story)


def test_whoever_is_being_served_is_not_disturbed() -> None:
    async def story(scene: Scene) -> None:
        scene.locker.sign_in()
        scene.happens(ACCEPTED)
        await asyncio.sleep(60)
        assert not scene.due
        scene.locker.leave()
        scene.happens(ClockSynced())
        assert scene.due

    played(story)


def test_a_door_that_stands_open_for_good_does_not_keep_it_from_taking_effect() -> None:
    async def story(scene: Scene) -> None:
        scene.locker.sign_in()
        scene.happens(ACCEPTED)
        await asyncio.sleep(0.9 * LONGEST_WAIT_S)
        assert not scene.due
        await asyncio.sleep(0.2 * LONGEST_WAIT_S)
        assert scene.due

    played(story)
