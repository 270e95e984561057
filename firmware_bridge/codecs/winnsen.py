"""Winnsen lock control boards: 16 locks a board, RS-485, 9600 8N1.

Source: "Lock Control Board Serial Command V202104" and two public programs that speak it. A frame is
`90 LEN FUNC STATION [data] 03`; LEN counts all its bytes, STATION is the board (0..255), and *nothing* checks it, so
that length, function, station, lock and last byte are all looked at, and a door that moved is believed when two polls
running say so. 02 asks after the doors in a mask and is answered 82 with two bytes, the low one first, 1 for an open
door. 05 unlocks one lock and is answered 85 with the lock and 01 (its door opened), 00 (it did not, but may a moment
later, or wait to be pulled) or 02 (not taken: the lock must cool down first). Some boards answer A2 and A5 instead. The
board times the pulse. Never to be tried on a line of unknown boards: 90 is another maker's order to open many.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from firmware_bridge.codecs import REPLY_MS, Acknowledgement, Feedback, Status
from firmware_bridge.codecs.bits import bits_of, bytes_of
from firmware_bridge.codecs.model import Model
from firmware_bridge.frames import FrameReader, MeasuredFrames

START, END = 0x90, 0x03
UNLOCK, STATUS, STATUS_OF_ONE = 0x05, 0x02, 0x12
ANSWERS: Mapping[int, tuple[int, ...]] = {UNLOCK: (0x85, 0xA5), STATUS: (0x82, 0xA2)}
"""What a function is answered with."""
LENGTHS = {UNLOCK: 6, 0x85: 7, 0xA5: 7, STATUS: 7, 0x82: 7, 0xA2: 7, STATUS_OF_ONE: 6, 0x92: 7}
UNOPENED, OPENED, COOLING = 0x00, 0x01, 0x02
CHANNELS = 16
MODEL = Model("Winnsen board", range(256), CHANNELS)
UNLOCK_REPLY_MS: Final = 1_500


def frame_of(function: int, station: int, data: bytes) -> bytes:
    """The frame with this function, in either direction."""
    return bytes((START, len(data) + 5, function, station)) + data + bytes((END,))


def unlock_frame(address: int, channel: int) -> bytes:
    """The order that unlocks lock `channel` (1..16) of board `address` (0..255). Raises ValueError for any other."""
    return frame_of(UNLOCK, MODEL.address(address), bytes((MODEL.channel(channel),)))


def status_request(address: int) -> bytes:
    """The question after all doors of board `address` (0..255). Raises ValueError for any other."""
    return frame_of(STATUS, MODEL.address(address), b"\xff\xff")


def status_answer(address: int, bits: Mapping[int, bool], function: int = 0x82) -> bytes:
    """What board `address` answers when the bits of the channels (1..16) are `bits`; the others are 0."""
    return frame_of(function, address, bytes_of(bits, CHANNELS // 8))


def frames() -> FrameReader:
    """A reader for every frame of this protocol, in both directions."""
    return MeasuredFrames(_length, lambda frame: frame[-1] == END)


@dataclass(frozen=True, slots=True)
class Winnsen:
    """The board as the bus sees it."""

    channels: int = CHANNELS
    baud: int = 9_600
    feedback: Feedback = Feedback.CLOSED_IS_0
    reply_ms: int = REPLY_MS
    answers_unlock: bool = True
    unlock_reply_ms: int = UNLOCK_REPLY_MS

    def status_requests(self, address: int) -> Sequence[bytes]:
        """One question tells all 16 doors."""
        return (status_request(address),)

    def unlock_request(self, address: int, channel: int, pulse_ms: int) -> bytes:
        """The unlock of one lock; `pulse_ms` stands in no frame."""
        return unlock_frame(address, channel)

    def reader(self) -> FrameReader:
        """A new reader."""
        return frames()

    def answer(self, request: bytes, frame: bytes) -> Status | Acknowledgement | None:
        """What `frame` says, if it is that board's answer to `request`."""
        if frame[2] not in ANSWERS[request[2]] or frame[3] != request[3]:
            return None
        if request[2] == STATUS:
            return Status(bits_of(frame[4:6]))
        lock, result = frame[4:6]
        if lock != request[4] or result not in (UNOPENED, OPENED, COOLING):
            return None
        return Acknowledgement(lock, taken=result != COOLING)


def _length(heard: bytes) -> int | None:
    if heard[0] != START:
        return 0
    if len(heard) < 3:
        return None
    length = LENGTHS.get(heard[2], 0)
    return length if heard[1] == length else 0
