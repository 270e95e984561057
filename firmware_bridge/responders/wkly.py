"""WKLY boards on simulated cabinets: they obey every frame that is known of them, the dangerous ones included."""

from collections.abc import Mapping

from firmware_bridge.cabinet import Cabinet
from firmware_bridge.codecs import Feedback
from firmware_bridge.codecs.wkly import REFUSED, WELL, WklyOptions, frame_of, frames, status_answer
from firmware_bridge.options import fill
from firmware_bridge.responders import Manner
from firmware_bridge.responders.boards import Boards


class WklyBoards(Boards):
    """Boards by their address."""

    def __init__(self, cabinets: Mapping[int, Cabinet], manner: Manner | None = None) -> None:
        options = {} if manner is None else manner.options
        self._header = fill(WklyOptions, options, "simulated wkly").header
        super().__init__(cabinets, manner, frames(self._header), Feedback.CLOSED_IS_1)

    def _obey(self, frame: bytes) -> bytes:
        address, command, data = frame[5], frame[6], frame[7:-1]
        return b"".join(self._obey_one(at, cabinet, command, data) for at, cabinet in self._told(address))

    def _obey_one(self, address: int, cabinet: Cabinet, command: int, data: bytes) -> bytes:
        answer = b""
        match command, tuple(data):
            case 0x82 | 0x83, (lock,):
                well = lock in cabinet.channels
                if command == 0x82:
                    self._pulse(cabinet, data)
                told = bytes((WELL if well else REFUSED, lock, self._bit(cabinet, lock)))
                answer = frame_of(self._header, address, command, told)
            case 0x84, ():
                answer = status_answer(self._header, address, {at: self._bit(cabinet, at) for at in range(1, 25)})
            case 0x86, ():
                self._pulse(cabinet, cabinet.channels)
                answer = frame_of(self._header, address, command, bytes((WELL,)))
            case 0x80 | 0x87, (count, *locks) if count == len(locks):
                self._pulse(cabinet, locks)
                answer = frame_of(self._header, address, command, bytes((WELL,))) if command == 0x80 else b""
            case 0x81, (lock,):
                self._pulse(cabinet, (lock,))
            case 0x88 | 0x89, (lock,) if lock in cabinet.channels:
                self._hold(cabinet, lock, command == 0x88)
            case _:
                return b""
        return b"" if cabinet.replies_lost else answer
