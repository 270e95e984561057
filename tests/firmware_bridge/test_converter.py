"""Boards behind a converter that passes bytes on over TCP: the same code as on a serial port, and the same troubles."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from support.cabinet_rig import CHANNELS, SerialRig, serial
from support.converter import Converter

from firmware_bridge.faults import FaultKind
from firmware_bridge.lock_board import Door, Sent
from firmware_bridge.serial_port import UNACKNOWLEDGED_MS, SerialPort, open_port
from firmware_bridge.simulated_line import SimulatedLine

CLOSED = dict.fromkeys(CHANNELS, Door.CLOSED)
DRIVERS = ("kerong-cu48", "waveshare-modbus")


@dataclass
class Far:
    """A board, and the converter before it."""

    rig: SerialRig
    converter: Converter

    def comes_back(self) -> None:
        self.rig.wait(lambda: self.rig.notes.fault is None and self.rig.all_doors_known())
        assert self.rig.survey() == CLOSED


@contextmanager
def converted(driver: str) -> Iterator[Far]:
    made: list[Converter] = []

    def convert(line: SimulatedLine) -> str:
        made.append(Converter(line))
        return made[0].port

    with serial(driver, port_of=convert) as rig:
        yield Far(rig, made[0])
    made[0].close()


@pytest.fixture(params=DRIVERS)
def far(request: pytest.FixtureRequest) -> Iterator[Far]:
    with converted(request.param) as far:
        yield far


@pytest.fixture
def one() -> Iterator[Far]:
    with converted(DRIVERS[0]) as far:
        yield far


def test_a_board_behind_a_converter_unlocks_and_tells_its_doors(far: Far) -> None:
    rig = far.rig
    rig.board.attend(5_000)
    rig.unlock(3)
    assert rig.notes.reports[0].sent is rig.sent
    rig.wait(lambda: rig.notes.door(3) is Door.OPEN)
    rig.cabinet.force(5)
    rig.wait(lambda: rig.notes.door(5) is Door.OPEN)
    assert rig.survey() == {**CLOSED, 3: Door.OPEN, 5: Door.OPEN}
    assert [pulse.channel for pulse in rig.cabinet.pulses] == [3]
    assert far.converter.calls == 1


def test_a_converter_that_hangs_up_is_missed_and_called_again(far: Far) -> None:
    far.rig.board.attend(20_000)
    far.converter.hang_up()
    far.rig.wait(lambda: far.rig.notes.fault_kind is FaultKind.PORT_LOST)
    assert all(far.rig.notes.door(channel) is Door.UNKNOWN for channel in CHANNELS)
    far.comes_back()
    assert far.converter.calls == 2
    assert far.rig.cabinet.pulses == []


def test_a_converter_that_forgot_the_call_is_called_again(one: Far) -> None:
    one.rig.board.attend(20_000)
    one.converter.reset()
    one.rig.wait(lambda: one.rig.notes.fault_kind is FaultKind.PORT_LOST)
    one.comes_back()


def test_a_converter_that_is_switched_off_and_on_comes_back_by_itself(one: Far) -> None:
    rig = one.rig
    rig.board.attend(20_000)
    one.converter.switch_off()
    rig.wait(lambda: rig.notes.fault_kind is FaultKind.PORT_MISSING)
    assert rig.notes.fault is not None
    assert one.converter.port in rig.notes.fault.detail
    rig.unlock(1)
    assert rig.notes.reports[0].sent is Sent.NOT_SENT
    one.converter.switch_on()
    one.comes_back()
    assert rig.cabinet.pulses == [], "what could not be sent is not sent later"


def test_a_converter_that_is_switched_on_only_after_the_start_is_found(one: Far) -> None:
    rig = one.rig
    rig.board.close()
    one.converter.switch_off()
    started = len(rig.notes.observations)
    rig.board.open(rig.notes.observe)
    rig.wait(lambda: len(rig.notes.observations) > started)
    assert rig.notes.fault_kind is FaultKind.PORT_MISSING
    one.converter.switch_on()
    one.comes_back()


def test_a_converter_that_keeps_the_call_and_passes_nothing_on_is_a_silent_board(one: Far) -> None:
    rig = one.rig
    rig.board.attend(20_000)
    one.converter.mute(True)
    rig.wait(lambda: rig.notes.fault_kind is FaultKind.NO_REPLY)
    assert rig.notes.fault is not None
    assert f"address 1 on {one.converter.port}" in rig.notes.fault.detail
    rig.wait(lambda: all(rig.notes.door(channel) is Door.UNKNOWN for channel in CHANNELS))
    one.converter.mute(False)
    one.comes_back()
    assert one.converter.calls == 1


@pytest.mark.parametrize("octets", [1, 5])
def test_a_call_that_ends_in_the_middle_of_an_answer_tells_no_door(far: Far, octets: int) -> None:
    rig = far.rig
    rig.cabinet.force(2)
    rig.wait(lambda: rig.notes.door(2) is Door.OPEN)
    told = len(rig.notes.changes(2))
    far.converter.hang_up_after(octets)
    rig.board.attend(20_000)
    rig.wait(lambda: rig.notes.fault_kind is FaultKind.PORT_LOST)
    rig.wait(lambda: rig.notes.fault is None and rig.notes.door(2) is Door.OPEN)
    assert rig.notes.changes(2)[told:] == [Door.UNKNOWN, Door.OPEN], "half an answer is none"
    assert rig.survey() == {**CLOSED, 2: Door.OPEN}


def test_a_peer_that_is_gone_without_a_word_is_given_up_after_a_while() -> None:
    """Nothing can vanish from loopback without a word; that the kernel will notice is all there is to see."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = open_port(f"socket://127.0.0.1:{server.getsockname()[1]}", 19_200)
        assert isinstance(port, SerialPort)
        assert isinstance(port._device, socket.socket)
        assert port._device.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == UNACKNOWLEDGED_MS
        assert port._device.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        port.close()
