"""What lights and buzzer make of a locker's events: the real rules, on virtual time."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from support.locker_heart import A01, A02
from support.locker_in_hand import LockerInHand
from support.virtual_loop import run_virtual

from controller.device.seams import Committed, Listener
from controller.device.signalling import REMIND_S, Signalling
from controller.domain.commands import UnlockCompartment
from controller.domain.ids import Size
from controller.domain.state import State
from firmware_bridge.signal_spec import Light, Sound


class Stage:
    """A locker in the hand that tells a follower what happened, and lamps that remember."""

    def __init__(self) -> None:
        self.locker = LockerInHand()
        self.lights: dict[str, Light] = {}
        self.played: list[Sound | None] = []
        self._listeners: list[Listener] = []
        self._told = len(self.locker.history)

    # What is followed.

    @property
    def state(self) -> State:
        return self.locker.state

    def follow(self, listener: Listener) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    # What is driven.

    def show(self, name: str, light: Light) -> None:
        self.lights[name] = light

    def sound(self, sound: Sound) -> None:
        self.played.append(sound)

    def stop_asking(self) -> None:
        self.played.append(None)

    # What happens.

    def after(self, deed: Callable[[], object]) -> list[Sound | None]:
        """Do it, tell of it, and give what was played."""
        before = len(self.played)
        deed()
        new = self.locker.history[self._told :]
        self._told = len(self.locker.history)
        committed = [Committed(number, stamp, event) for number, (stamp, event) in enumerate(new)]
        for listener in tuple(self._listeners):
            listener(committed)
        return self.played[before:]

    def door(self) -> Light:
        return self.lights["door light A01"]

    def cabinet(self) -> Light:
        return self.lights["cabinet light"]


def on_stage(story: Callable[[Stage, Signalling], Awaitable[None]]) -> None:
    async def whole() -> None:
        stage = Stage()
        signalling = Signalling(stage, stage)
        end = signalling.begin()
        await story(stage, signalling)
        end()
        stage.after(lambda: stage.locker.opens(A02))
        assert stage.lights["door light A02"] is Light.OFF, "nobody follows any more"

    run_virtual(whole())


def test_the_light_of_a_door_blinks_at_its_unlock_and_is_out_when_it_is_closed() -> None:
    async def story(stage: Stage, signalling: Signalling) -> None:
        assert (stage.door(), stage.cabinet()) == (Light.OFF, Light.OFF)
        stage.locker.cabinet.doors[A01].jammed = True
        stage.locker.expect(size=Size.S)
        assert stage.after(stage.locker.door_for) == [Sound.BEEP]
        assert (stage.door(), stage.cabinet()) == (Light.BLINKING, Light.ON)
        assert stage.after(lambda: stage.locker.opens(A01)) == []
        assert (stage.door(), stage.cabinet()) == (Light.ON, Light.ON)
        assert stage.after(lambda: stage.locker.closes(A01)) == [None]
        assert (stage.door(), stage.cabinet()) == (Light.OFF, Light.OFF)

    on_stage(story)


def test_a_door_that_does_not_open_is_lit_no_longer() -> None:
    async def story(stage: Stage, signalling: Signalling) -> None:
        stage.locker.cabinet.doors[A01].jammed = True
        stage.locker.expect(size=Size.S)
        stage.after(stage.locker.door_for)
        stage.after(lambda: stage.locker.pass_ms(stage.locker.policy.open_wait_ms))
        assert (stage.door(), stage.cabinet()) == (Light.OFF, Light.OFF)

    on_stage(story)


def test_an_operators_unlock_is_not_beeped() -> None:
    async def story(stage: Stage, signalling: Signalling) -> None:
        stage.locker.cabinet.doors[A01].jammed = True
        assert stage.after(lambda: stage.locker.operate(UnlockCompartment(compartment=A01))) == []
        assert stage.door() is Light.BLINKING

    on_stage(story)


def test_an_open_door_is_asked_to_be_closed_and_then_alarmed_about() -> None:
    async def story(stage: Stage, signalling: Signalling) -> None:
        stage.after(lambda: stage.locker.opens(A01))
        assert stage.door() is Light.ON
        await asyncio.sleep(REMIND_S - 1)
        assert stage.played == []
        await asyncio.sleep(1)
        assert stage.played == [Sound.REMINDER]
        assert stage.after(lambda: stage.locker.pass_ms(stage.locker.policy.left_open_ms)) == [Sound.ALARM]
        assert stage.door() is Light.BLINKING
        assert stage.after(lambda: stage.locker.closes(A01)) == [None]
        assert stage.door() is Light.OFF

    on_stage(story)


def test_a_door_that_was_closed_in_time_is_not_asked_about() -> None:
    async def story(stage: Stage, signalling: Signalling) -> None:
        stage.after(lambda: stage.locker.opens(A01))
        await asyncio.sleep(REMIND_S - 1)
        stage.after(lambda: stage.locker.closes(A01))
        stage.after(lambda: stage.locker.opens(A01))
        await asyncio.sleep(REMIND_S - 1)
        assert Sound.REMINDER not in stage.played
        await asyncio.sleep(1)
        assert Sound.REMINDER in stage.played

    on_stage(story)


def test_the_alarm_goes_on_while_another_door_is_left_open() -> None:
    async def story(stage: Stage, signalling: Signalling) -> None:
        for door in (A01, A02):
            stage.after(partial(stage.locker.opens, door))
        stage.after(lambda: stage.locker.pass_ms(stage.locker.policy.left_open_ms))
        assert stage.after(lambda: stage.locker.closes(A01)) == []
        assert stage.after(lambda: stage.locker.closes(A02)) == [None]

    on_stage(story)


def test_the_cabinet_is_lit_while_somebody_is_at_the_screen() -> None:
    async def story(stage: Stage, signalling: Signalling) -> None:
        signalling.somebody_is_there(True)
        assert stage.cabinet() is Light.ON
        signalling.somebody_is_there(False)
        assert stage.cabinet() is Light.OFF

    on_stage(story)


def test_a_door_that_is_open_at_the_start_is_lit() -> None:
    stage = Stage()
    stage.locker.opens(A01)
    stage.locker.restart(survey=True)

    async def begin() -> None:
        Signalling(stage, stage).begin()()

    run_virtual(begin())
    assert stage.door() is Light.ON
