"""A town of one locker: a carrier, its drivers and recipients, vandals and power cuts, all from one seed."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from random import Random

from support.machine import EPOCH_MS, Machine, hmac_of

from controller.contract.record import parse
from controller.device.engine import Unavailable
from controller.device.heart import Heart
from controller.device.seams import Committed
from controller.domain import events as ev
from controller.domain import inputs as put
from controller.domain.answers import Answer, CommandAnswer, DoorUnlocked, PlanShown, Refused, SignedIn, Stored
from controller.domain.commands import Command, ExpectParcel, UnblockCompartment, UnlockCompartment
from controller.domain.ids import (
    CarrierId,
    CompartmentId,
    Counter,
    DriverId,
    Jti,
    KeyId,
    ParcelId,
    Role,
    SessionId,
    Size,
    WallMs,
)
from controller.domain.labels import Label, LabelKind
from controller.domain.naming import name_of, parcel_id
from firmware_bridge.lock_board import Door

CARRIER = CarrierId("swift")
STEPS = ("sealed", "durable", "pulsed")


@dataclass
class Truth:
    """What really happened, which the locker can only infer."""

    inside: dict[CompartmentId, ParcelId] = field(default_factory=dict)
    with_recipient: set[ParcelId] = field(default_factory=set)


@dataclass
class Carrier:
    """Reads the journal as it is published, and trusts nothing else."""

    codes: dict[ParcelId, str] = field(default_factory=dict)
    collected: list[ParcelId] = field(default_factory=list)
    next_sequence: int = 1
    head: bytes = bytes(32)

    def read(self, heart: Heart) -> None:
        """Catch up. Raises AssertionError for a gap, a reordering or a broken chain."""
        while rows := heart.journal.store.read(self.next_sequence, 500):
            for sequence, hashed, raw in rows:
                record = parse(raw)
                assert sequence == self.next_sequence, f"record {self.next_sequence} never came"
                assert record.place.prevhash == self.head, f"record {sequence} does not follow the one before"
                self.next_sequence, self.head = sequence + 1, hashed
                self._learn(record.event(None))

    def _learn(self, event: ev.Event) -> None:
        match event:
            case ev.CodeIssued() | ev.CodeReissued():
                code, _, parcel = event.code_jwe.partition(":")
                self.codes[ParcelId(parcel)] = code
            case ev.CustodyCollected():
                self.collected.append(event.parcel)
            case _:
                pass


class World:
    """Everything outside the locker's process, and the rules that hold whatever happens."""

    def __init__(self, directory: Path, seed: int, *, faults: bool = True) -> None:
        self.chance = Random(seed)
        self.machine = Machine(directory, Random(seed ^ 0xC0DE))
        self.machine.switched_on.append(self._watch)
        self.faults = faults
        self.truth = Truth()
        self.carrier = Carrier()
        self.authorised: dict[CompartmentId, int] = {}
        self.events = 0
        self._made = 0

    # --- asking the locker ----------------------------------------------------------------------------

    async def ask(self, item: put.Input) -> Answer | None:
        """The locker's answer; None when it is down or went down meanwhile."""
        heart = self.machine.heart
        if heart is None:
            return None
        try:
            return await heart.engine.ask(item)
        except Unavailable:
            return None

    async def command(self, command: Command, role: Role = Role.CARRIER) -> Answer | None:
        """A signed command, its signature having been checked."""
        now = self.wall()
        arrived = put.CommandArrived(
            jti=Jti(self.name("jti")),
            kid=KeyId(role.value),
            role=role,
            carrier=CARRIER if role is Role.CARRIER else None,
            issued_at=now,
            expires_at=WallMs(now + 30_000),
            ctr=Counter(self._made),
            nonce_good=True,
            command=command,
        )
        return await self.ask(arrived)

    # --- the day's people -----------------------------------------------------------------------------

    async def expect(self) -> ParcelId:
        """The carrier announces a parcel, and tries again until the locker knows of it."""
        parcel = parcel_id(CARRIER, self.name("p"))
        size = self.chance.choice(list(Size)[:3])
        classes = ("regulated",) if self.chance.random() < 0.05 else ()
        command = ExpectParcel(parcel=parcel, label=f"L-{name_of(parcel)}", carrier=CARRIER, size=size, classes=classes)
        for _ in range(100):
            answer = await self.command(command)
            if answer in (CommandAnswer("executed"), CommandAnswer("refused", "parcel_exists")):
                return parcel
            await self.sleep(5, 20)
        raise AssertionError("the locker never took an announcement in")

    async def deposit(self, parcel: ParcelId) -> None:
        """A driver's visit, to its end or to where the driver gives up."""
        session = SessionId(self.name("s"))
        now = self.wall()
        badge = put.BadgeShown(
            session, Jti(self.name("b")), DriverId("d7"), CARRIER, WallMs(now - 1000), WallMs(now + 3_600_000)
        )
        if not isinstance(await self.ask(badge), SignedIn):
            return
        label = Label(LabelKind.CARRIER, f"L-{name_of(parcel)}", len(name_of(parcel)) + 2)
        if isinstance(await self.ask(put.LabelScanned(session, label)), PlanShown) and not self.walks_away():
            opened = await self.ask(put.PlanAcknowledged(session))
            if isinstance(opened, DoorUnlocked):
                await self._load(session, opened.compartments[0], parcel)
        await self.sleep(1, 5)
        if not self.walks_away():
            await self.ask(put.SessionEnded(session, "asked"))
        else:
            await self.sleep(60, 70)
            await self.ask(put.SessionEnded(session, "idle"))

    async def _load(self, session: SessionId, compartment: CompartmentId, parcel: ParcelId) -> None:
        channel = self.machine.channel(compartment)
        if not await self.door_opens(channel):
            return
        await self.sleep(1, 10)
        assert compartment not in self.truth.inside, f"{compartment} was given out with {parcel}'s forerunner inside"
        self.machine.cabinet.put_item(channel)
        self.truth.inside[compartment] = parcel
        if self.walks_away():
            return
        self.machine.cabinet.close_door(channel)
        await self.sleep(1, 10)
        if self.chance.random() < 0.1 and await self._takes_back(session, compartment, channel):
            return
        if not self.walks_away():
            answer = await self.ask(put.DepositDone(session))
            assert answer is None or isinstance(answer, Stored | Refused), answer

    async def _takes_back(self, session: SessionId, compartment: CompartmentId, channel: int) -> bool:
        answer = await self.ask(put.TakeBackAsked(session))
        if not isinstance(answer, DoorUnlocked) or not await self.door_opens(channel):
            return False
        self.machine.cabinet.take_item(channel)
        del self.truth.inside[compartment]
        await self.sleep(1, 5)
        self.machine.cabinet.close_door(channel)
        await self.sleep(1, 2)
        return True

    async def collect(self, parcel: ParcelId, *, stubborn: bool = False) -> bool:
        """A recipient's visit: whether they came away with their parcel. A stubborn one never walks away."""
        code = self.carrier.codes.get(parcel)
        if code is None:
            return False
        session = SessionId(self.name("s"))
        if not stubborn and self.chance.random() < 0.2:
            await self.ask(put.CodeTyped(session, hmac_of("00000000")))
            await self.sleep(2, 5)
        answer = await self.ask(put.CodeTyped(session, hmac_of(code)))
        if not isinstance(answer, DoorUnlocked):
            return False
        (compartment,) = answer.compartments
        assert self.truth.inside.get(compartment) == parcel, f"{parcel}'s code opened {compartment}"
        channel = self.machine.channel(compartment)
        if not await self.door_opens(channel):
            return False
        await self.sleep(1, 10)
        self.machine.cabinet.take_item(channel)
        del self.truth.inside[compartment]
        self.truth.with_recipient.add(parcel)
        if not stubborn and self.walks_away():
            return True
        self.machine.cabinet.close_door(channel)
        await self.sleep(1, 3)
        return True

    async def door_opens(self, channel: int) -> bool:
        """Wait as long as a person would for a door to jump open."""
        for _ in range(30):
            await asyncio.sleep(0.5)
            if self.machine.cabinet.doors()[channel].open:
                return True
        return False

    # --- what goes wrong ------------------------------------------------------------------------------

    async def trouble(self) -> None:
        """One fault, of those that happen to lockers."""
        channel = self.chance.choice(self.machine.cabinet.channels)
        match self.chance.randrange(7):
            case 0:
                self.machine.cabinet.jam(channel, True)
            case 1:
                self.machine.cabinet.force(channel)
            case 2:
                self.machine.cabinet.stick_sensor(channel, self.chance.choice([Door.OPEN, Door.CLOSED]))
            case 3:
                self.machine.cabinet.lose_replies(True)
                await self.sleep(1, 30)
                self.machine.cabinet.lose_replies(False)
            case 4:
                self.machine.kill()
            case 5:
                self.machine.cut_at = self.chance.choice(STEPS)
            case _:
                compartment = self.machine.specs[channel - 1].id
                await self.command(UnlockCompartment(compartment=compartment), Role.OPERATOR)

    def heal(self) -> None:
        """Somebody comes by: everything mended, every door shut."""
        self.machine.cabinet.lose_replies(False)
        for channel in self.machine.cabinet.channels:
            self.machine.cabinet.jam(channel, False)
            self.machine.cabinet.stick_sensor(channel, None)
            self.machine.cabinet.close_door(channel)

    async def look_after(self) -> None:
        """A technician comes by: looks behind the doors of a wiring fault, takes away what is on nobody's record, and
        puts them back into service.
        """
        heart = self.machine.heart
        doors = [id for stopped in heart.engine.state.stopped.values() for id in stopped] if heart is not None else []
        for id in doors:
            assert heart is not None
            if self.truth.inside.get(id) != heart.engine.state.compartments[id].parcel:
                self.truth.inside.pop(id, None)
            await self.command(UnblockCompartment(compartment=id), Role.TECHNICIAN)

    async def keep_on(self) -> None:
        """Like systemd: a process that ended is started again."""
        while True:
            await self.machine.gone()
            assert not self.machine.errors, self.machine.errors
            await self.sleep(1, 60)
            await self.switch_on()

    async def switch_on(self) -> None:
        """Start the locker; a power cut while it starts is one more reason to."""
        try:
            heart = await self.machine.switch_on()
        except Unavailable:
            return
        self.carrier.read(heart)

    # --- rules ----------------------------------------------------------------------------------------

    def _watch(self, heart: Heart) -> None:
        for record in heart.journal.store.read(self.events + 1, 10_000):
            self._count(parse(record[2]).event(None))
        heart.engine.follow(self._committed)

    def _committed(self, committed: Sequence[Committed]) -> None:
        for happened in committed:
            self._count(happened.event)
        if self.machine.heart is not None:
            self.carrier.read(self.machine.heart)

    def _count(self, event: ev.Event) -> None:
        self.events += 1
        if isinstance(event, ev.UnlockAuthorised):
            self.authorised[event.compartment] = self.authorised.get(event.compartment, 0) + 1
        if isinstance(event, ev.CustodyDepositing):
            inside = self.truth.inside.get(event.compartment)
            assert inside is None, f"{event.compartment} is given out while {inside} is inside"

    def check(self) -> None:
        """What must hold at any moment."""
        pulses: dict[CompartmentId, int] = {}
        for pulse in self.machine.cabinet.pulses:
            id = self.machine.specs[pulse.channel - 1].id
            pulses[id] = pulses.get(id, 0) + 1
        for id, count in pulses.items():
            assert count <= self.authorised.get(id, 0), f"{id} was pulsed without an authorisation"
        spans = sorted((current.on_ms, current.off_ms) for current in self.machine.cabinet.currents)
        for (_, end), (start, _) in pairwise(spans):
            assert start >= end, "two locks were energised at a time"
        assert len(self.carrier.collected) == len(set(self.carrier.collected)), "a parcel was collected twice"

    # --- chance ---------------------------------------------------------------------------------------

    async def sleep(self, least_s: float, most_s: float) -> None:
        """Some time passes."""
        await asyncio.sleep(self.chance.uniform(least_s, most_s))

    def walks_away(self) -> bool:
        """Whether a person has better things to do, now."""
        return self.faults and self.chance.random() < 0.05

    def wall(self) -> WallMs:
        """What everybody's watch says."""
        return WallMs(EPOCH_MS + self.machine.loop.now_ms())

    def name(self, kind: str) -> str:
        """A name nobody had before."""
        self._made += 1
        return f"{kind}{self._made}"
