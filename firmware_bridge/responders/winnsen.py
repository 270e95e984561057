"""Winnsen boards on simulated cabinets: they obey every frame that is known of them."""

from collections.abc import Mapping

from firmware_bridge.cabinet import Cabinet
from firmware_bridge.codecs import Feedback
from firmware_bridge.codecs.bits import bits_of
from firmware_bridge.codecs.winnsen import OPENED, UNOPENED, frame_of, frames, status_answer
from firmware_bridge.responders import Manner
from firmware_bridge.responders.boards import Boards


class WinnsenBoards(Boards):
    """Boards by their station number."""

    def __init__(self, cabinets: Mapping[int, Cabinet], manner: Manner | None = None) -> None:
        super().__init__(cabinets, manner, frames(), Feedback.CLOSED_IS_0)

    def _obey(self, frame: bytes) -> bytes:
        function, station, data = frame[2], frame[3], frame[4:-1]
        return b"".join(self._obey_one(at, cabinet, function, data) for at, cabinet in self._told(station))

    def _obey_one(self, station: int, cabinet: Cabinet, function: int, data: bytes) -> bytes:
        match function, tuple(data):
            case 0x05, (lock,):
                self._pulse(cabinet, (lock,))
                answer = frame_of(0x85, station, bytes((lock, OPENED if self._opens(cabinet, lock) else UNOPENED)))
            case 0x02, (_, _):
                asked = bits_of(data)
                bits = {channel: bit and asked[channel] for channel, bit in self._bits(cabinet).items()}
                answer = status_answer(station, bits)
            case 0x12, (lock,):
                answer = frame_of(0x92, station, bytes((self._bit(cabinet, lock), lock)))
            case _:
                return b""
        return b"" if cabinet.replies_lost else answer
