"""Kerong KR-CU48: 48 locks on one board, up to ten boards on one line, RS-485 or RS-232, 19200 8N1.

Source: "CU48 Protocol and Introduction v2.1" (2020-03-23). A frame is `02 ADDR LOCK CMD [data] 03 SUM`, where SUM is
the low byte of the sum of all bytes before it. CMD 50 asks, 65 answers with six bytes of lock bits (the first bit of
the first byte is lock 1), 51 unlocks and is not answered. The board times the pulse by a setting of its own.

Kerong's other boards (CU16, CU48B, CU12) speak other, incompatible protocols.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from firmware_bridge.codecs import REPLY_MS, Acknowledgement, Feedback, Status
from firmware_bridge.codecs.bits import bits_of, bytes_of
from firmware_bridge.codecs.kerong_frames import kerong_frames, sealed
from firmware_bridge.codecs.model import Model
from firmware_bridge.frames import FrameReader

STATUS, UNLOCK, STATUS_ANSWER = 0x50, 0x51, 0x65
COMMAND_AT = 3
LENGTHS = {STATUS: 6, UNLOCK: 6, STATUS_ANSWER: 12}
CHANNELS = 48
MODEL = Model("Kerong CU48", range(10), CHANNELS)
"""0A would be all boards, and lock 30 all locks of a board; nothing here can say either."""


def unlock_frame(address: int, channel: int) -> bytes:
    """The order that unlocks lock `channel` (1..48) of board `address` (0..9). Raises ValueError for any other."""
    return sealed(bytes((MODEL.address(address), MODEL.channel(channel) - 1, UNLOCK)))


def status_request(address: int) -> bytes:
    """The question after all doors of board `address` (0..9). Raises ValueError for any other."""
    return sealed(bytes((MODEL.address(address), 0, STATUS)))


def status_answer(address: int, bits: Mapping[int, bool]) -> bytes:
    """What board `address` (0..9) answers when the bits of the channels (1..48) are `bits`; the others are 0."""
    return sealed(bytes((MODEL.address(address), 0, STATUS_ANSWER)) + bytes_of(bits, CHANNELS // 8))


def read_status(address: int, frame: bytes) -> Status | None:
    """The lock bits in a whole frame, if it is a status answer of board `address`; None if it is anything else."""
    if len(frame) != LENGTHS[STATUS_ANSWER] or frame[1] != address or frame[COMMAND_AT] != STATUS_ANSWER:
        return None
    return Status(bits_of(frame[4:10]))


def frames() -> FrameReader:
    """A reader for every frame of this protocol, in both directions."""
    return kerong_frames(LENGTHS, COMMAND_AT)


@dataclass(frozen=True, slots=True)
class KerongCu48:
    """The CU48 as the bus and the board see it."""

    channels: int = CHANNELS
    baud: int = 19_200
    feedback: Feedback = Feedback.CLOSED_IS_1
    reply_ms: int = REPLY_MS
    answers_unlock: bool = False
    unlock_reply_ms: int = REPLY_MS

    def status_requests(self, address: int) -> Sequence[bytes]:
        """One question tells all 48 doors."""
        return (status_request(address),)

    def unlock_request(self, address: int, channel: int, pulse_ms: int) -> bytes:
        """The unlock of one lock; the board's own setting rules the pulse, so `pulse_ms` stands in no frame."""
        return unlock_frame(address, channel)

    def reader(self) -> FrameReader:
        """A new reader."""
        return frames()

    def answer(self, request: bytes, frame: bytes) -> Status | Acknowledgement | None:
        """The status that `frame` carries, if `request` asked that board for it."""
        return read_status(request[1], frame) if request[COMMAND_AT] == STATUS else None
