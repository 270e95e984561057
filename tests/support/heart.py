"""An engine on fakes that can be pushed: every step of the heart leaves a mark in one list, in order."""

import asyncio
from dataclasses import dataclass, field

from support.policies import a_policy

from controller.contract.record import GENESIS
from controller.device.engine import Engine
from controller.device.record_budget import RecordBudget
from controller.domain.events import CompartmentSpec
from controller.domain.ids import (
    CarrierId,
    ClockQuality,
    CodeHmac,
    CompartmentId,
    Door,
    MonoMs,
    ParcelId,
    Size,
    WallMs,
)
from controller.domain.inputs import DoorsRead, FreshCode, Started
from controller.domain.policy import Policy
from controller.domain.stamp import Stamp
from controller.domain.state import State
from controller.journal.chain import Head, Sealer
from controller.journal.errors import CommitFailed, DiskFull
from controller.journal.tables import Batch

START = Stamp(WallMs(1_790_000_000_000), MonoMs(0), 1, ClockQuality.NTP)


class HandClock:
    """Stands still until moved."""

    def __init__(self) -> None:
        self.at = START

    def stamp(self) -> Stamp:
        return self.at

    def pass_ms(self, ms: int) -> None:
        self.at = Stamp(WallMs(self.at.wall + ms), MonoMs(self.at.mono + ms), self.at.boot, self.at.clock)


@dataclass
class MarkedStore:
    """Keeps batches in memory; can be told to fail, or to hold a commit back until `gate` is set."""

    marks: list[str]
    batches: list[Batch] = field(default_factory=list)
    fails: bool = False
    full: bool = False
    gate: asyncio.Event | None = None
    entered: asyncio.Event = field(default_factory=asyncio.Event)

    async def commit(self, batch: Batch) -> None:
        self.marks.append(f"commit {len(batch.records)}")
        self.entered.set()
        if self.full:
            raise DiskFull
        if self.gate is not None:
            await self.gate.wait()
        if self.fails:
            raise CommitFailed("the disk said no")
        self.batches.append(batch)
        self.marks.append("durable")
        batch.on_durable()


@dataclass
class MarkedLocks:
    marks: list[str]
    how: str = ""

    def pulse(self, compartment: CompartmentId) -> None:
        self.marks.append(f"{self.how}pulse {compartment}")

    def stand_still(self, supplies: frozenset[str]) -> None:
        self.marks.append(f"stopped {sorted(supplies)}")


class CountedSecrets:
    """Codes `code-1`, `code-2`, … sealed to nobody."""

    def __init__(self) -> None:
        self._made = 0

    def fresh_codes(self, parcel: ParcelId, carrier: CarrierId, digits: int) -> tuple[FreshCode, ...]:
        self._made += 1
        return (FreshCode(CodeHmac(f"code-{self._made}"), f"sealed for {carrier}"),)

    def salt(self) -> bytes:
        return bytes(16)


class Heart:
    """Everything around one engine, in reach of a test."""

    def __init__(self, compartments: int = 3, policy: Policy | None = None) -> None:
        self.marks: list[str] = []
        self.clock = HandClock()
        self.store = MarkedStore(self.marks)
        self.specs = tuple(CompartmentSpec(CompartmentId(f"A{n:02}"), Size.M) for n in range(1, compartments + 1))
        self.engine = Engine(
            State(),
            store=self.store,
            sealer=Sealer("ab" * 16, "L1", Head(0, GENESIS), lambda payload: "proof"),
            clock=self.clock,
            secrets=CountedSecrets(),
            locks=MarkedLocks(self.marks),
            unattended=MarkedLocks(self.marks, "announced "),
            policy=policy or a_policy(),
            budget=RecordBudget(),
        )

    async def start(self) -> asyncio.Task[None]:
        """Run the engine, started and with every door seen shut."""
        running = asyncio.create_task(self.engine.run())
        await self.engine.ask(Started("1.0", "cafe", self.specs, 1))
        await self.engine.ask(DoorsRead(tuple((spec.id, Door.CLOSED) for spec in self.specs)))
        self.marks.clear()
        self.store.entered.clear()
        return running

    def names(self) -> list[str]:
        """The names of all events on record."""
        return [record.event.NAME for batch in self.store.batches for record in batch.records]
