"""A scanner that types, read from the kernel's event device and taken for ourselves alone.

Without the grab the console and the browser would be typed into as well. `device` is a name in /dev/input/by-id/ or
by-path/, ending in `-event-kbd`; `pty:` and a path stands for a simulated keyboard, which nobody else listens to.
`open_keyboard` is the whole entry: it needs only the right to read the device (group `input`), no other program.
"""

import ctypes
import errno
import fcntl
import os
import select
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Final

from firmware_bridge.faults import FaultKind
from firmware_bridge.key_events import EV_KEY, EV_SYN, EVENT, KEY_ENTER, KeyReader
from firmware_bridge.serial_port import PortError

EVIOCGRAB: Final = 0x40044590
EVIOCSMASK: Final = 0x40104593
KEYS_BYTES: Final = 96
EVIOCGBIT_KEYS: Final = 0x80004520 + EV_KEY | KEYS_BYTES << 16
NAME_BYTES: Final = 128
EVIOCGNAME: Final = 0x80004506 | NAME_BYTES << 16
CHUNK: Final = EVENT.size * 64
_FAULTS: Final = {
    errno.EACCES: FaultKind.PORT_DENIED,
    errno.EPERM: FaultKind.PORT_DENIED,
    errno.EBUSY: FaultKind.PORT_BUSY,
    errno.ENOTTY: FaultKind.WRONG_DEVICE,
    errno.EINVAL: FaultKind.WRONG_DEVICE,
}

Prepare = Callable[[int], None]
"""Checks an open device and takes it. Raises OSError."""


def check_device(device: str) -> None:
    """Raise ValueError, with a sentence, for a name of no known form or one that may change with the next boot."""
    if not Path(device.removeprefix("pty:")).is_absolute():
        raise ValueError(f"device {device!r} is neither the path of an event device nor pty:/path")
    if device.startswith("/dev/input/event"):
        raise ValueError(f"{device} may be another device after the next boot; use its name in /dev/input/by-id/")


def keyboard_name(descriptor: int) -> str:
    """What the keyboard calls itself. Raises OSError(ENOTTY) for what is no input device, or has no Enter key."""
    keys = fcntl.ioctl(descriptor, EVIOCGBIT_KEYS, bytes(KEYS_BYTES))
    if not keys[KEY_ENTER // 8] >> KEY_ENTER % 8 & 1:
        raise OSError(errno.ENOTTY, "no Enter key: this is no keyboard")
    name = fcntl.ioctl(descriptor, EVIOCGNAME, bytes(NAME_BYTES))
    return name.partition(b"\0")[0].decode(errors="replace")


def grab(descriptor: int) -> None:
    """Take a keyboard, so that only we hear it. Raises OSError, EBUSY where another program has it."""
    keyboard_name(descriptor)
    hear_only_keys(descriptor)
    fcntl.ioctl(descriptor, EVIOCGRAB, 1)


def hear_only_keys(descriptor: int) -> None:
    """Have the kernel keep nothing else for us: it has room for 64 events, and most scanners tell each key twice."""
    kinds = ctypes.c_uint64(1 << EV_SYN | 1 << EV_KEY)
    fcntl.ioctl(descriptor, EVIOCSMASK, struct.pack("=IIQ", EV_SYN, ctypes.sizeof(kinds), ctypes.addressof(kinds)))


def leave_alone(descriptor: int) -> None:
    """A simulated keyboard has nobody else to be kept from."""


class KeyboardPort:
    """What an event device types, line by line. The grab ends when it is closed."""

    def __init__(self, name: str, descriptor: int) -> None:
        self._name = name
        self._descriptor = descriptor
        self._keys = KeyReader()
        self._readable = select.poll()
        self._readable.register(descriptor, select.POLLIN)

    def read(self, wait_ms: float) -> bytes:
        """The lines that were completed, waiting up to `wait_ms` for the first stroke. Raises PortError once gone."""
        try:
            ready = self._readable.poll(wait_ms)
            if not ready:
                return b""
            heard = os.read(self._descriptor, CHUNK) if ready[0][1] & select.POLLIN else b""
        except OSError as error:
            raise PortError(FaultKind.PORT_LOST, f"{self._name}: {error}") from error
        if not heard:
            raise PortError(FaultKind.PORT_LOST, f"{self._name}: hung up")
        return self._keys.feed(heard)

    def close(self) -> None:
        """Give the keyboard back."""
        os.close(self._descriptor)


def open_keyboard(device: str, prepare: Prepare = grab) -> KeyboardPort:
    """Open an event device for ourselves alone. Raises PortError saying why it could not be had."""
    simulated = device.startswith("pty:")
    try:
        descriptor = os.open(device.removeprefix("pty:"), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except OSError as error:
        raise _refused(device, error) from error
    try:
        (leave_alone if simulated else prepare)(descriptor)
    except OSError as error:
        os.close(descriptor)
        raise _refused(device, error) from error
    return KeyboardPort(device, descriptor)


def _refused(device: str, error: OSError) -> PortError:
    return PortError(_FAULTS.get(error.errno or 0, FaultKind.PORT_MISSING), f"{device}: {error.strerror}")
