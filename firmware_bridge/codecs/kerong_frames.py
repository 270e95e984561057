"""What the frames of all Kerong boards share: `02 … 03 SUM`, SUM being the low byte of the sum of all bytes before."""

from collections.abc import Mapping
from functools import partial

from firmware_bridge.codecs.checksums import low_sum
from firmware_bridge.frames import FrameReader, MeasuredFrames

STX, ETX = 0x02, 0x03


def sealed(body: bytes) -> bytes:
    """The frame around `body`, which are its bytes after STX and before ETX."""
    frame = bytes((STX, *body, ETX))
    return frame + bytes((low_sum(frame),))


def kerong_frames(lengths: Mapping[int, int], command_at: int) -> FrameReader:
    """A reader for frames whose command stands at `command_at` and tells their length; others are not frames."""
    return MeasuredFrames(partial(_length, lengths, command_at), _fits)


def _length(lengths: Mapping[int, int], command_at: int, heard: bytes) -> int | None:
    if heard[0] != STX:
        return 0
    return None if len(heard) <= command_at else lengths.get(heard[command_at], 0)


def _fits(frame: bytes) -> bool:
    return frame[-2] == ETX and frame[-1] == low_sum(frame[:-1])
