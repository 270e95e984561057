"""One serial port: opened for ourselves alone, read and written without ever blocking longer than asked.

Names: a device (`/dev/serial/by-path/…`), `pty:` and a path for a simulated line, `socket://host:port` for a converter
that passes bytes through. pyserial opens and sets up devices; the bytes then go by file descriptor, because pyserial's
`write` waits without end on a wedged adapter and its `timeout` setter sets the whole port up anew.
"""

import errno
import os
import select
import socket
import termios
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import urlsplit

import serial

from firmware_bridge.faults import FaultKind

CONNECT_S: Final = 1.0
UNACKNOWLEDGED_MS: Final = 5_000
CHUNK: Final = 512

OPEN_FAULTS = {
    errno.EACCES: FaultKind.PORT_DENIED,
    errno.EPERM: FaultKind.PORT_DENIED,
    errno.EAGAIN: FaultKind.PORT_BUSY,
    errno.EBUSY: FaultKind.PORT_BUSY,
}


class PortError(Exception):
    """A port that could not be opened, or is no longer there: which kind of fault, and what the system said of it."""

    def __init__(self, kind: FaultKind, detail: str) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind = kind
        self.detail = detail


def check_port(port: str) -> None:
    """Raise ValueError, with a sentence, for a port name of no known form."""
    if port.startswith("socket://"):
        parts = urlsplit(port)
        if not parts.hostname or not parts.port:
            raise ValueError(f"port {port!r} names no host and port: write socket://host:port")
    elif not Path(port.removeprefix("pty:")).is_absolute():
        raise ValueError(f"port {port!r} is neither a device path nor pty:/path nor socket://host:port")


class Port(Protocol):
    """An open port. `read`, `write` and `flush` raise PortError(PORT_LOST) once it is gone."""

    def read(self, wait_ms: float) -> bytes:
        """What has come in, waiting up to `wait_ms` (0: not at all) for the first byte; empty if none came."""

    def write(self, frame: bytes) -> None:
        """Hand the whole frame to the system; no whole frame was sent if this raises."""

    def flush(self) -> None:
        """Wait until the frame has left."""

    def close(self) -> None:
        """Give the port back."""


class SerialPort:
    """A device or a socket as a `Port`."""

    def __init__(self, name: str, device: serial.Serial | socket.socket) -> None:
        self._name = name
        self._device = device
        self._descriptor = device.fileno()
        self._readable = select.poll()
        self._readable.register(self._descriptor, select.POLLIN)

    def read(self, wait_ms: float) -> bytes:
        """What has come in, waiting up to `wait_ms` (0: not at all) for the first byte; empty if none came."""
        try:
            ready = self._readable.poll(wait_ms)
            if not ready:
                return b""
            heard = os.read(self._descriptor, CHUNK) if ready[0][1] & select.POLLIN else b""
        except OSError as error:
            raise self._lost(str(error)) from error
        if not heard:
            raise self._lost("hung up")
        return heard

    def write(self, frame: bytes) -> None:
        """Hand the whole frame to the system; no whole frame was sent if this raises."""
        try:
            sent = os.write(self._descriptor, frame)
        except OSError as error:
            raise self._lost(str(error)) from error
        if sent != len(frame):
            raise self._lost(f"took {sent} of {len(frame)} bytes")

    def flush(self) -> None:
        """Wait until the frame has left."""
        if isinstance(self._device, serial.Serial):
            try:
                termios.tcdrain(self._descriptor)
            except termios.error as error:
                raise self._lost(str(error.args[-1])) from error

    def close(self) -> None:
        """Give the port back."""
        self._device.close()

    def _lost(self, why: str) -> PortError:
        return PortError(FaultKind.PORT_LOST, f"{self._name}: {why}")


OpenPort = Callable[[str, int], Port]


def open_port(port: str, baud: int) -> Port:
    """Open `port` at `baud`, 8N1, for ourselves alone. Raises PortError saying why it could not be."""
    try:
        return SerialPort(port, _connect(port) if port.startswith("socket://") else _device(port, baud))
    except OSError as error:  # pyserial's own are among them
        raise _refused(port, error.errno, str(error)) from error
    except termios.error as error:
        raise _refused(port, error.args[0], str(error.args[-1])) from error


def _refused(port: str, number: int | None, why: str) -> PortError:
    return PortError(OPEN_FAULTS.get(number or 0, FaultKind.PORT_MISSING), f"{port}: {why}")


def _device(port: str, baud: int) -> serial.Serial:
    device = serial.Serial(port.removeprefix("pty:"), baud, timeout=0, exclusive=True)
    if not port.startswith("pty:"):
        _hasten(device)
    return device


def _hasten(device: serial.Serial) -> None:
    """Ask an FTDI adapter to hand bytes on after 1 ms instead of 16."""
    try:
        device.set_low_latency_mode(True)
    except ValueError:
        return  # most other adapters and UARTs know no such mode, and need none


def _connect(port: str) -> socket.socket:
    parts = urlsplit(port)
    line = socket.create_connection((parts.hostname, parts.port), timeout=CONNECT_S)
    line.setblocking(False)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNACKNOWLEDGED_MS)
    return line
