"""Modbus as others speak it: a slave made of libmodbus answers our boards, and mbpoll asks our simulated ones."""

import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from support.modbus_peer import CHANNELS, asking
from support.pty_pair import PtyPair

from firmware_bridge.cabinet import Cabinet, Mechanics
from firmware_bridge.faults import FaultKind
from firmware_bridge.lock_board import Sent
from firmware_bridge.responders.waveshare import WaveshareBoards
from firmware_bridge.simulated_line import SimulatedLine
from firmware_bridge.timers import ThreadTimers

SOURCE = Path(__file__).with_name("modbus_slave.c")


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    built = tmp_path_factory.mktemp("slave") / "modbus_slave"
    subprocess.run(["gcc", "-Wall", "-Werror", "-o", built, SOURCE, "-lmodbus"], check=True)
    return built


@pytest.fixture
def slave(program: Path) -> Iterator[Callable[..., str]]:
    """Starts the slave with the words given; returns the device at the other end of its line."""
    with ExitStack() as ends:

        def start(*words: str) -> str:
            line = PtyPair()
            ends.callback(line.close)
            slave = subprocess.Popen([program, line.other, *words], stdout=subprocess.PIPE, text=True)
            ends.callback(slave.wait)
            ends.callback(slave.terminate)
            assert slave.stdout is not None
            ends.enter_context(slave.stdout)
            assert slave.stdout.readline() == "ready\n"
            return line.one

        yield start


@pytest.mark.parametrize(("driver", "words"), [("waveshare-modbus", ("flash",)), ("eletechsup", ())])
def test_libmodbus_answers_our_questions_and_takes_our_orders(
    slave: Callable[..., str], driver: str, words: tuple[str, ...]
) -> None:
    with asking(driver, slave(*words)) as it:
        it.wait_for_doors()
        report = it.unlock(3)
        assert (report.channel, report.sent, report.fault) == (3, Sent.ACKNOWLEDGED, None)
        it.wait_for_doors(3)
        health = it.board.state().line
        assert health is not None
        assert (health.timeouts, health.bad_checksums, health.stray_bytes) == (0, 0, 0)


def test_what_libmodbus_refuses_is_a_refusal_with_its_name(slave: Callable[..., str]) -> None:
    with asking("waveshare-modbus", slave()) as it:
        it.wait_for_doors()
        report = it.unlock(3)
        assert report.sent is Sent.REJECTED
        assert report.fault is not None
        assert (report.fault.kind, report.fault.detail) == (FaultKind.REFUSED, "unlock of 3: illegal data address")
        it.wait_for_doors()


@pytest.fixture
def cabinet() -> Iterator[Cabinet]:
    timers = ThreadTimers("cabinet")
    yield Cabinet(CHANNELS, timers, Mechanics(bounce_ms=()))
    timers.close()


@pytest.fixture
def simulated(cabinet: Cabinet) -> Iterator[str]:
    line = SimulatedLine(WaveshareBoards({1: cabinet}), baud=9_600)
    yield line.port.removeprefix("pty:")
    line.close()


def mbpoll(device: str, *options: str, write: int | None = None) -> subprocess.CompletedProcess[str]:
    """Once, at address 1, numbering from 0."""
    command = ["mbpoll", "-m", "rtu", "-a", "1", "-b", "9600", "-P", "none", "-1", "-0", *options, device]
    written = [] if write is None else [str(write)]
    return subprocess.run([*command, *written], capture_output=True, text=True, timeout=30, check=False)


def values(finished: subprocess.CompletedProcess[str]) -> dict[int, int]:
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return {int(at): int(value) for at, value in re.findall(r"^\[(\d+)\]:\s+(\d+)", finished.stdout, re.MULTILINE)}


def test_mbpoll_reads_the_doors_of_a_simulated_board(simulated: str, cabinet: Cabinet) -> None:
    cabinet.force(3)
    assert values(mbpoll(simulated, "-t", "1", "-r", "0", "-c", "8")) == {at: int(at != 2) for at in range(8)}


def test_mbpoll_switches_a_relay_of_a_simulated_board_and_reads_it_back(simulated: str, cabinet: Cabinet) -> None:
    assert "Written 1 references" in mbpoll(simulated, "-t", "0", "-r", "1", write=1).stdout
    assert cabinet.energised(2)
    assert values(mbpoll(simulated, "-t", "0", "-r", "0", "-c", "8")) == {at: int(at == 1) for at in range(8)}
    assert "Written 1 references" in mbpoll(simulated, "-t", "0", "-r", "1", write=0).stdout
    assert not cabinet.energised(2)


def test_mbpoll_understands_why_a_simulated_board_refuses(simulated: str) -> None:
    refused = mbpoll(simulated, "-t", "1", "-r", "7", "-c", "2")
    assert "Illegal data address" in refused.stdout + refused.stderr
