"""The lock board whose frames begin with the letters WKLY: up to 24 ways, 9600 8N1.

Source: the vendor's text as two independent public programs follow it. A frame is `57 4B 4C 59 LEN BB CMD [data] XOR`:
LEN counts all its bytes, BB is the board (0..31), XOR is the exclusive or of all bytes before. 84 asks after all doors
and is answered with a status (00: well), a count and one byte a door: 00 open, 01 closed. 82 unlocks one lock and is
answered with a status (00: taken, FF: not), the lock, and the door as it stood by then. 85 is sent unasked when a
door moves and is passed over. The board times the pulse. The same frames are known to begin with the letters NBSE.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Final

from firmware_bridge.codecs import REPLY_MS, Acknowledgement, Feedback, Status
from firmware_bridge.codecs.checksums import xor
from firmware_bridge.codecs.model import Model
from firmware_bridge.frames import FrameReader, MeasuredFrames

UNLOCK, STATUS = 0x82, 0x84
WELL, REFUSED = 0x00, 0xFF
ONE_DOOR: Final = 11
"""The length of an answer that tells of one door."""
ALL_DOORS: Final = 10
"""The length of an answer that tells of all, without their bytes."""
LONGEST: Final = 64
CHANNELS = 24
MODEL = Model("WKLY board", range(32), CHANNELS)
UNLOCK_REPLY_MS: Final = 1_000


class Header(StrEnum):
    """The four letters that frames begin with."""

    WKLY = "WKLY"
    NBSE = "NBSE"


@dataclass(frozen=True, slots=True)
class WklyOptions:
    """`header`: the four letters that frames begin with."""

    header: Header = Header.WKLY


def frame_of(header: Header, address: int, command: int, data: bytes = b"") -> bytes:
    """The frame with this command, in either direction."""
    body = header.encode() + bytes((len(header) + len(data) + 4, address, command)) + data
    return body + bytes((xor(body),))


def unlock_frame(header: Header, address: int, channel: int) -> bytes:
    """The order that unlocks lock `channel` (1..24) of board `address` (0..31). Raises ValueError for any other."""
    return frame_of(header, MODEL.address(address), UNLOCK, bytes((MODEL.channel(channel),)))


def status_request(header: Header, address: int) -> bytes:
    """The question after all doors of board `address` (0..31). Raises ValueError for any other."""
    return frame_of(header, MODEL.address(address), STATUS)


def status_answer(header: Header, address: int, bits: Mapping[int, bool], ways: int = CHANNELS) -> bytes:
    """What board `address` answers when the bits of the channels (1 to `ways`) are `bits`; the others are 0."""
    doors = bytes(bits.get(channel, False) for channel in range(1, ways + 1))
    return frame_of(header, address, STATUS, bytes((WELL, ways)) + doors)


def frames(header: Header) -> FrameReader:
    """A reader for every frame of this protocol, in both directions."""
    return MeasuredFrames(partial(_length, header.encode()), lambda frame: xor(frame) == 0)


@dataclass(frozen=True, slots=True)
class Wkly:
    """The board as the bus sees it."""

    header: Header = Header.WKLY
    channels: int = CHANNELS
    baud: int = 9_600
    feedback: Feedback = Feedback.CLOSED_IS_1
    reply_ms: int = REPLY_MS
    answers_unlock: bool = True
    unlock_reply_ms: int = UNLOCK_REPLY_MS

    def status_requests(self, address: int) -> Sequence[bytes]:
        """One question tells all doors."""
        return (status_request(self.header, address),)

    def unlock_request(self, address: int, channel: int, pulse_ms: int) -> bytes:
        """The unlock of one lock; `pulse_ms` stands in no frame."""
        return unlock_frame(self.header, address, channel)

    def reader(self) -> FrameReader:
        """A new reader."""
        return frames(self.header)

    def answer(self, request: bytes, frame: bytes) -> Status | Acknowledgement | None:
        """What `frame` says, if it is that board's answer to `request`."""
        if frame[5:7] != request[5:7]:
            return None
        if request[6] == STATUS:
            return _status(frame)
        if request[6] == UNLOCK and len(frame) == ONE_DOOR and frame[8] == request[7] and frame[7] in (WELL, REFUSED):
            return Acknowledgement(frame[8], taken=frame[7] == WELL)
        return None


def _status(frame: bytes) -> Status | None:
    """The doors of a whole frame; one that is neither open nor closed is not told of."""
    if len(frame) < ALL_DOORS or frame[7] != WELL or len(frame) != ALL_DOORS + frame[8] or frame[8] > CHANNELS:
        return None
    return Status({channel: door == 1 for channel, door in enumerate(frame[9:-1], 1) if door in (0, 1)})


def _length(header: bytes, heard: bytes) -> int | None:
    if not header.startswith(heard[:4]):
        return 0
    if len(heard) < 5:
        return None
    return heard[4] if 8 <= heard[4] <= LONGEST else 0
