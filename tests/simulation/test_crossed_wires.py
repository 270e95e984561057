"""Two locks whose wires were mixed up, in a whole locker: from the first wrong door to the technician's word."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from support.machine import hmac_of
from support.virtual_loop import run_virtual
from support.world import World

from controller.contract.record import parse
from controller.domain import events as ev
from controller.domain.answers import CommandAnswer, DoorUnlocked, Refused
from controller.domain.commands import UnblockCompartment, UnlockCompartment
from controller.domain.ids import CompartmentId, Role, SessionId
from controller.domain.inputs import CodeTyped
from controller.domain.refusals import Refusal


def lived(disk: Path, story: Callable[[World], Awaitable[None]]) -> None:
    async def whole() -> None:
        world = World(disk, 1, faults=False)
        await world.switch_on()
        await story(world)
        await world.machine.switch_off()

    run_virtual(whole())


async def restart(world: World) -> None:
    world.machine.kill()
    await world.machine.gone()
    await world.switch_on()


def happened(world: World, kind: type[ev.Event]) -> list[ev.Event]:
    assert world.machine.heart is not None
    rows = world.machine.heart.journal.store.read(1, 10_000)
    return [event for _, _, raw in rows if isinstance(event := parse(raw).event(None), kind)]


async def two_parcels(world: World) -> tuple[str, str]:
    """One in each of two compartments; their codes."""
    first, second = [await world.expect() for _ in range(2)]
    for parcel in (first, second):
        await world.deposit(parcel)
    return world.carrier.codes[first], world.carrier.codes[second]


def behind(world: World, code: str) -> CompartmentId:
    [id] = [id for id, parcel in world.truth.inside.items() if world.carrier.codes[parcel] == code]
    return id


async def typed(world: World, code: str) -> object:
    return await world.ask(CodeTyped(SessionId(world.name("s")), hmac_of(code)))


def test_one_wrong_door_is_the_last_one_until_a_technician_has_looked(disk: Path) -> None:
    async def story(world: World) -> None:
        code, other_code = await two_parcels(world)
        mine, other = behind(world, code), behind(world, other_code)
        ours, theirs = world.machine.channel(mine), world.machine.channel(other)
        world.machine.locks |= {ours: theirs, theirs: ours}
        await restart(world)
        pulses = len(world.machine.cabinet.pulses)
        assert await typed(world, code) == DoorUnlocked((mine,))
        await asyncio.sleep(2)
        assert happened(world, ev.DoorWiringFault) == [ev.DoorWiringFault(compartment=mine, opened=other, supply="psu")]
        world.machine.cabinet.close_door(theirs)
        await asyncio.sleep(200)
        for refused in (code, other_code):
            assert await typed(world, refused) == Refused(Refusal.WIRING_FAULT)
        await restart(world)
        assert await typed(world, other_code) == Refused(Refusal.WIRING_FAULT)
        assert world.machine.heart is not None
        world.machine.heart.wiring.pulse(mine)
        await asyncio.sleep(5)
        assert len(world.machine.cabinet.pulses) == pulses + 1, "one pulse was enough, and its supply stands still"
        assert not happened(world, ev.DoorForced)

        world.machine.locks |= {ours: ours, theirs: theirs}
        await restart(world)
        for id in (mine, other):
            await world.command(UnblockCompartment(compartment=id), Role.TECHNICIAN)
        for good in (code, other_code):
            assert isinstance(await typed(world, good), DoorUnlocked)
            await asyncio.sleep(5)
            for channel in (ours, theirs):
                world.machine.cabinet.close_door(channel)
            await asyncio.sleep(5)
        assert len(world.carrier.collected) == 2

    lived(disk, story)


def test_an_unlock_that_waits_for_its_turn_is_dropped_when_the_supply_stops(disk: Path) -> None:
    async def story(world: World) -> None:
        code, other_code = await two_parcels(world)
        mine, other = behind(world, code), behind(world, other_code)
        third = next(n for n in world.machine.locks if n not in map(world.machine.channel, (mine, other)))
        world.machine.locks[world.machine.channel(mine)] = third
        await restart(world)
        pulses = len(world.machine.cabinet.pulses)
        assert await typed(world, code) == DoorUnlocked((mine,))
        assert await typed(world, other_code) == DoorUnlocked((other,))
        await asyncio.sleep(20)
        reports = happened(world, ev.UnlockReported)
        assert ev.UnlockReported(compartment=other, sent="not_sent") in reports
        assert [pulse.channel for pulse in world.machine.cabinet.pulses[pulses:]] == [third]

    lived(disk, story)


def test_a_technicians_command_ends_it_and_each_door_is_asked_for(disk: Path) -> None:
    async def story(world: World) -> None:
        a01, a02 = CompartmentId("A01"), CompartmentId("A02")
        world.machine.locks |= {1: 2, 2: 1}
        await restart(world)
        assert await world.command(UnlockCompartment(compartment=a01), Role.OPERATOR) == CommandAnswer("started")
        await asyncio.sleep(2)
        refused = CommandAnswer("refused", "wiring_fault")
        assert await world.command(UnlockCompartment(compartment=a02), Role.TECHNICIAN) == refused
        await world.command(UnblockCompartment(compartment=a01), Role.TECHNICIAN)
        assert await world.command(UnlockCompartment(compartment=a01), Role.TECHNICIAN) == refused
        await world.command(UnblockCompartment(compartment=a02), Role.TECHNICIAN)
        assert await world.command(UnlockCompartment(compartment=a01), Role.TECHNICIAN) == CommandAnswer("started")

    lived(disk, story)
