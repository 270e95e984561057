"""`docs/walkthrough.md` says which code a pickup passes, in order. Here one passes, and is watched."""

import asyncio
import http.client
import importlib
import inspect
import json
import random
import re
import secrets
import sys
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from types import CodeType, FrameType

from support.bench_locker import CARRIER, write_config
from support.broker import Mosquitto
from support.on_a_loop import eventually

from controller.contract.broker import Broker
from controller.contract.topics import DEFAULT_ROOT
from controller.device.app import Locker, open_locker
from controller.device.clock import machine_wall_ms
from controller.device.mqtt_link import MqttLink
from controller.device.seams import Committed
from controller.device.settings import load
from controller.domain import events as ev
from controller.domain import inputs as put
from controller.domain.answers import DoorUnlocked
from controller.domain.ids import CompartmentId, DriverId, Jti, ParcelId, SessionId, Size, WallMs
from controller.domain.labels import parse_label
from controller.journal.store import Inline
from controller.remote.carrier_desk import CarrierDesk
from controller.remote.carrier_store import CarrierStore
from controller.remote.key_set import KeySet
from firmware_bridge.cabinet import Cabinet
from firmware_bridge.responders.kerong import Cu48Boards
from firmware_bridge.simulated_line import SimulatedLine
from firmware_bridge.timers import ThreadTimers

PAGE = Path(__file__).parents[2] / "docs" / "walkthrough.md"
STEP = re.compile(r"^\| .* \| `(?P<file>[a-z_/]+\.py)` `(?P<name>[A-Za-z_.]+)` \|$", re.MULTILINE)
LABEL = "RR473124829GB"
LOCKER = "BENCH"


def steps() -> list[tuple[str, CodeType]]:
    """Every step of the page, and the code it names."""
    return [(f"{file} {name}", _code(file, name)) for file, name in STEP.findall(PAGE.read_text())]


def _note(happened: "asyncio.Queue[ev.Event]", committed: Sequence[Committed]) -> None:
    for item in committed:
        happened.put_nowait(item.event)


def _code(file: str, name: str) -> CodeType:
    found: object = importlib.import_module(file.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    for part in name.split("."):
        found = getattr(found, part)
    assert inspect.isfunction(found), f"the walkthrough names {file} {name}, which is no function"
    return found.__code__


class Watch:
    """Notes every call of some functions, in all threads that begin while it looks."""

    def __init__(self, wanted: list[CodeType]) -> None:
        self._wanted = set(wanted)
        self.on = False
        self.calls: list[CodeType] = []

    def __call__(self, frame: FrameType, event: str, arg: object) -> None:
        if self.on and event == "call" and frame.f_code in self._wanted:
            self.calls.append(frame.f_code)

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Threads that begin in here are watched as well as this one."""
        threading.setprofile(self)
        sys.setprofile(self)
        try:
            yield
        finally:
            sys.setprofile(None)
            threading.setprofile(None)


def test_a_pickup_passes_every_step_of_the_walkthrough_in_order(tmp_path: Path) -> None:
    told = steps()
    watch = Watch([code for _, code in told])
    timers = ThreadTimers("cabinet")
    cabinet = Cabinet(range(1, 49), timers)
    line = SimulatedLine(Cu48Boards({0: cabinet}))
    broker = Mosquitto(tmp_path)
    broker.start()
    try:
        with watch.looking():
            asyncio.run(one_pickup(tmp_path, line, cabinet, broker.port, watch))
    finally:
        broker.stop()
        line.close()
        timers.close()
    calls = iter(watch.calls)
    for name, code in told:
        assert code in calls, f"{name} was not called where the walkthrough says so"


async def one_pickup(folder: Path, line: SimulatedLine, cabinet: Cabinet, port: int, watch: Watch) -> None:
    settings = load(write_config(folder, line.port, 2, f"mqtt://127.0.0.1:{port}"))
    async with open_locker(settings) as locker, carrier(folder, port) as desk:
        happened: asyncio.Queue[ev.Event] = asyncio.Queue()
        locker.heart.engine.follow(lambda committed: _note(happened, committed))
        await desk.expect(LOCKER, ParcelId("P1"), LABEL, size=Size.M)
        await deposit(locker, cabinet, happened)
        await eventually(lambda: desk.code_of(LOCKER, ParcelId("P1")) is not None)
        code = desk.code_of(LOCKER, ParcelId("P1")) or ""
        watch.on = True
        url = getattr(locker.services["kiosk"], "url", "")
        assert (await asyncio.to_thread(_type, url, code))["result"] == "accepted"
        await _until(happened, ev.DoorOpened)
        await shut(cabinet)
        await _until(happened, ev.CustodyCollected)
        await eventually(lambda: locker.uplink.outbox.cursor == locker.heart.engine.state.sequence)
        watch.on = False


async def deposit(locker: Locker, cabinet: Cabinet, happened: "asyncio.Queue[ev.Event]") -> None:
    """A driver puts the parcel into A0000."""
    engine, session = locker.heart.engine, SessionId("driver")
    await _until(happened, ev.ParcelExpected)
    now = engine.now().wall
    await engine.ask(put.BadgeShown(session, Jti("b"), DriverId("d"), CARRIER, now, WallMs(now + 60_000)))
    await engine.ask(put.LabelScanned(session, parse_label(LABEL)))
    assert await engine.ask(put.PlanAcknowledged(session)) == DoorUnlocked((CompartmentId("A0000"),))
    await _until(happened, ev.DoorOpened)
    await shut(cabinet)
    await _until(happened, ev.DoorClosed)
    await engine.ask(put.DepositDone(session))
    await engine.ask(put.SessionEnded(session, "asked"))


@asynccontextmanager
async def carrier(folder: Path, port: int) -> AsyncIterator[CarrierDesk]:
    """A reference carrier at the other end of the broker."""
    link = MqttLink(Broker("127.0.0.1", port, tls=False), "carrier", chance=random.random)
    store = CarrierStore(folder / "carrier.db")
    desk = CarrierDesk(
        link,
        DEFAULT_ROOT,
        keys=KeySet.load(folder / "keys"),
        store=store,
        runner=Inline(),
        wall=lambda: WallMs(machine_wall_ms()),
        fresh=lambda: secrets.token_hex(8),
        tell=lambda notice: None,
    )
    async with asyncio.TaskGroup() as group:
        running = [group.create_task(part.run()) for part in (link, desk)]
        yield desk
        for task in running:
            task.cancel()
    store.close()


async def shut(cabinet: Cabinet) -> None:
    """Push the door until it stays; its bolt is drawn for as long as the pulse lasts."""
    await eventually(lambda: cabinet.close_door(1))


async def _until(happened: "asyncio.Queue[ev.Event]", wanted: type[ev.Event]) -> None:
    while not isinstance(await happened.get(), wanted):
        pass


def _type(url: str, code: str) -> dict[str, object]:
    with closing(http.client.HTTPConnection(url.removeprefix("http://"))) as connection:
        connection.request("POST", "/api/pickup", json.dumps({"code": code}), {"Content-Type": "application/json"})
        said: dict[str, object] = json.loads(connection.getresponse().read())
    return said
