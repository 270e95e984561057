"""The daemon: opens everything in order, runs until it is told to stop or something fails, closes in reverse."""

import asyncio
import logging
import secrets
import signal
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import entry_points, version
from typing import Protocol

from controller.contract.device_keys import DeviceKeys
from controller.contract.jose import Typ, sign, verify
from controller.contract.keys import Keyring
from controller.device import boards
from controller.device.clock import LockerClock, MachineSync, machine_mono_ms, machine_wall_ms
from controller.device.clock_watch import ClockWatch
from controller.device.configuration import Configuration, configuration
from controller.device.diagnosis import diagnosis
from controller.device.doorway import EngineDoorway
from controller.device.findings import findings
from controller.device.fresh_start import FreshStart
from controller.device.heart import Heart, assemble
from controller.device.last_stream import last_stream, remember_stream
from controller.device.layout import site
from controller.device.machine_watch import MachineWatch
from controller.device.photographing import Photographer, camera_of
from controller.device.presence_nonces import PresenceNonces
from controller.device.private_files import PrivateFiles
from controller.device.proving import Proving
from controller.device.receipts import receipts
from controller.device.retention_table import RetentionTable
from controller.device.scanning import scanning
from controller.device.seconds import Seconds
from controller.device.secrets import DeviceSecrets
from controller.device.service_requests import SOCKET
from controller.device.service_socket import ServiceSocket
from controller.device.settings import Settings
from controller.device.signalling import signalling
from controller.device.status import StatusPage
from controller.device.trusting import Trusting
from controller.device.upkeep import Upkeep
from controller.device.uplink import Uplink
from controller.device.wishing import Wishing
from controller.domain.ids import KeyId
from controller.domain.inputs import DeviceKeyChange, Started
from controller.domain.policy import Policy
from controller.journal.chain import Signatures
from controller.journal.files import database_path
from controller.journal.journal import Journal
from controller.journal.opening import open_journal
from firmware_bridge.bench import Pins
from firmware_bridge.cabinet import Cabinet
from firmware_bridge.camera import Camera
from firmware_bridge.computer import Computer, ThisComputer
from firmware_bridge.timers import ThreadTimers

log = logging.getLogger(__name__)

SERVICES = "locker.services"
DISTRIBUTION = "parcel-locker"
_KEYS = "keys"


class StartRefused(Exception):
    """The locker was not started, and nothing was changed; the sentence says why and what to do."""


class Service(Protocol):
    """Something that serves people beside the engine, found under the entry points `locker.services`."""

    def __call__(
        self, doorway: EngineDoorway, *, listen: str, times: Mapping[str, int]
    ) -> AbstractAsyncContextManager[object]:
        """Serve while the context is open. `times` are the policy's, in seconds, by the touchscreen's names."""


class Runs(Protocol):
    """Something that runs beside the engine."""

    async def run(self) -> None:
        """Until cancelled."""


@dataclass(frozen=True, slots=True)
class Locker:
    """A locker that runs."""

    settings: Settings
    heart: Heart
    doorway: EngineDoorway
    uplink: Uplink
    keys: DeviceKeys
    photographer: Photographer | None
    """None where no camera is configured."""
    services: Mapping[str, object]
    """What each service gave when it began to serve."""
    fresh_start: FreshStart
    """When it is to be started anew."""


