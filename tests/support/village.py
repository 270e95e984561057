"""A village with one locker: its rules in hand, its touchscreen over HTTP, and everybody who comes to either.

Time is turned by hand. What people can do at the screen they do there; carriers speak as signed commands do.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from support.doorway import FakeDoorway, a_site
from support.keyring import device_keys
from support.locker_heart import CABINET
from support.locker_in_hand import NORTH, LockerInHand, s10_label
from support.locker_rules import SECRET
from support.policies import a_laddered_policy

from controller.contract.jose import Typ, sign
from controller.device.doorway import DoorPlace
from controller.device.seams import Committed
from controller.domain import events as ev
from controller.domain.answers import Answer
from controller.domain.ids import CarrierId, CodeHmac, CompartmentId, DriverId, Jti, MonoMs, ParcelId, SessionId, WallMs
from controller.domain.inputs import BadgeRejected, BadgeShown, Input, TechnicianShown
from controller.domain.policy import Policy
from controller.domain.rules import Rule
from controller.domain.site import WITH_A_SCREEN
from controller.domain.state import State
from controller.journal.chain import Head, Sealer
from kiosk.assembly import Assembled, assemble
from kiosk.times import Times

Said = dict[str, Any]
DAY_MS = 86_400_000
INK = [[[100, 200], [300, 100], [500, 300], [900, 200]]]
"""Somebody's name, as a finger draws it."""
_STEP_MS = 5000


class VillageLocker(LockerInHand):
    """Tells what it puts on record."""

    def __init__(self, policy: Policy, cabinet: Sequence[ev.CompartmentSpec]) -> None:
        self.heard: Callable[[Sequence[Committed], State], None] = lambda committed, state: None
        self._told = 0
        super().__init__(policy, cabinet)

    def _put(self, item: Input) -> Answer:
        answer = super()._put(item)
        new = self.history[self._told :]
        committed = tuple(Committed(self._told + n, at, event) for n, (at, event) in enumerate(new, 1))
        self._told = len(self.history)
        if committed:
            self.heard(committed, self.state)
        return answer


class VillageDoorway(FakeDoorway):
    """The locker in hand as the touchscreen sees it. A badge reads `d-7 north`."""

    locker: VillageLocker

    def __post_init__(self) -> None:
        """The locker has started already."""

    def put(self, item: Input) -> Answer:
        return self.locker.put(item)

    def heard(self, committed: Sequence[Committed], state: State) -> None:
        self._state = state
        for listener in tuple(self._listeners):
            listener(committed, state)

    def now(self) -> MonoMs:
        return self.locker.at.mono

    def typed_code(self, text: str) -> CodeHmac | None:
        return CodeHmac(f"{SECRET}{text}")

    def shown_badge(self, text: str, session: SessionId) -> BadgeShown | TechnicianShown | BadgeRejected:
        driver, carrier = text.split()
        now, jti = self.locker.at.wall, Jti(f"badge-{self.locker.next_number('badge')}")
        return BadgeShown(session, jti, DriverId(driver), CarrierId(carrier), now, WallMs(now + DAY_MS))


class Visitor:
    """One person at the screen, with a page of their own."""

    def __init__(self, village: "Village", client: httpx2.AsyncClient) -> None:
        self._village = village
        self._client = client

    async def does(self, path: str, **body: object) -> Said:
        """What the locker says to it."""
        answer = await self._client.post(f"/api/{path}", json=body)
        assert answer.status_code == 200, answer.text
        said: Said = answer.json()
        return said

    async def signs_in(self, carrier: CarrierId = NORTH, driver: str = "d-7") -> None:
        """As a driver."""
        assert (await self.does("driver/badge", badge=f"{driver} {carrier}"))["result"] == "accepted"

    async def puts_in(self, serial: int) -> Said:
        """A driver's parcel, from its label to *Done*; what was said where it is not taken in."""
        plan = await self.does("driver/label", label=s10_label(serial))
        opened = await self.does("driver/plan", acknowledged=True) if plan["result"] == "accepted" else plan
        if opened["result"] != "accepted":
            return opened
        self._village.shut(opened["compartments"])
        return await self.does("driver/done")

    async def types_code(self, serial: int) -> Said:
        """Of this parcel's pickup."""
        return await self.does("pickup", code=self._village.code(serial))

    async def takes(self, opened: Said) -> CompartmentId:
        """Takes out what is behind the door that sprang open, shuts it, and is content."""
        assert opened["result"] == "accepted", opened
        (door,) = opened["compartments"]
        self._village.shut([door])
        await self.does("visit/got-it")
        return CompartmentId(door)

    async def goes(self) -> None:
        """Home, for the next one."""
        kiosk = self._village.kiosk
        while kiosk.desk.visit is not None:
            if (await self.does("visit/got-it"))["result"] != "accepted":
                await self.does("visit/start-again")


