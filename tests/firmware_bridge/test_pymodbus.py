"""Modbus as pymodbus speaks it: its client asks our simulated boards, and its server answers ours."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from pymodbus.client import ModbusSerialClient
from pymodbus.server import ModbusSerialServer
from pymodbus.simulator import DataType, SimData, SimDevice
from support.modbus_peer import CHANNELS, asking
from support.pty_pair import PtyPair

from firmware_bridge.cabinet import Cabinet, Mechanics
from firmware_bridge.codecs.modbus import READ_INPUTS, READ_REGISTERS
from firmware_bridge.lock_board import Sent
from firmware_bridge.responders import Manner, Responder
from firmware_bridge.responders.eletechsup import EletechsupBoards
from firmware_bridge.responders.waveshare import WaveshareBoards
from firmware_bridge.simulated_line import SimulatedLine
from firmware_bridge.timers import ThreadTimers

INPUTS = 0x0081


@pytest.fixture
def cabinet() -> Iterator[Cabinet]:
    """Its contacts do not bounce: each is read once."""
    timers = ThreadTimers("cabinet")
    yield Cabinet(CHANNELS, timers, Mechanics(bounce_ms=()))
    timers.close()


@contextmanager
def client_of(boards: Responder) -> Iterator[ModbusSerialClient]:
    line = SimulatedLine(boards, baud=9_600)
    client = ModbusSerialClient(line.port.removeprefix("pty:"), baudrate=9_600, timeout=2, retries=0)
    try:
        assert client.connect()
        yield client
    finally:
        disconnect: Any = client.close
        disconnect()
        line.close()


def test_its_client_reads_and_switches_a_simulated_waveshare(cabinet: Cabinet) -> None:
    cabinet.force(3)
    with client_of(WaveshareBoards({1: cabinet})) as client:
        assert client.read_discrete_inputs(0, count=8).bits == [channel != 3 for channel in CHANNELS]
        assert not client.write_coil(1, True).isError()
        assert cabinet.energised(2)
        assert client.read_coils(0, count=8).bits == [channel == 2 for channel in CHANNELS]
        assert not client.write_coils(0, [False] * 8).isError()
        assert not cabinet.energised(2)
        assert client.read_holding_registers(0x1000, count=8).registers == [0] * 8
        assert client.read_discrete_inputs(7, count=2).exception_code == 2


def test_its_client_reads_and_switches_a_simulated_eletechsup(cabinet: Cabinet) -> None:
    cabinet.force(3)
    with client_of(EletechsupBoards({1: cabinet}, Manner(options={"inputs": "registers"}))) as client:
        assert client.read_holding_registers(INPUTS, count=8).registers == [int(it != 3) for it in CHANNELS]
        assert not client.write_register(2, 0x0100).isError()
        assert cabinet.energised(2)
        assert client.read_holding_registers(2, count=1).registers == [1]


BITS = [SimData(0, values=[True] * 16, datatype=DataType.BITS)]
REGISTERS = [SimData(0, count=INPUTS + 8, values=1, datatype=DataType.REGISTERS)]


class Serving:
    """Its serial server, on a loop of its own: eight doors, told by discrete inputs and by registers alike."""

    def __init__(self, device: str) -> None:
        self._device = device
        self._up = threading.Event()
        self._ended: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.opened: set[int] = set()
        self.written: list[tuple[int, list[int] | list[bool]]] = []
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))
        self._thread.start()
        assert self._up.wait(10)

    def close(self) -> None:
        assert self._loop is not None
        assert self._ended is not None
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join()

    async def _serve(self) -> None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        board = SimDevice(1, simdata=(BITS, BITS, REGISTERS, REGISTERS), action=self._act)
        server = ModbusSerialServer(board, port=self._device, baudrate=9_600)
        await server.serve_forever(background=True)
        self._up.set()
        await self._ended.wait()
        shutdown: Any = server.shutdown
        await shutdown()

    async def _act(
        self,
        function: int,
        first: int,
        address: int,
        count: int,
        registers: list[int],
        written: list[int] | list[bool] | None,
    ) -> None:
        if written is not None:
            self.written.append((address, list(written)))
        shut = [int(channel not in self.opened) for channel in CHANNELS]
        if function == READ_INPUTS:
            registers[0] = sum(bit << at for at, bit in enumerate(shut))
        if function == READ_REGISTERS:
            registers[INPUTS : INPUTS + 8] = shut


@pytest.fixture
def cable() -> Iterator[PtyPair]:
    cable = PtyPair()
    yield cable
    cable.close()


@pytest.fixture
def serving(cable: PtyPair) -> Iterator[Serving]:
    serving = Serving(cable.other)
    yield serving
    serving.close()


def test_its_server_answers_our_questions_after_the_doors(cable: PtyPair, serving: Serving) -> None:
    with asking("waveshare-modbus", cable.one) as it:
        it.wait_for_doors()
        serving.opened.add(3)
        it.wait_for_doors(3)
        assert it.notes.fault is None


def test_its_server_takes_our_order_and_answers_from_registers(cable: PtyPair, serving: Serving) -> None:
    with asking("eletechsup", cable.one) as it:
        it.wait_for_doors()
        report = it.unlock(2)
        assert (report.channel, report.sent, report.fault) == (2, Sent.ACKNOWLEDGED, None)
        assert serving.written == [(2, [0x0500])]
        serving.opened.add(2)
        it.wait_for_doors(2)
