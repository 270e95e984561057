"""The scanner at the cabinet: what it reads goes to whoever serves people, onto the loop and off its thread."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from functools import partial
from typing import Protocol, runtime_checkable

from controller.device.part_tables import ScannerTable
from controller.domain.inputs import BoardTrouble, Input
from firmware_bridge.faults import BoardFault
from firmware_bridge.scanner import NAME, OpenSource, Scanner, keyboard_source, serial_source

WAITING = 4
"""Scans that may wait for the one before; a scanner that spews is not listened to any further."""


@runtime_checkable
class TakesScans(Protocol):
    """A service that wants to know what the scanner reads."""

    @property
    def scanned(self) -> Callable[[str], Awaitable[object]]:
        """Takes one scan, as it came."""


@asynccontextmanager
async def scanning(
    table: ScannerTable, tell: Callable[[Input], None], services: Iterable[object]
) -> AsyncIterator[None]:
    """Listen to the scanner while the context is open."""
    takers = [service for service in services if isinstance(service, TakesScans)]
    scans: asyncio.Queue[str] = asyncio.Queue(WAITING)
    post = asyncio.get_running_loop().call_soon_threadsafe

    def scanned(scan: str) -> None:
        post(partial(_take_in, scans, scan))

    def fault(found: BoardFault | None) -> None:
        post(partial(_tell_fault, tell, found))

    scanner = Scanner(source_of(table), scanned=scanned, fault=fault)
    async with asyncio.TaskGroup() as group:
        handing = group.create_task(_hand_on(scans, takers))
        scanner.open()
        try:
            yield
        finally:
            await asyncio.to_thread(scanner.close)
            handing.cancel()


def source_of(table: ScannerTable) -> OpenSource:
    """How the scanner that the settings name is opened."""
    if table.device is not None:
        return keyboard_source(table.device)
    return serial_source(table.port or "", table.baud)


def _take_in(scans: "asyncio.Queue[str]", scan: str) -> None:
    if not scans.full():
        scans.put_nowait(scan)


def _tell_fault(tell: Callable[[Input], None], fault: BoardFault | None) -> None:
    tell(BoardTrouble(NAME, None if fault is None else fault.kind.value))


async def _hand_on(scans: "asyncio.Queue[str]", takers: list[TakesScans]) -> None:
    while True:
        scan = await scans.get()
        for taker in takers:
            await taker.scanned(scan)
