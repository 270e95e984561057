"""Kerong CU48 boards on simulated cabinets: they obey every frame of the vendor's page, the dangerous ones included."""

from collections.abc import Mapping

from firmware_bridge.cabinet import Cabinet
from firmware_bridge.codecs import Feedback
from firmware_bridge.codecs.kerong import CHANNELS, STATUS, UNLOCK, frames, status_answer
from firmware_bridge.responders import Manner, Response

ALL_BOARDS = 0x0A
ALL_LOCKS = 0x30


class Cu48Boards:
    """Boards by their address."""

    def __init__(self, cabinets: Mapping[int, Cabinet], manner: Manner | None = None) -> None:
        self._cabinets = cabinets
        self._manner = manner or Manner()
        self._feedback = self._manner.feedback or Feedback.CLOSED_IS_1
        self._frames = frames()

    def hear(self, heard: bytes) -> list[Response]:
        """Obey unlocks, answer questions after the doors, pass over everything else."""
        return [Response(frame, self._obey(*frame[1:4])) for frame in self._frames.feed(heard)]

    def _obey(self, address: int, lock: int, command: int) -> bytes:
        told = {at: it for at, it in self._cabinets.items() if address in (at, ALL_BOARDS)}
        if command == UNLOCK:
            wanted = range(1, CHANNELS + 1) if lock == ALL_LOCKS else (lock + 1,)
            for cabinet in told.values():
                for channel in set(wanted) & set(cabinet.channels):
                    cabinet.pulse(channel, self._manner.pulse_ms)
        if command == STATUS:
            return b"".join(self._status(at, cabinet) for at, cabinet in told.items() if not cabinet.replies_lost)
        return b""

    def _status(self, address: int, cabinet: Cabinet) -> bytes:
        return status_answer(address, {it: self._feedback.bit(cabinet.sensor(it)) for it in cabinet.channels})
