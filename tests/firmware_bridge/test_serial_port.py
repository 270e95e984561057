import fcntl
import os
import pty
import socket
import threading
import tty
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from firmware_bridge.faults import FaultKind
from firmware_bridge.serial_port import PortError, check_port, open_port


@pytest.fixture
def ends() -> Iterator[tuple[int, int]]:
    master, slave = pty.openpty()
    tty.setraw(slave)
    yield master, slave
    for end in (master, slave):
        with suppress(OSError):  # a test that pulls the adapter out has closed it
            os.close(end)


@pytest.mark.parametrize(
    "port", ["/dev/serial/by-path/x", "/dev/ttyAMA0", "pty:/tmp/port", "socket://10.0.0.9:5000", "socket://[::1]:5000"]
)
def test_ports_of_every_form_are_taken(port: str) -> None:
    check_port(port)


@pytest.mark.parametrize("port", ["COM3", "ttyUSB0", "pty:port", "socket://host", "socket://:5000", "loop://", ""])
def test_other_names_are_refused_with_a_sentence(port: str) -> None:
    with pytest.raises(ValueError, match=r"neither a device path nor|names no host and port"):
        check_port(port)


def test_bytes_pass_both_ways_and_reading_waits_no_longer_than_asked(ends: tuple[int, int]) -> None:
    master, slave = ends
    port = open_port(f"pty:{os.ttyname(slave)}", 19_200)
    assert port.read(0) == b""
    assert port.read(5) == b""
    port.write(b"\x02\x00")
    port.flush()
    assert os.read(master, 10) == b"\x02\x00"
    os.write(master, b"\x00\x0d\x11\xff")
    assert port.read(1_000) == b"\x00\x0d\x11\xff"
    port.close()


def test_a_port_that_is_in_use_is_busy(ends: tuple[int, int]) -> None:
    path = os.ttyname(ends[1])
    port = open_port(path, 19_200)
    with pytest.raises(PortError, match="port_busy") as refused:
        open_port(path, 19_200)
    assert refused.value.kind is FaultKind.PORT_BUSY
    port.close()
    open_port(path, 19_200).close()


def test_a_lock_that_another_program_holds_counts_too(ends: tuple[int, int]) -> None:
    with Path(os.ttyname(ends[1])).open("rb+", buffering=0) as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(PortError, match="port_busy"):
            open_port(os.ttyname(ends[1]), 19_200)


def test_a_port_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(PortError, match="port_missing") as refused:
        open_port(f"pty:{tmp_path}/port", 19_200)
    assert str(tmp_path) in refused.value.detail


@contextmanager
def as_somebody_else() -> Iterator[None]:
    """Root may open everything, so it steps down for a moment."""
    was = os.geteuid()
    os.seteuid(was or 65_534)
    try:
        yield
    finally:
        os.seteuid(was)


def test_a_port_that_we_may_not_open_is_denied(ends: tuple[int, int]) -> None:
    path = Path(os.ttyname(ends[1]))
    path.chmod(0)
    with as_somebody_else(), pytest.raises(PortError, match="port_denied"):
        open_port(str(path), 19_200)


def test_a_file_that_is_no_port_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()
    with pytest.raises(PortError, match="port_missing"):
        open_port(str(path), 19_200)


def test_a_port_that_vanishes_is_lost_for_every_use(ends: tuple[int, int]) -> None:
    master, slave = ends
    port = open_port(os.ttyname(slave), 19_200)
    os.close(slave)
    os.close(master)
    for use in (lambda: port.read(1_000), lambda: port.write(b"x"), port.flush):
        with pytest.raises(PortError) as lost:
            use()
        assert lost.value.kind is FaultKind.PORT_LOST
    port.close()


def test_a_line_that_takes_no_more_bytes_is_lost_rather_than_waited_for(ends: tuple[int, int]) -> None:
    port = open_port(os.ttyname(ends[1]), 19_200)

    def fill() -> None:
        for _ in range(10_000):
            port.write(bytes(64))

    with pytest.raises(PortError, match="port_lost"):
        fill()
    port.close()


def test_a_converter_is_reached_by_its_host_and_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = open_port(f"socket://127.0.0.1:{server.getsockname()[1]}", 19_200)
        converter, _ = server.accept()
        with converter:
            port.write(b"ask")
            port.flush()
            assert converter.recv(10) == b"ask"
            threading.Thread(target=converter.sendall, args=(b"answer",)).start()
            assert port.read(5_000) == b"answer"
        with pytest.raises(PortError, match="hung up"):
            port.read(5_000)
        port.close()


def test_a_converter_that_is_away_is_missing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.getsockname()[1]
    with pytest.raises(PortError, match=r"port_missing: socket://127\.0\.0\.1"):
        open_port(f"socket://127.0.0.1:{number}", 19_200)
