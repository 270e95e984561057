"""Dingchang boards on simulated cabinets: they obey every frame of the maker's page, the dangerous ones included."""

from collections.abc import Collection, Mapping

from firmware_bridge.cabinet import Cabinet
from firmware_bridge.codecs import Feedback
from firmware_bridge.codecs.bits import bits_of
from firmware_bridge.codecs.dingchang import ANSWER, HEAD, OPENED, REQUEST, UNOPENED, WAYS, frame_of, frames, mask_of
from firmware_bridge.responders import Manner
from firmware_bridge.responders.boards import Boards

VERSION = bytes((1, 0))


class DingchangBoards(Boards):
    """Boards by their address: 12-way ones, or 24-way ones where there are so many doors."""

    def __init__(self, cabinets: Mapping[int, Cabinet], manner: Manner | None = None) -> None:
        super().__init__(cabinets, manner, frames(), Feedback.CLOSED_IS_0)

    def _obey(self, frame: bytes) -> bytes:
        direction, address, command = frame[1:4]
        told = self._told(address) if direction == REQUEST else []
        return b"".join(self._obey_one(at, cabinet, command, frame[HEAD:-1]) for at, cabinet in told)

    def _obey_one(self, address: int, cabinet: Cabinet, command: int, data: bytes) -> bytes:
        match command, tuple(data):
            case 0x01, ():
                said = VERSION
            case 0x10, (lock,):
                self._pulse(cabinet, data)
                said = bytes((lock, OPENED if self._opens(cabinet, lock) else UNOPENED))
            case 0x11, (lock,):
                said = bytes((lock, self._bit(cabinet, lock)))
            case 0x12, ():
                said = mask_of(self._bits(cabinet), _size(cabinet))
            case 0x14, ():
                said = self._open(cabinet, cabinet.channels)
            case ((0x15 | 0x18), (_, *_)):
                said = self._open(cabinet, _named(data))
            case 0x16, (channel, on):
                self._hold(cabinet, channel, bool(on))
                said = bytes((OPENED,))
            case 0x1A, (_, *_):
                for channel in cabinet.channels:
                    self._hold(cabinet, channel, channel in _named(data))
                said = bytes((OPENED,))
            case _:
                return b""
        return b"" if cabinet.replies_lost else frame_of(ANSWER, address, command, said)

    def _open(self, cabinet: Cabinet, channels: Collection[int]) -> bytes:
        self._pulse(cabinet, channels)
        return mask_of({channel: self._opens(cabinet, channel) for channel in channels}, _size(cabinet))


def _named(data: bytes) -> set[int]:
    return {channel for channel, bit in bits_of(data[::-1]).items() if bit}


def _size(cabinet: Cabinet) -> int:
    return next(size for size, ways in WAYS.items() if max(cabinet.channels) <= ways)
