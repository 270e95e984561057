"""Cameras that the kernel knows as Video4Linux2 devices, such as those on USB: MJPEG or YUYV through mapped buffers.

The device is opened for one picture and given back. `V4l2Camera(device, width, height).take()` is the whole entry; it
needs only the right to open the device (group `video`).
"""

import errno
import fcntl
import mmap
import os
import select
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Final, Protocol

from firmware_bridge import v4l2_format as v4l2
from firmware_bridge.camera import CameraError
from firmware_bridge.faults import FaultKind

BUFFERS: Final = 4
SETTLING_FRAMES: Final = 6
"""Thrown away, while the camera finds its exposure."""
DEADLINE_S: Final = 8.0
_FAULTS: Final = {
    errno.EACCES: FaultKind.PORT_DENIED,
    errno.EPERM: FaultKind.PORT_DENIED,
    errno.EBUSY: FaultKind.PORT_BUSY,
    errno.ENOENT: FaultKind.PORT_MISSING,
    errno.ENODEV: FaultKind.PORT_MISSING,
    errno.ENXIO: FaultKind.PORT_MISSING,
    errno.ENOTTY: FaultKind.WRONG_DEVICE,
    errno.EINVAL: FaultKind.WRONG_DEVICE,
}


def check_camera(device: str) -> None:
    """Raise ValueError, with a sentence, for a name of no known form or one that may change with the next boot."""
    if not Path(device).is_absolute():
        raise ValueError(f"device {device!r} is no path of a video device")
    if device.startswith("/dev/video"):
        raise ValueError(f"{device} may be another camera after the next boot; use its name in /dev/v4l/by-id/")


class Kernel(Protocol):
    """The system calls that are used; each raises OSError."""

    def open(self, device: str) -> int:
        """A descriptor that does not block."""

    def ioctl(self, descriptor: int, request: int, argument: bytearray) -> None:
        """Ask the driver; the answer stands in `argument`."""

    def map(self, descriptor: int, offset: int, length: int) -> "memoryview | mmap.mmap":
        """One of the driver's buffers."""

    def wait(self, descriptor: int, wait_s: float) -> bool:
        """Whether a frame is there within that time."""

    def close(self, descriptor: int) -> None:
        """Give the device back."""


class ThisKernel:
    """The one that we run on."""

    def open(self, device: str) -> int:
        """A descriptor that does not block."""
        return os.open(device, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)

    def ioctl(self, descriptor: int, request: int, argument: bytearray) -> None:
        """Ask the driver."""
        fcntl.ioctl(descriptor, request, argument)

    def map(self, descriptor: int, offset: int, length: int) -> "memoryview | mmap.mmap":
        """One of the driver's buffers."""
        return mmap.mmap(descriptor, length, mmap.MAP_SHARED, mmap.PROT_READ, offset=offset)

    def wait(self, descriptor: int, wait_s: float) -> bool:
        """Whether a frame is there within that time."""
        return bool(select.select([descriptor], [], [], max(0.0, wait_s))[0])

    def close(self, descriptor: int) -> None:
        """Give the device back."""
        os.close(descriptor)


