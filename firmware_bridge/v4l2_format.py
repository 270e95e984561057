"""Video4Linux2 as far as one picture needs it: request numbers and structures of linux/videodev2.h, on 64-bit Linux."""

import struct
from dataclasses import dataclass
from typing import Final

VIDEO_CAPTURE: Final = 1
MMAP: Final = 1
CAN_CAPTURE: Final = 0x0000_0001
CAN_STREAM: Final = 0x0400_0000
HAS_DEVICE_CAPS: Final = 0x8000_0000
BROKEN_FRAME: Final = 0x0040

_CAPABILITY: Final = struct.Struct("=16s32s32sIII12x")
_FORMAT: Final = struct.Struct("=I4xIIIIII176x")
_BUFFERS: Final = struct.Struct("=IIII4x")
_BUFFER: Final = struct.Struct("=IIIII4x16x16xIIQIIi4x")

MJPG, JPEG, YUYV = b"MJPG", b"JPEG", b"YUYV"
READABLE: Final = (MJPG, JPEG, YUYV)


def _request(direction: int, number: int, size: int) -> int:
    return direction << 30 | size << 16 | ord("V") << 8 | number


QUERYCAP: Final = _request(2, 0, _CAPABILITY.size)
S_FMT: Final = _request(3, 5, _FORMAT.size)
REQBUFS: Final = _request(3, 8, _BUFFERS.size)
QUERYBUF: Final = _request(3, 9, _BUFFER.size)
QBUF: Final = _request(3, 15, _BUFFER.size)
DQBUF: Final = _request(3, 17, _BUFFER.size)
STREAMON: Final = _request(1, 18, 4)
STREAMOFF: Final = _request(1, 19, 4)


@dataclass(frozen=True, slots=True)
class Shape:
    """How the pictures come."""

    width: int
    height: int
    kind: bytes
    """Four letters, such as `MJPG`."""
    line_bytes: int = 0
    """From one line to the next; 0 where the picture is compressed."""


@dataclass(frozen=True, slots=True)
class Buffer:
    """One of the kernel's buffers."""

    index: int
    used: int = 0
    flags: int = 0
    offset: int = 0
    length: int = 0


def blank_capability() -> bytearray:
    """To be filled by QUERYCAP."""
    return bytearray(_CAPABILITY.size)


def parse_capability(raw: bytes | bytearray) -> tuple[str, int]:
    """The card's name, and what this very device can do."""
    _, card, _, _, whole, device = _CAPABILITY.unpack(raw)
    return card.partition(b"\0")[0].decode(errors="replace"), device if whole & HAS_DEVICE_CAPS else whole


def build_format(shape: Shape) -> bytearray:
    """For S_FMT, which changes it into what the device will deliver."""
    kind = int.from_bytes(shape.kind, "little")
    return bytearray(_FORMAT.pack(VIDEO_CAPTURE, shape.width, shape.height, kind, 0, 0, 0))


def parse_format(raw: bytes | bytearray) -> Shape:
    """What the device will deliver."""
    _, width, height, kind, _, line_bytes, _ = _FORMAT.unpack(raw)
    return Shape(width, height, kind.to_bytes(4, "little"), line_bytes)


def build_buffers(count: int) -> bytearray:
    """For REQBUFS; `count` 0 gives all of them back."""
    return bytearray(_BUFFERS.pack(count, VIDEO_CAPTURE, MMAP, 0))


def parse_buffers(raw: bytes | bytearray) -> int:
    """How many there are."""
    return int(_BUFFERS.unpack(raw)[0])


def build_buffer(index: int = 0) -> bytearray:
    """For QUERYBUF, QBUF and DQBUF."""
    return bytearray(_BUFFER.pack(index, VIDEO_CAPTURE, 0, 0, 0, 0, MMAP, 0, 0, 0, 0))


def parse_buffer(raw: bytes | bytearray) -> Buffer:
    """What the kernel says of it."""
    index, _, used, flags, _, _, _, offset, length, _, _ = _BUFFER.unpack(raw)
    return Buffer(index, used, flags, offset, length)
