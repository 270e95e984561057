import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from support.virtual_loop import run_virtual
from support.world import World

from controller.contract.record import open_private, parse
from controller.domain.evolve import evolve
from controller.domain.ids import ParcelId
from controller.domain.state import Custody, State
from controller.journal.reading import records_with_private

SEEDS = range(12)
HANDOFFS = 25


async def day(world: World) -> None:
    """Some handoffs with trouble in between, then everything is mended and everybody fetches what is theirs."""
    await world.switch_on()
    keeper = asyncio.create_task(world.keep_on())
    waiting: list[ParcelId] = []
    for _ in range(HANDOFFS):
        parcel = await world.expect()
        await world.deposit(parcel)
        waiting.append(parcel)
        if world.faults and world.chance.random() < 0.4:
            await world.trouble()
        if world.chance.random() < 0.3:
            await world.look_after()
        if world.chance.random() < 0.7:
            await world.collect(waiting.pop(world.chance.randrange(len(waiting))))
        await world.sleep(10, 1200)
        world.check()
    await mend_and_fetch(world)
    keeper.cancel()
    await world.machine.switch_off()


async def mend_and_fetch(world: World) -> None:
    """Nobody is stranded: what is stored is collected, by its own code, once the locker works again."""
    await world.sleep(3600, 3600)
    world.heal()
    await world.look_after()
    await world.sleep(3600, 3600)
    assert world.machine.heart is not None
    state = world.machine.heart.engine.state
    handed = [p.id for p in state.parcels.values() if p.custody in (Custody.STORED, Custody.COLLECTING)]
    for parcel in handed:
        if parcel not in world.truth.with_recipient and state.parcels[parcel].compartment is not None:
            assert await world.collect(parcel, stubborn=True), f"{parcel} cannot be had"
            await world.sleep(5, 10)
            assert parcel in world.carrier.collected
    world.check()


def replay(world: World) -> State:
    """The fold of the whole journal from its first record, private parts that were erased being gone."""
    state = State()
    with closing(sqlite3.connect(world.machine.directory / "journal.db")) as connection:
        for _, _, raw, private in records_with_private(connection, 1, 1_000_000):
            assert isinstance(raw, bytes)
            record = parse(raw)
            part = open_private(private) if isinstance(private, bytes) else None
            state = evolve(state, record.event(part), record.stamp)
    return state


@pytest.mark.parametrize("seed", SEEDS)
def test_a_day_with_faults_strands_nobody_and_opens_nothing_it_should_not(seed: int, disk: Path) -> None:
    async def whole() -> None:
        await day(World(disk, seed))

    run_virtual(whole())


def test_the_journal_read_from_its_first_record_gives_the_locker_as_it_is(disk: Path) -> None:
    async def whole() -> None:
        world = World(disk, 7)
        await day(world)
        heart = await world.machine.switch_on()
        live = heart.engine.state
        world.machine.kill()
        await world.machine.gone()
        assert replay(world) == live
        assert world.machine.boots > 2

    run_virtual(whole())


def test_one_seed_is_one_history(disk: Path) -> None:
    async def history(directory: Path) -> bytes:
        world = World(directory, 3)
        await day(world)
        return world.carrier.head

    heads = {run_virtual(history(disk / name)) for name in ("first", "second")}
    assert len(heads) == 1
