"""8A lock boards on simulated cabinets: they obey every frame that is known of them, the dangerous ones included."""

from collections.abc import Mapping

from firmware_bridge.cabinet import Cabinet
from firmware_bridge.codecs import Feedback
from firmware_bridge.codecs.bits import bits_of
from firmware_bridge.codecs.checksums import xor
from firmware_bridge.codecs.lockboard_8a import (
    STATUS,
    UNLOCK,
    LockBoard8aOptions,
    door_answer,
    status_answer,
)
from firmware_bridge.frames import MeasuredFrames
from firmware_bridge.lock_board import Door
from firmware_bridge.options import fill
from firmware_bridge.responders import Manner
from firmware_bridge.responders.boards import Boards

BITMAP, HOLD, RELEASE, TEST_ALL = 0x90, 0x9A, 0x9B, 0x9D
LENGTHS = {STATUS: (5,), UNLOCK: (5, 6), 0x82: (5,), BITMAP: (6, 7, 10), HOLD: (5,), RELEASE: (5,), TEST_ALL: (5,)}
"""How long the frames that a board hears may be; the shortest that checks is meant."""
SIZES = (3, 4, 5, 7)


class LockBoard8aBoards(Boards):
    """Boards by their address."""

    def __init__(self, cabinets: Mapping[int, Cabinet], manner: Manner | None = None) -> None:
        super().__init__(cabinets, manner, MeasuredFrames(_length, lambda frame: True), Feedback.CLOSED_IS_1)
        self._order = fill(LockBoard8aOptions, self._manner.options, "simulated lockboard-8a").status_order

    def _obey(self, frame: bytes) -> bytes:
        header, address = frame[:2]
        answers = (self._obey_one(at, cabinet, header, frame) for at, cabinet in self._told(address))
        return b"".join(answers)

    def _obey_one(self, address: int, cabinet: Cabinet, header: int, frame: bytes) -> bytes:
        lock, answer = frame[2], b""
        named = cabinet.channels if lock == 0 else (lock,)
        match header:
            case 0x8A:
                self._pulse(cabinet, named, frame[4] * 1_000 if len(frame) == 6 else None)
                answer = door_answer(UNLOCK, address, lock, self._said_of(cabinet, named))
            case 0x80 if lock == 0:
                answer = status_answer(address, self._bits(cabinet), _size(cabinet), self._order)
            case 0x80:
                answer = door_answer(STATUS, address, lock, self._bit(cabinet, lock))
            case 0x90:
                self._pulse(cabinet, [channel for channel, bit in bits_of(frame[2:-1]).items() if bit])
            case 0x9D:
                self._pulse(cabinet, cabinet.channels)
            case 0x9A | 0x9B:
                for channel in named:
                    self._hold(cabinet, channel, header == HOLD)
            case _:
                return b""
        return b"" if cabinet.replies_lost else answer

    def _said_of(self, cabinet: Cabinet, channels: tuple[int, ...]) -> bool:
        opened = all(self._opens(cabinet, channel) for channel in channels)
        return self._feedback.bit(Door.OPEN if opened else Door.CLOSED)


def _size(cabinet: Cabinet) -> int:
    return next(size for size in SIZES if max(cabinet.channels) <= 8 * size)


def _length(heard: bytes) -> int | None:
    for length in LENGTHS.get(heard[0], ()):
        if len(heard) < length:
            return None
        if xor(heard[:length]) == 0:
            return length
    return 0