class Village:
    """Everything in reach."""

    ONE_DOOR = CABINET[1:2]

    def __init__(self, locker: VillageLocker, kiosk: Assembled) -> None:
        self.locker = locker
        self.kiosk = kiosk
        self._clients: list[httpx2.AsyncClient] = []

    def visitor(self) -> Visitor:
        """Somebody comes to the screen."""
        client = httpx2.AsyncClient(transport=httpx2.ASGITransport(self.kiosk.app), base_url="http://127.0.0.1:8080")
        self._clients.append(client)
        return Visitor(self, client)

    async def delivered(self, *serials: int, carrier: CarrierId = NORTH, **more: Any) -> list[Said]:
        """The carrier announces these, and one driver brings them and goes; what was said to each."""
        for serial in serials:
            self.locker.expect(serial, carrier, **more)
        driver = self.visitor()
        await driver.signs_in(carrier)
        said = [await driver.puts_in(serial) for serial in serials]
        await driver.does("driver/sign-out")
        await driver.goes()
        return said

    def screen(self) -> str:
        """The visitor's."""
        return str(self.kiosk.desk.screen(own=True)["screen"])

    def facts(self) -> dict[str, Any]:
        """What it says."""
        facts = self.kiosk.desk.screen(own=True)["facts"]
        assert isinstance(facts, dict)
        return facts

    def code(self, serial: int) -> str:
        """What the recipient of this parcel was told."""
        return self.locker.code_of(serial).removeprefix(SECRET)

    def shut(self, doors: Sequence[str]) -> None:
        """They stand open, and are pushed shut."""
        for door in map(CompartmentId, doors):
            assert self.locker.cabinet.doors[door].open, f"{door} did not open"
            self.locker.pass_ms(4000)
            self.locker.closes(door)

    def told(self, parcel: ParcelId) -> list[str]:
        """Everything that its recipient was to be told, in order."""
        asked = self.locker.all(ev.NotificationRequested)
        return [each.kind.value for each in asked if each.parcel == parcel]

    async def waits(self, ms: int) -> None:
        """Nobody touches anything for so long; the screen has its own patience."""
        for _ in range(ms // _STEP_MS):
            self.locker.pass_ms(_STEP_MS)
            self.kiosk.desk.pass_time()
            await asyncio.sleep(0)

    def records(self) -> list[bytes]:
        """The journal as it is exported."""
        sealer = Sealer("5" * 32, "L0042", Head(), lambda payload: sign(payload, device_keys().sign, Typ.PROOF))
        return [sealer.seal(event, at, bytes(16)).bytes for at, event in self.locker.history]

    async def end(self) -> None:
        """Everybody goes home, and the journal read from its start gives the locker as it is."""
        for client in self._clients:
            await client.aclose()
        self.locker.check_replay()


@asynccontextmanager
async def a_village(
    *rules: Rule, cabinet: Sequence[ev.CompartmentSpec] = CABINET, **figures: Any
) -> AsyncIterator[Village]:
    """Its locker has the product's rules and ladders, with these before its own."""
    policy = a_laddered_policy(*rules, **{"obtains": WITH_A_SCREEN} | figures)
    places = tuple(DoorPlace(spec.id, spec.size, 0, row) for row, spec in enumerate(cabinet))
    locker, doorway = VillageLocker(policy, cabinet), VillageDoorway(a_site(places=places), policy)
    doorway.locker, locker.heard = locker, doorway.heard
    doorway.heard((), locker.state)
    async with asyncio.TaskGroup() as group:
        kiosk = assemble(doorway, Times(), demo=False, requests_per_s=100_000, extra={}, spawn=group.create_task)
        village = Village(locker, kiosk)
        yield village
        await village.end()
        await kiosk.close()
