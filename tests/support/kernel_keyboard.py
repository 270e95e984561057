"""A scanner that types, plugged into this machine's kernel: a keyboard made with `uinput` (linux/uinput.h)."""

import fcntl
import os
import struct
import time
from pathlib import Path

from support.typist import typed

from firmware_bridge.key_events import EV_KEY, EVENT

SET_EVENT, SET_KEY, SET_OTHER = 0x40045564, 0x40045565, 0x40045568
SETUP, CREATE, SYSTEM_NAME = 0x405C5503, 0x5501, 0x8040552C
EV_MSC, MSC_SCAN = 4, 4
USB, VENDOR, PRODUCT, VERSION = 3, 0x0C2E, 0x0B61, 1
KEYS = range(1, 128)
STROKE_S = 0.008
"""How often a keyboard on USB tells of a stroke."""


class KernelKeyboard:
    """One scanner. `name` is its stable name, as udev makes one on a machine with it."""

    def __init__(self, name: Path, title: str = "Typing Scanner") -> None:
        self._device = os.open("/dev/uinput", os.O_WRONLY)
        for kind in (EV_KEY, EV_MSC):
            fcntl.ioctl(self._device, SET_EVENT, kind)
        fcntl.ioctl(self._device, SET_OTHER, MSC_SCAN)
        for key in KEYS:
            fcntl.ioctl(self._device, SET_KEY, key)
        setup = struct.pack("HHHH80sI", USB, VENDOR, PRODUCT, VERSION, title.encode(), 0)
        fcntl.ioctl(self._device, SETUP, setup)
        fcntl.ioctl(self._device, CREATE)
        system_name = fcntl.ioctl(self._device, SYSTEM_NAME, bytes(64)).partition(b"\0")[0].decode()
        (node,) = Path("/sys/devices/virtual/input", system_name).glob("event*")
        self.node = Path("/dev/input", node.name)
        self.name = name
        name.parent.mkdir(parents=True, exist_ok=True)
        name.symlink_to(self.node)

    def reads(self, text: str) -> None:
        """Somebody holds this before it; it types what it read, and Enter."""
        for character in f"{text}\r":
            os.write(self._device, _told_twice(typed(character)))
            time.sleep(STROKE_S)

    def reads_at_once(self, text: str) -> None:
        """The same, quicker than anybody listens: the kernel drops some of it."""
        os.write(self._device, typed(f"{text}\r"))

    def unplug(self) -> None:
        """Pull it out."""
        self.name.unlink()
        os.close(self._device)


def _told_twice(strokes: bytes) -> bytes:
    """As the kernel's driver for USB keyboards does: before each key the number that the keyboard itself gave it."""
    told = b""
    for seconds, microseconds, kind, code, value in EVENT.iter_unpack(strokes):
        if kind == EV_KEY:
            told += EVENT.pack(seconds, microseconds, EV_MSC, MSC_SCAN, 0x70000 | code)
        told += EVENT.pack(seconds, microseconds, kind, code, value)
    return told
