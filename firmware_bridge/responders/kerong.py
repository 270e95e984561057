"""Kerong boards on simulated cabinets: they obey every frame of the vendor's page, the dangerous ones included."""

from collections.abc import Mapping

from firmware_bridge.cabinet import Cabinet
from firmware_bridge.codecs import Feedback, kerong, kerong_cu16, kerong_cu48b
from firmware_bridge.responders import Manner
from firmware_bridge.responders.boards import Boards

ALL_BOARDS = 0x0A
ALL_LOCKS = 0x30
ALL_CU16 = 0x0F


class Cu48Boards(Boards):
    """CU48 boards by their address."""

    def __init__(self, cabinets: Mapping[int, Cabinet], manner: Manner | None = None) -> None:
        super().__init__(cabinets, manner, kerong.frames(), Feedback.CLOSED_IS_1)

    def _obey(self, frame: bytes) -> bytes:
        address, lock, command = frame[1:4]
        answers = b""
        for at, cabinet in self._told(address, ALL_BOARDS):
            if command == kerong.UNLOCK:
                self._pulse(cabinet, range(1, kerong.CHANNELS + 1) if lock == ALL_LOCKS else (lock + 1,))
            elif command == kerong.STATUS and not cabinet.replies_lost:
                answers += kerong.status_answer(at, self._bits(cabinet))
        return answers


class Cu48bBoards(Boards):
    """CU48B boards by their address."""

    def __init__(self, cabinets: Mapping[int, Cabinet], manner: Manner | None = None) -> None:
        super().__init__(cabinets, manner, kerong_cu48b.frames(), Feedback.CLOSED_IS_1)

    def _obey(self, frame: bytes) -> bytes:
        address, lock, command = frame[1:4]
        answers = b""
        for at, cabinet in self._told(address, ALL_BOARDS):
            if command == kerong_cu48b.UNLOCK:
                self._pulse(cabinet, range(1, kerong_cu48b.CHANNELS + 1) if lock == ALL_LOCKS else (lock + 1,))
            elif command == kerong_cu48b.STATUS and not cabinet.replies_lost:
                answers += kerong_cu48b.status_answer(at, self._bits(cabinet), _parcels(cabinet))
        return answers


class Cu16Boards(Boards):
    """CU16 boards by their address."""

    def __init__(self, cabinets: Mapping[int, Cabinet], manner: Manner | None = None) -> None:
        super().__init__(cabinets, manner, kerong_cu16.frames(), Feedback.CLOSED_IS_1)

    def _obey(self, frame: bytes) -> bytes:
        address, lock, command = frame[1] >> 4, frame[1] & 0x0F, frame[2]
        answers = b""
        for at, cabinet in self._told(address, ALL_CU16):
            match command:
                case kerong_cu16.UNLOCK:
                    self._pulse(cabinet, (lock + 1,))
                case kerong_cu16.UNLOCK_ALL:
                    self._pulse(cabinet, cabinet.channels)
                case kerong_cu16.STATUS | kerong_cu16.STATUS_OF_ALL if not cabinet.replies_lost:
                    asked_one = command == kerong_cu16.STATUS
                    answering = kerong_cu16.STATUS_ANSWER if asked_one else kerong_cu16.ANSWER_OF_ALL
                    answers += kerong_cu16.status_answer(at, self._bits(cabinet), _parcels(cabinet), answering)
        return answers


def _parcels(cabinet: Cabinet) -> dict[int, bool]:
    return {channel: cabinet.parcel_sensor(channel) for channel in cabinet.channels}
