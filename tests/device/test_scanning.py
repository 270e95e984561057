import asyncio
import os
import tty
from collections.abc import Awaitable, Callable

from support.on_a_loop import eventually, on_a_loop
from support.typist import typed, typing_scanner

from controller.device.part_tables import ScannerTable
from controller.device.scanning import WAITING, _take_in, scanning
from controller.domain.inputs import BoardTrouble, Input


class Counter:
    """A service that takes scans."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    @property
    def scanned(self) -> Callable[[str], Awaitable[object]]:
        return self._take

    async def _take(self, scan: str) -> None:
        self.heard.append(scan)


@on_a_loop
async def test_scans_reach_the_services_that_take_them_and_faults_the_engine() -> None:
    far, near = os.openpty()
    tty.setraw(far)
    told: list[Input] = []
    counter = Counter()
    async with scanning(ScannerTable(port=f"pty:{os.ttyname(near)}"), told.append, [object(), counter]):
        os.close(near)
        await eventually(lambda: told == [BoardTrouble("scanner", None)])
        os.write(far, b"one\rtwo\r")
        await eventually(lambda: counter.heard == ["one", "two"])
        os.close(far)
        await eventually(lambda: BoardTrouble("scanner", "port_lost") in told)


@on_a_loop
async def test_a_scanner_that_types_is_heard_like_any_other() -> None:
    told: list[Input] = []
    counter = Counter()
    with typing_scanner() as (device, far):
        async with scanning(ScannerTable(device=device), told.append, [counter]):
            await eventually(lambda: told == [BoardTrouble("scanner", None)])
            os.write(far, typed("RR473124829GB\r"))
            await eventually(lambda: counter.heard == ["RR473124829GB"])


@on_a_loop
async def test_a_scanner_that_types_and_is_missing_is_a_fault_with_a_name() -> None:
    told: list[Input] = []
    async with scanning(ScannerTable(device="/dev/input/by-id/none-event-kbd"), told.append, []):
        await eventually(lambda: BoardTrouble("scanner", "port_missing") in told)


def test_a_scanner_that_spews_keeps_nothing_in_memory_but_a_few() -> None:
    scans: asyncio.Queue[str] = asyncio.Queue(WAITING)
    for number in range(300):
        _take_in(scans, str(number))
    assert [scans.get_nowait() for _ in range(scans.qsize())] == ["0", "1", "2", "3"]
