"""Kerong KR-CU16, NCU16L and KU16: 16 locks and 16 parcel sensors a board, up to ten boards on one line, 19200 8N1.

Source: the vendor's older protocol of five-byte requests, as several public programs speak it to real boards. A frame
is `02 BL CMD [data] 03 SUM`, where B is the board (0..9) and L the lock (0..15). CMD 30 asks one board, which answers
with 35, two bytes of lock bits and two of parcel sensors (the first bit of the first byte is channel 1); 36 is the same
answer to a question after all boards. 31 unlocks one lock and is not answered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from firmware_bridge.codecs import REPLY_MS, Acknowledgement, Feedback, Status
from firmware_bridge.codecs.bits import bits_of, bytes_of
from firmware_bridge.codecs.kerong_frames import kerong_frames, sealed
from firmware_bridge.codecs.model import Model
from firmware_bridge.frames import FrameReader

STATUS, UNLOCK, STATUS_OF_ALL, UNLOCK_ALL, STATUS_ANSWER, ANSWER_OF_ALL = 0x30, 0x31, 0x32, 0x33, 0x35, 0x36
COMMAND_AT = 2
LENGTHS = {STATUS: 5, UNLOCK: 5, STATUS_OF_ALL: 5, UNLOCK_ALL: 5, STATUS_ANSWER: 9, ANSWER_OF_ALL: 9}
CHANNELS = 16
MODEL = Model("Kerong CU16", range(10), CHANNELS)
"""F would be all boards, and command 33 all locks; nothing here can say either."""


def unlock_frame(address: int, channel: int) -> bytes:
    """The order that unlocks lock `channel` (1..16) of board `address` (0..9). Raises ValueError for any other."""
    return sealed(bytes((MODEL.address(address) << 4 | MODEL.channel(channel) - 1, UNLOCK)))


def status_request(address: int) -> bytes:
    """The question after all doors and parcels of board `address` (0..9). Raises ValueError for any other."""
    return sealed(bytes((MODEL.address(address) << 4, STATUS)))


def status_answer(
    address: int, doors: Mapping[int, bool], parcels: Mapping[int, bool], command: int = STATUS_ANSWER
) -> bytes:
    """What board `address` (0..9) answers when the bits of the channels (1..16) are these; the others are 0."""
    data = bytes_of(doors, CHANNELS // 8) + bytes_of(parcels, CHANNELS // 8)
    return sealed(bytes((MODEL.address(address) << 4, command)) + data)


def read_status(address: int, frame: bytes) -> Status | None:
    """Doors and parcels in a whole frame, if it is a status answer of board `address`; None if it is anything else."""
    if frame[COMMAND_AT] not in (STATUS_ANSWER, ANSWER_OF_ALL) or frame[1] != address << 4:
        return None
    return Status(bits_of(frame[3:5]), bits_of(frame[5:7]))


def frames() -> FrameReader:
    """A reader for every frame of this protocol, in both directions."""
    return kerong_frames(LENGTHS, COMMAND_AT)


@dataclass(frozen=True, slots=True)
class KerongCu16:
    """The CU16 as the bus and the board see it. It times the pulse by a setting of its own."""

    channels: int = CHANNELS
    baud: int = 19_200
    feedback: Feedback = Feedback.CLOSED_IS_1
    reply_ms: int = REPLY_MS
    answers_unlock: bool = False
    unlock_reply_ms: int = REPLY_MS

    def status_requests(self, address: int) -> Sequence[bytes]:
        """One question tells all 16 doors and what is behind them."""
        return (status_request(address),)

    def unlock_request(self, address: int, channel: int, pulse_ms: int) -> bytes:
        """The unlock of one lock; `pulse_ms` stands in no frame."""
        return unlock_frame(address, channel)

    def reader(self) -> FrameReader:
        """A new reader."""
        return frames()

    def answer(self, request: bytes, frame: bytes) -> Status | Acknowledgement | None:
        """The status that `frame` carries, if `request` asked that board for it."""
        return read_status(request[1] >> 4, frame) if request[COMMAND_AT] == STATUS else None