async def run(settings: Settings) -> None:
    """Run the locker until SIGTERM or SIGINT.

    Raises `StartRefused`, `BadKeyring`, `BadDeviceKeys` or `JournalRefused` when it was not started, and whatever
    ended it when it failed later: systemd starts it again.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    while not stop.is_set():
        async with open_locker(settings) as locker:
            await _first(stop, locker.fresh_start.due)


async def _first(*events: asyncio.Event) -> None:
    """Wait until one of them is set."""
    waiting = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()


@asynccontextmanager
async def open_locker(
    settings: Settings,
    *,
    cabinets: Mapping[str, Cabinet] | None = None,
    services: Mapping[str, Service] | None = None,
    computer: Computer | None = None,
    pins: Pins | None = None,
    camera: Camera | None = None,
) -> AsyncIterator[Locker]:
    """A running locker; leaving the context is a clean stop.

    `cabinets` are those of simulated boards, by board. `services` stand in for those that are installed, `computer`
    for the one that it runs on, `pins` for the lines of its lights and buzzer, `camera` for the one that is configured.
    """
    keyring = Keyring.load(settings.trust.keyring)
    keys = _device_keys(settings)
    software = version(DISTRIBUTION)
    signatures = Signatures(partial(_sign, keys), partial(_verify, keys))
    journal = open_journal(
        settings.locker.data_dir, settings.locker.id, software, signatures, lambda: secrets.token_hex(16)
    )
    timers = ThreadTimers("bridge")
    try:
        in_force = configuration(settings, journal.state.desired)
        settings = in_force.settings
        for problem in in_force.problems:
            log.warning("what was told from afar does not go with this locker's file any more: %s", problem)
        computer = computer or ThisComputer()
        heart, clock = _assemble(settings, journal, keyring, keys, timers, cabinets, computer.kept_time())
        machine = MachineWatch(settings.machine, computer, lambda: heart.engine.now().mono, heart.engine.tell)
        heart.engine.follow(Trusting(keyring, lambda: heart.engine.state.trust).committed)
        present = PresenceNonces(lambda: secrets.token_urlsafe(16), lambda: heart.engine.now().mono)
        uplink = Uplink(
            in_force,
            heart,
            keyring,
            keys,
            software,
            machine.figures,
            lambda: findings(settings, page.status()),
            present.take,
        )
        page = _status_page(in_force, heart, uplink, software)
        fresh_start = FreshStart(lambda: heart.engine.state)
        heart.engine.follow(fresh_start.committed)
        files = PrivateFiles(settings.locker.data_dir)
        files.erase_all_but(heart.engine.state.files)
        heart.engine.follow(files.committed)
        doorway = EngineDoorway(
            heart.engine,
            site(settings),
            keyring,
            keys.code,
            lambda: diagnosis(page.status(), heart.engine.state),
            receipts(journal.store, signatures.sign),
            Proving(heart.engine, keyring, keys.code, files),
            present,
            Wishing(heart.engine, keyring),
            Seconds(keys.enc, keys.code, heart.engine.policy),
        )
        keys_directory, stream = settings.locker.data_dir / _KEYS, journal.sealer.stream
        before = last_stream(keys_directory)
        previous = before if before != stream and journal.state.sequence == 0 else None
        started = Started(
            software,
            settings.cabinet_sha256(),
            settings.specs(),
            clock.boot,
            previous,
            keys=keyring.trusted(),
            device_key=_device_key_change(keys),
            config_version=in_force.version,
        )
        photographer = _photographer(settings, camera, heart)
        beside: list[Runs] = [uplink, machine, *([] if photographer is None else [photographer])]
        async with _beating(heart, started, uplink, settings.retention, beside), AsyncExitStack() as serving:
            remember_stream(keys_directory, stream)
            await serving.enter_async_context(ServiceSocket(settings.locker.data_dir / SOCKET, heart.engine, page))
            given, times = {}, _times(heart.engine.policy)
            for name, service in (services if services is not None else _installed()).items():
                serve = service(doorway, listen=settings.kiosk.listen, times=times)
                given[name] = await serving.enter_async_context(serve)
            if settings.signals is not None:
                lights = signalling(settings.signals, settings, pins or Pins(), heart, given.values())
                await serving.enter_async_context(lights)
            if settings.scanner is not None:
                await serving.enter_async_context(scanning(settings.scanner, heart.engine.tell, given.values()))
            yield Locker(settings, heart, doorway, uplink, keys, photographer, given, fresh_start)
    finally:
        journal.let_go()
        timers.close()


def _photographer(settings: Settings, camera: Camera | None, heart: Heart) -> Photographer | None:
    table = settings.camera
    return None if table is None else Photographer(table, camera or camera_of(table), heart.engine.tell)


@asynccontextmanager
async def _beating(
    heart: Heart, started: Started, uplink: Uplink, retention: RetentionTable, parts: Iterable[Runs]
) -> AsyncIterator[None]:
    """The heart, and what runs beside it for as long as it does."""
    async with asyncio.TaskGroup() as group:
        engine = group.create_task(heart.engine.run())
        try:
            await heart.start(started)
            upkeep = Upkeep(heart.engine, heart.journal, lambda: uplink.outbox.cursor, retention)
            watch = ClockWatch(heart.engine.now, heart.engine.tell)
            beside = [group.create_task(part.run()) for part in (*parts, upkeep, watch)]
            yield
            await heart.stop()
            await uplink.farewell()
            for task in beside:
                task.cancel()
            await engine
            await heart.close()
        finally:
            heart.wiring.close()


def _assemble(
    settings: Settings,
    journal: Journal,
    keyring: Keyring,
    keys: DeviceKeys,
    timers: ThreadTimers,
    cabinets: Mapping[str, Cabinet] | None,
    kept_time: bool,
) -> tuple[Heart, LockerClock]:
    _check_cabinet(settings, journal)
    policy = replace(settings.domain_policy(), told_by=keyring.carriers)
    clock = LockerClock(
        journal.state.last,
        wall_ms=machine_wall_ms,
        mono_ms=machine_mono_ms,
        synchronised=MachineSync(),
        kept=kept_time,
    )
    supplies = boards.supplies(settings, timers)
    heart = assemble(
        journal,
        clock=clock,
        secrets=DeviceSecrets(keyring, keys.code),
        policy=policy,
        boards=boards.build(settings, supplies, timers, cabinets),
        supplies=supplies,
        wires=boards.wires(settings),
        contacts=boards.contacts(settings),
        post=asyncio.get_running_loop().call_soon_threadsafe,
        later=timers.call_later,
    )
    return heart, clock


def _times(policy: Policy) -> dict[str, int]:
    """The screen's patience where the rules have theirs; it ends a little later, so that the rules end it."""
    return {
        "opening_s": policy.open_wait_ms // 1000 + 15,
        "alarm_s": min(policy.left_open_ms // 1000 + 5, 3600),
        "deposit_answer_s": max(1, policy.deposit_answer_ms // 1000),
        "reopen_s": max(1, policy.reopen_ms // 1000),
    }


def _check_cabinet(settings: Settings, journal: Journal) -> None:
    """A compartment that holds a parcel must not vanish from the configuration."""
    known = {spec.id for spec in settings.specs()}
    lost = sorted(id for id, c in journal.state.compartments.items() if c.parcel is not None and id not in known)
    if lost:
        raise StartRefused(
            f"the configuration no longer has {', '.join(lost)}, where a parcel is kept; put it back, or have the "
            "parcel collected or cancelled first; nothing was changed"
        )


def _status_page(configuration: Configuration, heart: Heart, uplink: Uplink, software: str) -> StatusPage:
    return StatusPage(
        configuration,
        heart.engine,
        software=software,
        stream=heart.journal.sealer.stream,
        link=uplink.link,
        cursor=lambda: uplink.outbox.cursor,
        boards=heart.wiring.states,
    )


def _device_keys(settings: Settings) -> DeviceKeys:
    """Only this process reads the keys; the service socket beside them is for the operators' group."""
    data_dir = settings.locker.data_dir
    data_dir.mkdir(mode=0o750, parents=True, exist_ok=True)
    directory = data_dir / _KEYS
    if database_path(data_dir).exists() and not any(directory.glob("*.jwk")):
        raise StartRefused(
            f"{data_dir} holds a journal but not the keys it was written with, {directory}/*.jwk; put them back from "
            "the backup, or move the data directory aside to begin a new stream; nothing was changed"
        )
    directory.mkdir(mode=0o700, exist_ok=True)
    return DeviceKeys.load_or_create(directory)


def _sign(keys: DeviceKeys, payload: bytes, typ: Typ) -> str:
    return sign(payload, keys.sign, typ)


def _verify(keys: DeviceKeys, token: str, typ: Typ) -> bytes:
    return verify(token, typ, keys.verifying)[0]


def _device_key_change(keys: DeviceKeys) -> DeviceKeyChange | None:
    previous = keys.predecessor
    return None if previous is None else DeviceKeyChange(KeyId(str(keys.sign.kid)), previous)


def _installed() -> dict[str, Service]:
    return {offered.name: offered.load() for offered in entry_points(group=SERVICES)}
