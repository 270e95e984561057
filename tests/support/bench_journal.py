"""Fills a real locker's journal with a long past: `python -m support.bench_journal DIR EVENTS`."""

import asyncio
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

from controller.contract.device_keys import DeviceKeys
from controller.contract.jose import sign, verify
from controller.device.settings import load
from controller.domain import events as ev
from controller.domain.evolve import evolve
from controller.domain.ids import ClockQuality, CompartmentId, Door, MonoMs, WallMs
from controller.domain.stamp import Stamp
from controller.journal.chain import Signatures
from controller.journal.database import Disk
from controller.journal.opening import open_journal
from controller.journal.tables import Batch

AT_ONCE = 500


async def main(directory: Path, events: int) -> None:
    """Doors that open and close, all day long, after a first start of this locker."""
    settings = load(directory / "locker.toml")
    folder = settings.locker.data_dir / "keys"
    folder.mkdir(parents=True)
    keys = DeviceKeys.load_or_create(folder)
    signatures = Signatures(
        lambda payload, typ: sign(payload, keys.sign, typ),
        lambda token, typ: verify(token, typ, lambda kid: keys.sign)[0],
    )
    unsynced = Disk(synchronous="OFF")
    journal = open_journal(
        settings.locker.data_dir, settings.locker.id, "bench", signatures, lambda: "ab" * 16, unsynced
    )
    state, stamp = journal.state, Stamp(WallMs(1_790_000_000_000), MonoMs(0), 1, ClockQuality.NTP)
    doors = [spec.id for spec in settings.specs()]
    history = [ev.StreamStarted(software="bench"), ev.BootStarted(software="bench", unwatched_s=None)]
    history += [ev.ConfigApplied(sha256=settings.cabinet_sha256(), compartments=settings.specs())]
    history += [ev.DoorSeen(compartment=id, door=Door.CLOSED) for id in doors]
    cycle = partial(_cycle, doors)
    while len(history) < events:
        history += cycle(len(history))
    for start in range(0, events, AT_ONCE):
        chunk = []
        for event in history[start : start + AT_ONCE]:
            stamp = replace(stamp, wall=WallMs(stamp.wall + 500), mono=MonoMs(stamp.mono + 500))
            chunk.append(journal.sealer.seal(event, stamp, bytes(16)))
            state = evolve(state, event, stamp)
        await journal.store.commit(Batch(tuple(chunk)))
    await journal.snapshot(state)
    await journal.close()


def _cycle(doors: list[CompartmentId], number: int) -> list[ev.Event]:
    door = doors[number % len(doors)]
    return [ev.DoorForced(compartment=door), ev.DoorClosed(compartment=door, open_ms=MonoMs(500))]


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
