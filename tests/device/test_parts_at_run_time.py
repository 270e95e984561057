"""Parts beside the lock boards, through the whole locker: what is missing is on record, and people are served."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from support.line_chip import FakeChip, FakeChips
from support.locker_folder import GOOD, make_folder
from support.on_a_loop import eventually, on_a_loop

from controller.device.app import Locker, Service, open_locker
from controller.device.settings import load
from controller.domain import events as ev
from controller.domain.commands import UnlockCompartment
from controller.domain.ids import CompartmentId, Door
from controller.domain.inputs import LocalCommand
from firmware_bridge.bench import Pins
from firmware_bridge.computer import SimulatedComputer, Throttled, Vitals
from firmware_bridge.gpio_chips import FIRST_CHIP
from firmware_bridge.signal_spec import PATTERNS, Sound
from kiosk.service import Serving, serve


class Followed:
    """A locker that runs, and what came on record since."""

    def __init__(self, locker: Locker) -> None:
        self.locker = locker
        self.events: list[ev.Event] = []
        locker.heart.engine.follow(lambda happened: self.events.extend(item.event for item in happened))

    @property
    def faults(self) -> dict[str, str]:
        """By part, as on record."""
        return self.locker.heart.engine.state.board_faults


@asynccontextmanager
async def running(
    folder: Path,
    tables: str = "",
    *,
    computer: SimulatedComputer | None = None,
    chip: FakeChip | None = None,
    services: Mapping[str, Service] | None = None,
) -> AsyncIterator[Followed]:
    settings = load(make_folder(folder, GOOD + tables))
    computer = computer or SimulatedComputer()
    pins = Pins(FakeChips(chip or FakeChip(FIRST_CHIP)).open, FIRST_CHIP)
    async with open_locker(settings, services=services or {}, computer=computer, pins=pins) as locker:
        yield Followed(locker)


@on_a_loop
async def test_a_scanner_that_is_missing_is_on_record_and_the_locker_runs(tmp_path: Path) -> None:
    async with running(tmp_path, '[scanner]\ndevice = "/dev/input/by-id/none-event-kbd"\n') as followed:
        await eventually(lambda: followed.faults == {"scanner": "port_missing"})
        assert followed.locker.doorway.healthy()


@on_a_loop
async def test_heat_low_power_and_a_missing_clock_are_on_record(tmp_path: Path) -> None:
    computer = SimulatedComputer(Vitals({"cpu-thermal": 91}, Throttled.UNDERVOLTAGE, Throttled.UNDERVOLTAGE))
    async with running(tmp_path, "[machine]\nreal_time_clock = true\n", computer=computer) as followed:
        await eventually(lambda: followed.faults == {"real_time_clock": "clock_missing"})
        await eventually(lambda: ev.Overheat(celsius=91) in followed.events and ev.Undervoltage() in followed.events)


@on_a_loop
async def test_a_camera_that_is_missing_is_on_record_and_one_that_is_there_takes_photos(tmp_path: Path) -> None:
    missing = '[camera]\ndriver = "v4l2"\ndevice = "/dev/v4l/by-id/none"\n'
    async with running(tmp_path / "missing", missing) as followed:
        await eventually(lambda: followed.faults == {"camera": "port_missing"})
        assert followed.locker.photographer is not None
        assert await followed.locker.photographer.photograph() is None
    async with running(tmp_path / "there", '[camera]\ndriver = "simulated"\n') as followed:
        assert followed.locker.photographer is not None
        photo = await followed.locker.photographer.photograph()
        assert photo is not None
        assert (photo.width, photo.height, photo.sharp) == (1280, 720, True)
        assert followed.faults == {}


SIGNALS = """
[signals]
buzzer = 23
cabinet_light = 24
[signals.door_lights]
A01 = 5
"""
A01 = CompartmentId("A01")
BUZZER = 23


@on_a_loop
async def test_a_door_is_announced_and_lit_and_all_is_dark_when_the_locker_ends(tmp_path: Path) -> None:
    chip = FakeChip(FIRST_CHIP)
    async with running(tmp_path, SIGNALS, chip=chip) as followed:
        engine = followed.locker.heart.engine
        await engine.ask(LocalCommand(UnlockCompartment(compartment=A01), "to see the light"))
        await eventually(lambda: engine.state.compartments[A01].door is Door.OPEN)
        await eventually(lambda: chip.history(BUZZER).count(True) == len(PATTERNS[Sound.WARNING]) // 2)
        await eventually(lambda: chip.read(5) and chip.read(24))
        assert followed.faults == {}
    assert not any(chip.read(line) for line in (5, 23, 24))
    assert all(line.holder is None for line in chip.lines)


@on_a_loop
async def test_a_light_whose_line_is_busy_is_on_record_and_the_door_opens(tmp_path: Path) -> None:
    chip = FakeChip(FIRST_CHIP)
    chip.take(5)
    async with running(tmp_path, SIGNALS, chip=chip) as followed:
        engine = followed.locker.heart.engine
        await eventually(lambda: followed.faults == {"signals": "line_busy"})
        await engine.ask(LocalCommand(UnlockCompartment(compartment=A01), "in the dark"))
        await eventually(lambda: engine.state.compartments[A01].door is Door.OPEN)
        chip.let_go(5)
        await eventually(lambda: followed.faults == {} and chip.read(5))


@on_a_loop
async def test_the_cabinet_is_lit_for_whoever_is_at_the_screen(tmp_path: Path) -> None:
    chip = FakeChip(FIRST_CHIP)
    async with running(tmp_path, SIGNALS, chip=chip, services={"kiosk": serve}) as followed:
        [serving] = followed.locker.services.values()
        assert isinstance(serving, Serving)
        assert not chip.read(24)
        await serving.scanned("something that is no label")
        await eventually(lambda: chip.read(24))
