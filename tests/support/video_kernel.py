"""A Video4Linux2 driver made of nothing: keeps the rules of buffers and streams, and counts what it was asked."""

import errno
import os
from collections import deque
from dataclasses import dataclass, field

from firmware_bridge import v4l2_format as v4l2

CAMERA = 0x8520_0001
"""Capabilities of a usual one."""


@dataclass
class FakeVideo:
    """One device. `frames` are what it delivers, one after the other, then nothing more."""

    frames: list[bytes]
    kind: bytes = v4l2.MJPG
    width: int = 640
    height: int = 360
    line_bytes: int = 0
    can: int = CAMERA
    broken: set[int] = field(default_factory=set)
    """Frames that arrive damaged, by number from 0."""
    refuses: dict[int, int] = field(default_factory=dict)
    """Error numbers by request."""
    opened: int = 0
    streaming: bool = False
    delivered: int = 0
    mapped: list[memoryview] = field(default_factory=list)
    queued: deque[int] = field(default_factory=deque)
    _memory: list[bytearray] = field(default_factory=list)

    def open(self, device: str) -> int:
        if device == "/dev/v4l/by-id/none":
            raise OSError(errno.ENOENT, os.strerror(errno.ENOENT))
        self.opened += 1
        return 7

    def close(self, descriptor: int) -> None:
        assert descriptor == 7
        self.opened -= 1

    def map(self, descriptor: int, offset: int, length: int) -> memoryview:
        view = memoryview(self._memory[offset // 4096])
        assert len(view) == length
        self.mapped.append(view)
        return view

    def wait(self, descriptor: int, wait_s: float) -> bool:
        assert self.streaming
        return bool(self.queued) and self.delivered < len(self.frames)

    def ioctl(self, descriptor: int, request: int, argument: bytearray) -> None:
        if request in self.refuses:
            number = self.refuses[request]
            raise OSError(number, os.strerror(number))
        match request:
            case v4l2.QUERYCAP:
                argument[16:20] = b"Cam\0"
                argument[84:92] = self.can.to_bytes(4, "little") + (self.can & 0x7FFF_FFFF).to_bytes(4, "little")
            case v4l2.S_FMT:
                shape = v4l2.Shape(self.width, self.height, self.kind, self.line_bytes)
                argument[:] = v4l2.build_format(shape)
                argument[24:28] = self.line_bytes.to_bytes(4, "little")
            case v4l2.REQBUFS:
                self._memory = [bytearray(max(map(len, self.frames), default=16)) for _ in range(3)]
                argument[0:4] = (3).to_bytes(4, "little")
            case v4l2.QUERYBUF:
                index = v4l2.parse_buffer(argument).index
                argument[64:72] = (index * 4096).to_bytes(8, "little")
                argument[72:76] = len(self._memory[index]).to_bytes(4, "little")
            case v4l2.QBUF:
                self.queued.append(v4l2.parse_buffer(argument).index)
            case v4l2.DQBUF:
                index, frame = self.queued.popleft(), self.frames[self.delivered]
                self._memory[index][: len(frame)] = frame
                flags = v4l2.BROKEN_FRAME if self.delivered in self.broken else 0
                self.delivered += 1
                argument[0:4] = index.to_bytes(4, "little")
                argument[8:16] = len(frame).to_bytes(4, "little") + flags.to_bytes(4, "little")
            case v4l2.STREAMON | v4l2.STREAMOFF:
                self.streaming = request == v4l2.STREAMON
            case _:
                raise OSError(errno.ENOTTY, os.strerror(errno.ENOTTY))
