"""Parts beside the lock boards, through the whole locker: what is missing is on record, and people are served."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from support.locker_folder import GOOD, make_folder
from support.on_a_loop import eventually, on_a_loop

from controller.device.app import Locker, open_locker
from controller.device.settings import load
from controller.domain import events as ev
from firmware_bridge.computer import SimulatedComputer, Throttled, Vitals


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
async def running(folder: Path, tables: str = "", computer: SimulatedComputer | None = None) -> AsyncIterator[Followed]:
    settings = load(make_folder(folder, GOOD + tables))
    async with open_locker(settings, services={}, computer=computer or SimulatedComputer()) as locker:
        yield Followed(locker)


@on_a_loop
async def test_a_scanner_that_is_missing_is_on_record_and_the_locker_runs(tmp_path: Path) -> None:
    async with running(tmp_path, '[scanner]\ndevice = "/dev/input/by-id/none-event-kbd"\n') as followed:
        await eventually(lambda: followed.faults == {"scanner": "port_missing"})
        assert followed.locker.doorway.healthy()


@on_a_loop
async def test_heat_low_power_and_a_missing_clock_are_on_record(tmp_path: Path) -> None:
    computer = SimulatedComputer(Vitals({"cpu-thermal": 91}, Throttled.UNDERVOLTAGE, Throttled.UNDERVOLTAGE))
    async with running(tmp_path, "[machine]\nreal_time_clock = true\n", computer) as followed:
        await eventually(lambda: followed.faults == {"real_time_clock": "clock_missing"})
        await eventually(lambda: ev.Overheat(celsius=91) in followed.events and ev.Undervoltage() in followed.events)
