"""A whole locker on virtual time that can be switched on, killed at any step of its heart, and switched on again.

The cabinet and the disk outlive it; everything else is gone with the process. Cryptography is a stand-in.
"""

import asyncio
import base64
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from support.policies import a_policy
from support.virtual_loop import VirtualLoop

from controller.contract.jose import Flaw, NotTrusted, Typ
from controller.device.clock import LockerClock
from controller.device.heart import Heart, assemble
from controller.device.wiring import Place, Wires
from controller.domain.events import CompartmentSpec
from controller.domain.ids import CarrierId, CodeHmac, CompartmentId, ParcelId, Size
from controller.domain.inputs import FreshCode, Started
from controller.domain.policy import Policy
from controller.journal.chain import Signatures
from controller.journal.database import Disk
from controller.journal.opening import open_journal
from controller.journal.store import Inline
from controller.journal.tables import Batch
from firmware_bridge.cabinet import Cabinet
from firmware_bridge.simulated_board import SimulatedBoard
from firmware_bridge.supply import Supply, SupplyRules

EPOCH_MS = 1_790_000_000_000
IN_MEMORY_ENOUGH = Disk(synchronous="OFF", wal_bytes=0, ballast_bytes=0)
SIZES = (Size.S, Size.M, Size.M, Size.L, Size.M, Size.S, Size.L, Size.XL)


class PowerCut(Exception):
    """The process ended here, and did nothing more."""


@dataclass
class LoopTimers:
    """The bridge's timers on the virtual loop."""

    loop: VirtualLoop

    def now_ms(self) -> int:
        return self.loop.now_ms()

    def call_later(self, delay_ms: int, call: Callable[[], None], /) -> object:
        return self.loop.call_later(delay_ms / 1000, call)


def _sign(payload: bytes, typ: Typ) -> str:
    return f"{base64.urlsafe_b64encode(typ.encode()).decode()}.{base64.urlsafe_b64encode(payload).decode()}"


def _verify(token: str, typ: Typ) -> bytes:
    kind, _, payload = token.partition(".")
    if base64.urlsafe_b64decode(kind).decode() != typ.value:
        raise NotTrusted(Flaw.WRONG_TYPE)
    return base64.urlsafe_b64decode(payload)


class StandInSecrets:
    """Codes of one seed; "sealed" is the code and a colon and the parcel."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance

    def fresh_codes(self, parcel: ParcelId, carrier: CarrierId, digits: int) -> tuple[FreshCode, ...]:
        codes = [f"{self._chance.randrange(10**digits):0{digits}d}" for _ in range(3)]
        return tuple(FreshCode(hmac_of(code), f"{code}:{parcel}") for code in codes)

    def salt(self) -> bytes:
        return self._chance.randbytes(16)


def hmac_of(code: str) -> CodeHmac:
    """The stand-in for the device's HMAC."""
    return CodeHmac(f"hmac-of-{code}")


class Machine:
    """One locker: its disk, its cabinet, and the process that comes and goes."""

    def __init__(self, directory: Path, chance: Random, *, doors: int = 8, policy: Policy | None = None) -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        self.loop = loop
        self.chance = chance
        self.policy = policy or a_policy()
        self.directory = directory
        self.timers = LoopTimers(loop)
        self.cabinet = Cabinet(range(1, doors + 1), self.timers)
        self.specs = tuple(
            CompartmentSpec(CompartmentId(f"A{n:02}"), SIZES[(n - 1) % len(SIZES)], supply="psu")
            for n in range(1, doors + 1)
        )
        self.locks = {n: n for n in range(1, doors + 1)}
        """The channel of each door's lock, as the configuration has it and the wires may not."""
        self.parcel_sensors = False
        self.heart: Heart | None = None
        self.cut_at: str | None = None
        """The step of the heart at which the next commit meets the power cut: `sealed`, `durable` or `pulsed`."""
        self.boots = 0
        self.errors: list[BaseException] = []
        """What ended a process other than we did: bugs."""
        self.switched_on: list[Callable[[Heart], None]] = []
        self._running: asyncio.Task[None] | None = None

    async def switch_on(self) -> Heart:
        """Start the process and wait until it has looked at its doors. Raises PowerCut when it is cut meanwhile."""
        journal = open_journal(
            self.directory,
            "L1",
            "sim",
            Signatures(_sign, _verify),
            lambda: self.chance.randbytes(16).hex(),
            IN_MEMORY_ENOUGH,
            Inline,
        )
        self.boots += 1
        clock = LockerClock(
            journal.state.last,
            wall_ms=lambda: EPOCH_MS + self.loop.now_ms(),
            mono_ms=self.loop.now_ms,
            synchronised=lambda: True,
        )
        supply = Supply(SupplyRules("psu"), self.timers)
        board = SimulatedBoard("main", self.cabinet, supply, self.timers, parcel_sensors=self.parcel_sensors)
        wires = {
            spec.id: Wires(Place("main", self.locks[n]), Place("main", n)) for n, spec in enumerate(self.specs, start=1)
        }
        heart = assemble(
            journal,
            clock=clock,
            secrets=StandInSecrets(self.chance),
            policy=self.policy,
            boards={"main": board},
            supplies={"psu": supply},
            wires=wires,
            post=self.loop.call_soon,
            later=self.timers.call_later,
        )
        self._break(heart)
        self.heart = heart
        self._running = asyncio.create_task(heart.engine.run())
        self._running.add_done_callback(partial(self._ended, heart))
        for listener in self.switched_on:
            listener(heart)
        await heart.start(Started("sim", "cafe", self.specs, clock.boot))
        return heart

    def kill(self) -> None:
        """End the process where it stands, at an await of its loop."""
        if self._running is not None:
            self._running.cancel()

    async def switch_off(self) -> None:
        """A clean stop."""
        assert self.heart is not None
        heart = self.heart
        await heart.stop()
        await heart.close()
        self.heart = None

    async def gone(self) -> None:
        """Wait until the process is gone."""
        if self._running is not None:
            await asyncio.wait([self._running])
            await asyncio.sleep(0)

    @property
    def on(self) -> bool:
        return self._running is not None and not self._running.done()

    def channel(self, compartment: CompartmentId) -> int:
        return int(compartment[1:])

    def _ended(self, heart: Heart, running: asyncio.Task[None]) -> None:
        if self.heart is heart:
            self.heart = None
        error = None if running.cancelled() else running.exception()
        if running.cancelled() or error is not None:
            heart.drop()
        if error is not None and not isinstance(error, PowerCut):
            self.errors.append(error)

    def _break(self, heart: Heart) -> None:
        """Let the power be cut between the steps of a commit."""
        store = heart.journal.store
        commit = store.commit

        async def breakable(batch: Batch) -> None:
            step, self.cut_at = self.cut_at, None
            if step is None:
                return await commit(batch)
            if step == "sealed":
                raise PowerCut(step)
            silent = Batch(batch.records, batch.erase, batch.cursor, batch.on_durable if step == "pulsed" else _nothing)
            await commit(silent)
            raise PowerCut(step)

        store.commit = breakable  # type: ignore[method-assign]  # the one place where a step can be cut short


def _nothing() -> None:
    """The power went before the unlocks were handed over."""
