"""Engine, wiring and journal as one thing that starts and stops in order. The whole locker, web and broker apart."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from controller.device.announcing import AnnouncedLocks
from controller.device.clock import Clock
from controller.device.engine import Engine
from controller.device.record_budget import RecordBudget
from controller.device.seams import Secrets
from controller.device.wiring import Place, Wires, Wiring
from controller.domain.contacts import Contact
from controller.domain.ids import CompartmentId
from controller.domain.inputs import Started
from controller.domain.policy import Policy
from controller.journal.journal import Journal
from firmware_bridge.lock_board import LockBoard
from firmware_bridge.supply import Supply


@dataclass(frozen=True, slots=True)
class Heart:
    """What beats. `engine.run` is to be run as a task by whoever starts it."""

    engine: Engine
    wiring: Wiring
    announced: AnnouncedLocks
    journal: Journal

    async def start(self, started: Started) -> None:
        """Put the start on record, then look at every door. Nothing is pulsed."""
        await self.engine.ask(started)
        self.wiring.stand_still(frozenset(self.engine.state.stopped))
        self.wiring.open(self.engine.tell)
        await self.engine.ask(await self.wiring.survey())

    async def stop(self) -> None:
        """Outputs off, then the clean stop on record."""
        self.wiring.close()
        await asyncio.sleep(0)  # what the boards said at their end is on the loop by now
        await self.engine.stop()

    async def close(self) -> None:
        """After a clean stop: a snapshot, and hands off the journal."""
        await self.journal.snapshot(self.engine.state)
        await self.journal.close()

    def drop(self) -> None:
        """Outputs off and hands off the journal: something failed, and nothing more may be written."""
        self.wiring.close()
        self.journal.let_go()


def assemble(
    journal: Journal,
    *,
    clock: Clock,
    secrets: Secrets,
    policy: Policy,
    boards: Mapping[str, LockBoard],
    supplies: Mapping[str, Supply],
    wires: Mapping[CompartmentId, Wires],
    contacts: Mapping[Place, Contact] | None = None,
    post: Callable[[Callable[[], None]], object],
    later: Callable[[int, Callable[[], None]], object],
) -> Heart:
    """Put the parts together; nothing starts yet. `post` hands a call over to the loop from any thread, `later` calls
    back after so many milliseconds.
    """
    wiring = Wiring(boards, supplies, wires, contacts, post=post, now_ms=lambda: clock.stamp().mono)
    announced = AnnouncedLocks(wiring, later)
    engine = Engine(
        journal.state,
        store=journal.store,
        sealer=journal.sealer,
        clock=clock,
        secrets=secrets,
        locks=wiring,
        unattended=announced,
        policy=policy,
        budget=RecordBudget(),
    )
    return Heart(engine, wiring, announced, journal)
