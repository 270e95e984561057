"""Dingchang DC lock boards: 12 or 24 ways, up to 15 boards on one line, RS-485, 9600 8N1.

Source: the maker's protocol for the DC_12 (V0.2, 2026-05). A request is `DC 02 ADDR CMD LEN [data] SUM`, an answer
`DC FE ADDR CMD LEN [data] SUM`; SUM is the low byte of the sum from ADDR on. 12 asks after all doors: the answer's two
bytes (12 ways) or three (24 ways) have the high one first, and a bit is 1 for an open door. 10 unlocks one lock; the
maker's table has it answered with the lock and whether its door opened (01) or not (00), his example without the lock.
Either says no more than that the order was taken: a door may have to be pulled. The board times the pulse, 150 ms.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from firmware_bridge.codecs import REPLY_MS, Acknowledgement, Feedback, Status
from firmware_bridge.codecs.bits import bits_of, bytes_of
from firmware_bridge.codecs.checksums import low_sum
from firmware_bridge.codecs.model import Model
from firmware_bridge.frames import FrameReader, MeasuredFrames

START, REQUEST, ANSWER = 0xDC, 0x02, 0xFE
UNLOCK, STATUS = 0x10, 0x12
OPENED, UNOPENED = 0x01, 0x00
HEAD: Final = 5
LONGEST_DATA: Final = 8
WAYS: Mapping[int, int] = {2: 12, 3: 24}
"""How many doors a status of so many bytes tells of."""
CHANNELS = 24
MODEL = Model("Dingchang board", range(1, 16), CHANNELS)
UNLOCK_REPLY_MS: Final = 1_000


def frame_of(direction: int, address: int, command: int, data: bytes = b"") -> bytes:
    """The frame with this command, in either direction."""
    body = bytes((address, command, len(data))) + data
    return bytes((START, direction)) + body + bytes((low_sum(body),))


def unlock_frame(address: int, channel: int) -> bytes:
    """The order that unlocks lock `channel` (1..24) of board `address` (1..15). Raises ValueError for any other."""
    return frame_of(REQUEST, MODEL.address(address), UNLOCK, bytes((MODEL.channel(channel),)))


def status_request(address: int) -> bytes:
    """The question after all doors of board `address` (1..15). Raises ValueError for any other."""
    return frame_of(REQUEST, MODEL.address(address), STATUS)


def mask_of(bits: Mapping[int, bool], size: int) -> bytes:
    """The bits of the channels in `size` bytes, the high one first."""
    return bytes_of(bits, size)[::-1]


def frames() -> FrameReader:
    """A reader for every frame of this protocol, in both directions."""
    return MeasuredFrames(_length, lambda frame: frame[-1] == low_sum(frame[2:-1]))


@dataclass(frozen=True, slots=True)
class Dingchang:
    """The board as the bus sees it."""

    channels: int = CHANNELS
    baud: int = 9_600
    feedback: Feedback = Feedback.CLOSED_IS_0
    reply_ms: int = REPLY_MS
    answers_unlock: bool = True
    unlock_reply_ms: int = UNLOCK_REPLY_MS

    def status_requests(self, address: int) -> Sequence[bytes]:
        """One question tells all doors."""
        return (status_request(address),)

    def unlock_request(self, address: int, channel: int, pulse_ms: int) -> bytes:
        """The unlock of one lock; `pulse_ms` stands in no frame."""
        return unlock_frame(address, channel)

    def reader(self) -> FrameReader:
        """A new reader."""
        return frames()

    def answer(self, request: bytes, frame: bytes) -> Status | Acknowledgement | None:
        """What `frame` says, if it is that board's answer to `request`."""
        if frame[1] != ANSWER or frame[2:4] != request[2:4]:
            return None
        data = frame[HEAD:-1]
        if request[3] == STATUS and len(data) in WAYS:
            return Status({channel: bit for channel, bit in bits_of(data[::-1]).items() if channel <= WAYS[len(data)]})
        return _acknowledgement(request[HEAD], data) if request[3] == UNLOCK else None


def _acknowledgement(channel: int, data: bytes) -> Acknowledgement | None:
    match tuple(data):
        case (lock, state) if lock == channel and state in (OPENED, UNOPENED):
            return Acknowledgement(channel, taken=True)
        case (state,) if state in (OPENED, UNOPENED, channel):
            return Acknowledgement(channel, taken=True)
        case _:
            return None


def _length(heard: bytes) -> int | None:
    if heard[0] != START or (len(heard) > 1 and heard[1] not in (REQUEST, ANSWER)):
        return 0
    if len(heard) < HEAD:
        return None
    return HEAD + heard[4] + 1 if heard[4] <= LONGEST_DATA else 0