class V4l2Camera:
    """One device. Pictures come as near to `width` and `height` as it can."""

    def __init__(self, device: str, width: int, height: int, kernel: Kernel | None = None) -> None:
        self._device = device
        self._size = (width, height)
        self._kernel = kernel or ThisKernel()

    def look(self) -> str:
        """The card's name. Raises CameraError."""
        with self._opened() as descriptor:
            return self._card(descriptor)

    def take(self) -> bytes:
        """A JPEG as the camera made it, or a PPM of its raw picture. Raises CameraError."""
        with self._opened() as descriptor:
            self._card(descriptor)
            shape = self._agree(descriptor)
            raw = self._stream(descriptor)
        return raw if shape.kind in (v4l2.MJPG, v4l2.JPEG) else ppm_of_yuyv(raw, shape)

    @contextmanager
    def _opened(self) -> Iterator[int]:
        try:
            descriptor = self._kernel.open(self._device)
            try:
                yield descriptor
            finally:
                self._kernel.close(descriptor)
        except OSError as error:
            kind = _FAULTS.get(error.errno or 0, FaultKind.NO_PICTURE)
            raise CameraError(kind, f"{self._device}: {error.strerror or error}") from error

    def _card(self, descriptor: int) -> str:
        raw = v4l2.blank_capability()
        self._kernel.ioctl(descriptor, v4l2.QUERYCAP, raw)
        card, can = v4l2.parse_capability(raw)
        if not (can & v4l2.CAN_CAPTURE and can & v4l2.CAN_STREAM):
            raise CameraError(FaultKind.WRONG_DEVICE, f"{self._device}: {card} takes no pictures")
        return card

    def _agree(self, descriptor: int) -> v4l2.Shape:
        """Compressed if the camera can, else raw."""
        offered = b""
        for kind in (v4l2.MJPG, v4l2.YUYV):
            raw = v4l2.build_format(v4l2.Shape(*self._size, kind))
            self._kernel.ioctl(descriptor, v4l2.S_FMT, raw)
            shape = v4l2.parse_format(raw)
            if shape.kind in v4l2.READABLE:
                return shape
            offered = shape.kind
        what = offered.decode("ascii", errors="replace")
        raise CameraError(FaultKind.WRONG_DEVICE, f"{self._device}: speaks {what}, neither MJPEG nor YUYV")

    def _stream(self, descriptor: int) -> bytes:
        kernel, raw = self._kernel, v4l2.build_buffers(BUFFERS)
        kernel.ioctl(descriptor, v4l2.REQBUFS, raw)
        maps = [self._queue(descriptor, index) for index in range(v4l2.parse_buffers(raw))]
        kernel.ioctl(descriptor, v4l2.STREAMON, bytearray(v4l2.VIDEO_CAPTURE.to_bytes(4, "little")))
        try:
            return self._frame(descriptor, maps)
        finally:
            kernel.ioctl(descriptor, v4l2.STREAMOFF, bytearray(v4l2.VIDEO_CAPTURE.to_bytes(4, "little")))
            for each in maps:
                each.close() if isinstance(each, mmap.mmap) else each.release()

    def _queue(self, descriptor: int, index: int) -> "memoryview | mmap.mmap":
        raw = v4l2.build_buffer(index)
        self._kernel.ioctl(descriptor, v4l2.QUERYBUF, raw)
        buffer = v4l2.parse_buffer(raw)
        mapped = self._kernel.map(descriptor, buffer.offset, buffer.length)
        self._kernel.ioctl(descriptor, v4l2.QBUF, v4l2.build_buffer(index))
        return mapped

    def _frame(self, descriptor: int, maps: "list[memoryview | mmap.mmap]") -> bytes:
        """The first good frame once the camera has settled."""
        deadline_s, seen = time.monotonic() + DEADLINE_S, 0
        while self._kernel.wait(descriptor, deadline_s - time.monotonic()):
            raw = v4l2.build_buffer()
            self._kernel.ioctl(descriptor, v4l2.DQBUF, raw)
            buffer = v4l2.parse_buffer(raw)
            seen += 1
            if seen > SETTLING_FRAMES and buffer.used and not buffer.flags & v4l2.BROKEN_FRAME:
                return bytes(maps[buffer.index][: buffer.used])
            self._kernel.ioctl(descriptor, v4l2.QBUF, v4l2.build_buffer(buffer.index))
        raise CameraError(FaultKind.NO_PICTURE, f"{self._device}: no good frame within {DEADLINE_S:g} s, {seen} seen")


def ppm_of_yuyv(raw: bytes, shape: v4l2.Shape) -> bytes:
    """A picture of two bytes a pixel, two sharing their colour, as a PPM. Raises CameraError if it is cut off."""
    from PIL import Image

    line_bytes = shape.line_bytes or shape.width * 2
    if len(raw) < line_bytes * shape.height or line_bytes < shape.width * 2:
        raise CameraError(FaultKind.NO_PICTURE, f"{len(raw)} bytes are no picture of {shape.width} × {shape.height}")
    raw, padded = raw[: line_bytes * shape.height], line_bytes // 2
    grey = Image.frombytes("L", (padded, shape.height), raw[0::2])
    blue, red = (Image.frombytes("L", (padded // 2, shape.height), raw[first::4]).resize(grey.size) for first in (1, 3))
    whole = Image.merge("YCbCr", (grey, blue, red)).convert("RGB").crop((0, 0, shape.width, shape.height))
    drawn = BytesIO()
    whole.save(drawn, "PPM")
    return drawn.getvalue()
