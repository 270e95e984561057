"""A scanner that types, plugged into this machine's kernel: a keyboard made with `uinput` (linux/uinput.h)."""

import fcntl
import os
import struct
import time
from pathlib import Path

from support.typist import typed

from firmware_bridge.key_events import EV_KEY

SET_EVENT, SET_KEY, SETUP, CREATE, SYSTEM_NAME = 0x40045564, 0x40045565, 0x405C5503, 0x5501, 0x8040552C
USB, VENDOR, PRODUCT, VERSION = 3, 0x0C2E, 0x0B61, 1
KEYS = range(1, 128)
STROKE_S = 0.008
"""How often a keyboard on USB tells of a stroke."""


class KernelKeyboard:
    """One scanner. `name` is its stable name, as udev makes one on a machine with it."""

    def __init__(self, name: Path, title: str = "Typing Scanner") -> None:
        self._device = os.open("/dev/uinput", os.O_WRONLY)
        fcntl.ioctl(self._device, SET_EVENT, EV_KEY)
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
            os.write(self._device, typed(character))
            time.sleep(STROKE_S)

    def unplug(self) -> None:
        """Pull it out."""
        self.name.unlink()
        os.close(self._device)
