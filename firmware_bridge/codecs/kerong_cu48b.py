"""Kerong KR-CU48B: 48 locks and 48 parcel sensors on one board, up to ten boards on one line, 19200 8N1.

Source: frames captured from real boards, which three independent public programs agree on. A frame is
`02 ADDR LOCK CMD [data] 03 SUM`, as on the CU48, but with other commands: 60 asks, 75 answers with six bytes of lock
bits and six of parcel sensors (the first bit of the first byte is channel 1), 61 unlocks and is not answered. Boards
were seen to send command 77, as long as an answer, which nobody has explained: it is passed over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from firmware_bridge.codecs import REPLY_MS, Acknowledgement, Feedback, Status
from firmware_bridge.codecs.bits import bits_of, bytes_of
from firmware_bridge.codecs.kerong_frames import kerong_frames, sealed
from firmware_bridge.codecs.model import Model
from firmware_bridge.frames import FrameReader

STATUS, UNLOCK, STATUS_ANSWER, UNEXPLAINED = 0x60, 0x61, 0x75, 0x77
COMMAND_AT = 3
LENGTHS = {STATUS: 6, UNLOCK: 6, STATUS_ANSWER: 18, UNEXPLAINED: 18}
CHANNELS = 48
MODEL = Model("Kerong CU48B", range(10), CHANNELS)
"""0A would be all boards, and lock 30 all locks of a board; nothing here can say either."""


def unlock_frame(address: int, channel: int) -> bytes:
    """The order that unlocks lock `channel` (1..48) of board `address` (0..9). Raises ValueError for any other."""
    return sealed(bytes((MODEL.address(address), MODEL.channel(channel) - 1, UNLOCK)))


def status_request(address: int) -> bytes:
    """The question after all doors and parcels of board `address` (0..9). Raises ValueError for any other."""
    return sealed(bytes((MODEL.address(address), 0, STATUS)))


def status_answer(address: int, doors: Mapping[int, bool], parcels: Mapping[int, bool]) -> bytes:
    """What board `address` (0..9) answers when the bits of the channels (1..48) are these; the others are 0."""
    data = bytes_of(doors, CHANNELS // 8) + bytes_of(parcels, CHANNELS // 8)
    return sealed(bytes((MODEL.address(address), 0, STATUS_ANSWER)) + data)


def frames() -> FrameReader:
    """A reader for every frame of this protocol, in both directions."""
    return kerong_frames(LENGTHS, COMMAND_AT)


@dataclass(frozen=True, slots=True)
class KerongCu48b:
    """The CU48B as the bus and the board see it. It times the pulse by a setting of its own."""

    channels: int = CHANNELS
    baud: int = 19_200
    feedback: Feedback = Feedback.CLOSED_IS_1
    reply_ms: int = REPLY_MS
    answers_unlock: bool = False
    unlock_reply_ms: int = REPLY_MS

    def status_requests(self, address: int) -> Sequence[bytes]:
        """One question tells all 48 doors and what is behind them."""
        return (status_request(address),)

    def unlock_request(self, address: int, channel: int, pulse_ms: int) -> bytes:
        """The unlock of one lock; `pulse_ms` stands in no frame."""
        return unlock_frame(address, channel)

    def reader(self) -> FrameReader:
        """A new reader."""
        return frames()

    def answer(self, request: bytes, frame: bytes) -> Status | Acknowledgement | None:
        """The status that `frame` carries, if `request` asked that board for it."""
        asked = request[COMMAND_AT] == STATUS and frame[COMMAND_AT] == STATUS_ANSWER
        return Status(bits_of(frame[4:10]), bits_of(frame[10:16])) if asked and frame[1] == request[1] else None
