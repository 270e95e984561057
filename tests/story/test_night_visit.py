"""Nights at a whole locker: a technician with badge and PIN takes stock; somebody is shut in; a wrong door opens."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
from support.keyring import key_set
from support.locker_folder import GOOD, make_folder
from support.on_a_loop import eventually, on_a_loop

from controller.contract.pin_verifier import make_verifier
from controller.contract.technician_badge import make_technician_badge
from controller.device.app import Locker, open_locker
from controller.device.settings import load
from controller.domain import events as ev
from controller.domain import inputs as put
from controller.domain.commands import Command, ExpectParcel, UnlockCompartment, UpsertDriver
from controller.domain.ids import (
    CarrierId,
    CompartmentId,
    DriverId,
    Jti,
    KeyId,
    ParcelId,
    Purpose,
    Role,
    SessionId,
    WallMs,
)
from controller.domain.labels import parse_label
from controller.domain.staff import Scope
from firmware_bridge.cabinet import Cabinet
from firmware_bridge.computer import SimulatedComputer
from firmware_bridge.timers import ThreadTimers
from kiosk.service import Serving, serve

LABEL, PIN, HOUR_MS = "RR473124829GB", "274915", 3_600_000
A01, A02 = CompartmentId("A01"), CompartmentId("A02")
CHANNELS = {A01: 1, A02: 2}
ACME = CarrierId("acme")


@dataclass
class Night:
    """A locker in the street, its doors, its screen, and what came on record."""

    locker: Locker
    cabinet: Cabinet
    page: httpx2.AsyncClient
    events: list[ev.Event] = field(default_factory=list)

    async def post(self, path: str, **body: object) -> dict[str, object]:
        answer = await self.page.post(f"/api/{path}", json=body)
        assert answer.status_code == 200, answer.text
        said: dict[str, object] = answer.json()
        return said

    async def command(self, command: Command, role: Role, carrier: CarrierId | None, number: int) -> None:
        now = self.locker.heart.engine.now().wall
        jti, until = Jti(f"night-{number}"), WallMs(now + 20_000)
        arrived = put.CommandArrived(jti, KeyId("k"), role, carrier, now, until, None, False, command, "seed")
        await self.locker.heart.engine.ask(arrived)

    async def shut(self, id: CompartmentId) -> None:
        """The door springs open, and is pushed shut."""
        state = self.locker.heart.engine
        await eventually(lambda: state.state.compartments[id].door.value == "open")
        await eventually(lambda: self.cabinet.close_door(CHANNELS[id]))
        await eventually(lambda: state.state.compartments[id].door.value == "closed")

    async def deposit(self) -> CompartmentId:
        """A driver brings one parcel."""
        engine, session = self.locker.heart.engine, SessionId("driver")
        await self.command(ExpectParcel(parcel=ParcelId("P1"), label=LABEL, carrier=ACME), Role.CARRIER, ACME, 1)
        now = engine.now().wall
        badge = put.BadgeShown(session, Jti("b"), DriverId("d"), ACME, now, WallMs(now + HOUR_MS))
        for item in (badge, put.LabelScanned(session, parse_label(LABEL)), put.PlanAcknowledged(session)):
            await engine.ask(item)
        [id] = [parcel.compartment for parcel in engine.state.parcels.values()]
        assert id is not None
        await self.shut(id)
        await engine.ask(put.DepositDone(session))
        await engine.ask(put.SessionEnded(session, "asked"))
        return id

    def named(self, kind: type[ev.Event]) -> list[ev.Event]:
        return [event for event in self.events if isinstance(event, kind)]


@asynccontextmanager
async def night(folder: Path) -> AsyncIterator[Night]:
    settings = load(make_folder(folder, GOOD))
    timers = ThreadTimers("cabinet")
    cabinet = Cabinet(CHANNELS.values(), timers)
    opened = open_locker(settings, cabinets={"main": cabinet}, services={"kiosk": serve}, computer=SimulatedComputer())
    try:
        async with opened as locker:
            serving = locker.services["kiosk"]
            assert isinstance(serving, Serving)
            async with httpx2.AsyncClient(base_url=serving.url) as page:
                seen = Night(locker, cabinet, page)
                locker.heart.engine.follow(lambda happened: seen.events.extend(item.event for item in happened))
                yield seen
    finally:
        timers.close()


@on_a_loop
async def test_a_technician_takes_stock_at_night_and_finds_a_parcel_gone(tmp_path: Path) -> None:
    async with night(tmp_path) as seen:
        held = await seen.deposit()
        verifier = await asyncio.to_thread(make_verifier, PIN, bytes(16))
        technician = UpsertDriver(driver=DriverId("t1"), scope=(Scope.TECHNICIAN,), pin=verifier)
        await seen.command(technician, Role.OPERATOR, None, 2)
        now = WallMs(int(time.time() * 1000))
        badge = make_technician_badge(
            DriverId("t1"),
            key=key_set().keys["operator"],
            lockers=("L0042",),
            jti=Jti("t-badge"),
            not_before=WallMs(now - HOUR_MS),
            expires_at=WallMs(now + HOUR_MS),
        )

        assert (await seen.post("driver/badge", badge=badge))["result"] == "accepted"
        assert (await seen.post("technician/audit"))["reason"] == "not_signed_in"
        assert (await seen.post("technician/pin", pin="111222"))["reason"] == "pin_wrong"
        assert (await seen.post("technician/pin", pin=PIN))["result"] == "accepted"
        await seen.post("technician/lock-out")
        await seen.post("technician/audit")
        for id in (A01, A02):
            assert (await seen.post("technician/audit-door"))["compartments"] == [id]
            await seen.shut(id)
            await seen.post("technician/seen", found="empty")
        await seen.post("technician/end-audit")
        await seen.post("technician/end-lock-out")
        await seen.post("technician/sign-out")

        [finished] = seen.named(ev.AuditFinished)
        assert isinstance(finished, ev.AuditFinished)
        assert (finished.complete, finished.missing) == (True, ("acme/P1",))
        [removed] = seen.named(ev.CustodyRemoved)
        assert isinstance(removed, ev.CustodyRemoved)
        assert (removed.compartment, removed.reason) == (held, "missing")
        assert seen.locker.heart.engine.state.parcels == {}
        assert PIN not in repr(seen.events)


@on_a_loop
async def test_somebody_shut_in_is_let_out_and_no_parcel_is_laid_open(tmp_path: Path) -> None:
    async with night(tmp_path) as seen:
        held = await seen.deposit()
        vacant = A02 if held == A01 else A01
        await seen.post("visit/help")
        await seen.post("visit/someone-inside")
        assert (await seen.post("visit/let-out"))["compartments"] == [vacant]
        await eventually(lambda: seen.named(ev.UnlockSeriesEnded))
        doors = seen.cabinet.doors()
        assert (doors[CHANNELS[vacant]].open, doors[CHANNELS[held]].open) == (True, False)
        assert len(seen.named(ev.SomeoneInside)) == 1
        unlocked = [e for e in seen.named(ev.UnlockAuthorised) if isinstance(e, ev.UnlockAuthorised)]
        assert [e.compartment for e in unlocked if e.purpose is Purpose.SOMEONE_INSIDE] == [vacant]


@on_a_loop
async def test_a_wrong_door_opens_and_nothing_more_is_unlocked_until_somebody_has_looked(tmp_path: Path) -> None:
    async with night(tmp_path) as seen:
        engine = seen.locker.heart.engine
        seen.cabinet.jam(CHANNELS[A01], True)
        await engine.ask(put.LocalCommand(UnlockCompartment(compartment=A01), "a look"))
        seen.cabinet.force(CHANNELS[A02])
        await eventually(lambda: seen.named(ev.DoorWiringFault))
        assert engine.state.compartments[A01].quarantine == engine.state.compartments[A02].quarantine == "wiring_fault"
        await seen.post("visit/someone-inside")
        assert (await seen.post("visit/let-out"))["reason"] == "none_vacant"
        assert len(seen.named(ev.UnlockAuthorised)) == 1
