"""Door lights, buzzer and cabinet light say what the committed events say. They follow; nothing waits for them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Protocol, runtime_checkable

from controller.device.heart import Heart
from controller.device.part_tables import SignalsTable
from controller.device.seams import Committed, Listener
from controller.device.settings import Settings
from controller.device.signal_lines import door_light, lines_of, lock_and_door_pins
from controller.domain import events as ev
from controller.domain.cycles import is_moving, is_unattended
from controller.domain.ids import CompartmentId, Door
from controller.domain.inputs import BoardTrouble
from controller.domain.state import Compartment, State
from firmware_bridge.bench import Pins
from firmware_bridge.faults import BoardFault
from firmware_bridge.signal_spec import CABINET, NAME, Light, Sound

REMIND_S = 30.0
"""How long a door may stand open before the buzzer asks for it to be closed; the alarm comes with `door.left_open`."""


class Shows(Protocol):
    """Lights and a buzzer."""

    def show(self, name: str, light: Light) -> None:
        """Let a light be so from now on."""

    def sound(self, sound: Sound) -> None:
        """Play this once."""

    def stop_asking(self) -> None:
        """No more reminder and no alarm."""


@runtime_checkable
class TellsPresence(Protocol):
    """A service that knows whether somebody is at the screen."""

    @property
    def presence(self) -> Callable[[Callable[[bool], None]], None]:
        """Tells the function that it is given, at once and whenever it changes."""


class Followed(Protocol):
    """The engine, as far as it is followed."""

    @property
    def state(self) -> State:
        """The locker as it is on record."""

    def follow(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` after every commit; returns what ends that."""


class Signalling:
    """Follows the engine. On the loop."""

    def __init__(self, shows: Shows, engine: Followed) -> None:
        self._shows = shows
        self._engine = engine
        self._reminders: dict[CompartmentId, asyncio.TimerHandle] = {}
        self._somebody = False

    def begin(self) -> Callable[[], None]:
        """Show how it stands, and follow from now on; returns what ends that."""
        state = self._engine.state
        for compartment in state.compartments.values():
            self._shows.show(door_light(compartment.id), light_of(compartment))
        self._light_cabinet(state)
        unfollow = self._engine.follow(self._committed)
        return partial(self._end, unfollow)

    def somebody_is_there(self, somebody: bool) -> None:
        """At the screen, or no longer."""
        self._somebody = somebody
        self._light_cabinet(self._engine.state)

    def _end(self, unfollow: Callable[[], None]) -> None:
        unfollow()
        for reminder in self._reminders.values():
            reminder.cancel()

    def _committed(self, happened: Sequence[Committed]) -> None:
        state = self._engine.state
        named = {getattr(item.event, "compartment", None) for item in happened}
        for compartment in state.compartments.values():
            if compartment.id in named:
                self._shows.show(door_light(compartment.id), light_of(compartment))
        self._light_cabinet(state)
        for item in happened:
            self._hear(item.event, state)

    def _hear(self, event: ev.Event, state: State) -> None:
        match event:
            case ev.UnlockAuthorised() if not is_unattended(event.purpose, event.session):
                self._shows.sound(Sound.BEEP)
            case ev.DoorOpened() | ev.DoorForced():
                self._remind_later(event.compartment)
            case ev.DoorLeftOpen() | ev.SomeoneInside() | ev.LockoutLapsed():
                self._shows.sound(Sound.ALARM)
            case ev.DoorClosed():
                self._forget_reminder(event.compartment)
                if not any(each.left_open for each in state.compartments.values()):
                    self._shows.stop_asking()
            case _:
                return

    def _remind_later(self, id: CompartmentId) -> None:
        self._forget_reminder(id)
        self._reminders[id] = asyncio.get_running_loop().call_later(REMIND_S, self._remind, id)

    def _forget_reminder(self, id: CompartmentId) -> None:
        reminder = self._reminders.pop(id, None)
        if reminder is not None:
            reminder.cancel()

    def _remind(self, id: CompartmentId) -> None:
        del self._reminders[id]
        compartment = self._engine.state.compartments.get(id)
        if compartment is not None and compartment.door is Door.OPEN:
            self._shows.sound(Sound.REMINDER)

    def _light_cabinet(self, state: State) -> None:
        needed = self._somebody or any(light_of(each) is not Light.OFF for each in state.compartments.values())
        self._shows.show(CABINET, Light.ON if needed else Light.OFF)


def light_of(compartment: Compartment) -> Light:
    """Blinking: about to open, or left open and to be closed. On: open."""
    if compartment.left_open and compartment.door is Door.OPEN:
        return Light.BLINKING
    if compartment.door is Door.OPEN:
        return Light.ON
    return Light.BLINKING if is_moving(compartment) else Light.OFF


@asynccontextmanager
async def signalling(
    table: SignalsTable, settings: Settings, pins: Pins, heart: Heart, services: Iterable[object]
) -> AsyncIterator[None]:
    """Follow the engine, and announce what is opened from afar, while the context is open."""
    from firmware_bridge.signals import Signals  # only lockers with such lines load the libraries

    post = asyncio.get_running_loop().call_soon_threadsafe

    def fault(found: BoardFault | None) -> None:
        post(heart.engine.tell, BoardTrouble(NAME, None if found is None else found.kind.value))

    signals = Signals(lines_of(table), pins.factory(table.pins), kept_from=lock_and_door_pins(settings), fault=fault)
    signals.open()
    following = Signalling(signals, heart.engine)
    end = following.begin()
    heart.announced.warn = partial(signals.sound, Sound.WARNING)
    for service in services:
        if isinstance(service, TellsPresence):
            service.presence(following.somebody_is_there)
    try:
        yield
    finally:
        heart.announced.warn = None
        end()
        await asyncio.to_thread(signals.close)
