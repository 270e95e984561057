"""The lock board whose orders begin with 8A and whose questions with 80: 2 to 50 ways, by many makers, 9600 8N1.

Source: the vendor's text as several public programs quote it, and boards that were listened to. A frame ends with the
exclusive or of all bytes before it. `80 BB 00 33` asks after all doors of board BB (1..32), which answers
`80 BB Sn … S1 33`: as many bytes as it likes (an 8-way board answers three), the last of them for channels 1 to 8; some
boards send them the other way round. Nothing but silence tells where that ends. `8A BB LL 11` unlocks one lock and is
answered `8A BB LL ST`, ST being the door's bit at that moment, 11 or 00. It says no more than that the order was taken:
a door may open a moment later, or wait to be pulled. With 1 for closed doors the answer "still closed" equals the order
byte for byte, so whether the adapter echoes must be known before. The pulse is the board's, mostly 300 ms; with
`8A BB LL 11 SS` it lasts SS seconds, which a motor needs and an electromagnet does not survive. `82 BB LL ST` is sent
by some boards unasked when a door moves; it may collide with an answer, so it is passed over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from firmware_bridge.codecs import REPLY_MS, Acknowledgement, Feedback, Status
from firmware_bridge.codecs.bits import bits_of, bytes_of
from firmware_bridge.codecs.checksums import xor
from firmware_bridge.codecs.model import Model
from firmware_bridge.frames import FrameReader, QuietFrames

UNLOCK, STATUS = 0x8A, 0x80
ONE, ZERO, ALL_ASKED = 0x11, 0x00, 0x33
SHORT: Final = 5
STATUS_LENGTHS: Final = (7, 8, 9, 11)
"""Of the answers of 24-, 32-, 40- and 50-way boards. No frame and an echo before it are together as long as one."""
CHANNELS = 50
MODEL = Model("lock board 8A", range(1, 33), CHANNELS)
"""Lock 0 would be all locks of a board, and address 0 is reserved; nothing here can say either."""
SECONDS: Final = range(1, 10)
ELECTROMAGNET_REPLY_MS: Final = 1_000
MOTOR_REPLY_MS: Final = 4_000


class StatusOrder(StrEnum):
    """Which byte of a status stands for channels 1 to 8; it differs between makers."""

    LAST_BYTE_FIRST = "last_byte_first"
    FIRST_BYTE_FIRST = "first_byte_first"


@dataclass(frozen=True, slots=True)
class LockBoard8aOptions:
    """`status_order`: which byte of a status stands for channels 1 to 8."""

    status_order: StatusOrder = StatusOrder.LAST_BYTE_FIRST


def unlock_frame(address: int, channel: int) -> bytes:
    """The order that unlocks lock `channel` (1..50) of board `address` (1..32) for as long as the board is set to.

    Raises ValueError for any other.
    """
    return _sealed(UNLOCK, MODEL.address(address), MODEL.channel(channel), ONE)


def motor_frame(address: int, channel: int, pulse_ms: int) -> bytes:
    """The order that drives a motor for whole seconds, 1 to 9. Raises ValueError for any other time, and as above."""
    seconds, rest = divmod(pulse_ms, 1_000)
    if rest or seconds not in SECONDS:
        raise ValueError(f"a pulse of {pulse_ms} ms cannot be said to a {MODEL.name}: a motor runs for whole seconds")
    return _sealed(UNLOCK, MODEL.address(address), MODEL.channel(channel), ONE, seconds)


def status_request(address: int) -> bytes:
    """The question after all doors of board `address` (1..32). Raises ValueError for any other."""
    return _sealed(STATUS, MODEL.address(address), 0, ALL_ASKED)


def status_answer(address: int, bits: Mapping[int, bool], size: int, order: StatusOrder) -> bytes:
    """What board `address` answers in `size` bytes when the bits of the channels are `bits`; the others are 0."""
    return _sealed(STATUS, MODEL.address(address), *bytes_of(bits, size)[:: _step(order)], ALL_ASKED)


def door_answer(header: int, address: int, channel: int, bit: bool) -> bytes:
    """What board `address` says of one door: to an unlock, to a question after one door, or unasked."""
    return _sealed(header, address, channel, ONE if bit else ZERO)


@dataclass(frozen=True, slots=True)
class LockBoard8a:
    """The board as the bus sees it. `motor`: its locks are motors, and are told how long to run."""

    status_order: StatusOrder = StatusOrder.LAST_BYTE_FIRST
    motor: bool = False
    channels: int = CHANNELS
    baud: int = 9_600
    feedback: Feedback = Feedback.CLOSED_IS_1
    reply_ms: int = REPLY_MS
    answers_unlock: bool = True

    @property
    def unlock_reply_ms(self) -> int:
        """Some boards answer only when the pulse is over."""
        return MOTOR_REPLY_MS if self.motor else ELECTROMAGNET_REPLY_MS

    def status_requests(self, address: int) -> Sequence[bytes]:
        """One question tells all doors."""
        return (status_request(address),)

    def unlock_request(self, address: int, channel: int, pulse_ms: int) -> bytes:
        """The unlock of one lock; `pulse_ms` stands in it only for a motor."""
        return motor_frame(address, channel, pulse_ms) if self.motor else unlock_frame(address, channel)

    def reader(self) -> FrameReader:
        """A new reader."""
        return QuietFrames(_shaped, lambda frame: xor(frame) == 0)

    def answer(self, request: bytes, frame: bytes) -> Status | Acknowledgement | None:
        """What `frame` says, if it is that board's answer to `request`."""
        if frame[:2] != request[:2]:
            return None
        if request[0] == STATUS and len(frame) in STATUS_LENGTHS:
            return Status(_known(bits_of(frame[2:-2][:: _step(self.status_order)])))
        if request[0] == UNLOCK and len(frame) == SHORT and frame[2] == request[2]:
            return Acknowledgement(frame[2], taken=True)
        return None


def _sealed(*body: int) -> bytes:
    return bytes((*body, xor(bytes(body))))


def _step(order: StatusOrder) -> int:
    return -1 if order is StatusOrder.LAST_BYTE_FIRST else 1


def _known(bits: dict[int, bool]) -> dict[int, bool]:
    return {channel: bit for channel, bit in bits.items() if channel <= CHANNELS}


def _shaped(frame: bytes) -> bool:
    """Whether this looks like a frame that a board sends, or like one of ours that is echoed."""
    if len(frame) < SHORT or frame[1] not in MODEL.addresses:
        return False
    match frame[0], len(frame):
        case 0x80, length if length in STATUS_LENGTHS:
            return frame[-2] == ALL_ASKED
        case 0x80, 5:
            return frame[3] in (ONE, ZERO, ALL_ASKED)
        case ((0x8A | 0x82), 5):
            return frame[3] in (ONE, ZERO)
        case 0x8A, 6:
            return frame[3] == ONE and frame[4] in SECONDS
        case _:
            return False
