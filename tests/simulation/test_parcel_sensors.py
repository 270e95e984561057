"""Parcel sensors in a whole locker: what is put in and taken out is on record once the door is shut."""

import asyncio
from pathlib import Path

from support.virtual_loop import run_virtual
from support.world import World

from controller.contract.record import parse
from controller.domain import events as ev


def test_a_parcel_is_sensed_when_the_door_has_closed_behind_it_and_gone_when_it_was_collected(disk: Path) -> None:
    async def whole() -> None:
        world = World(disk, 2, faults=False)
        world.machine.parcel_sensors = True
        heart = await world.machine.switch_on()
        parcel = await world.expect()
        await world.deposit(parcel)
        [inside] = world.truth.inside
        reading = heart.wiring.states()["main"].doors[world.machine.channel(inside)]
        assert reading.parcel is True
        assert await world.collect(parcel)
        await asyncio.sleep(5)
        names = [parse(raw).event(None) for _, _, raw in heart.journal.store.read(1, 10_000)]
        told = [event for event in names if isinstance(event, ev.CompartmentSensed | ev.DoorClosed)]
        assert [event.NAME for event in told] == ["door.closed", "compartment.sensed"] * 2
        assert [event.present for event in told if isinstance(event, ev.CompartmentSensed)] == [True, False]
        await world.machine.switch_off()

    run_virtual(whole())
