"""What all simulated Modbus boards have in common: whole requests in, answers and exceptions out, broadcasts obeyed."""

from collections.abc import Mapping
from typing import Protocol

from firmware_bridge.cabinet import Cabinet
from firmware_bridge.codecs import modbus as rtu
from firmware_bridge.responders import Response

BROADCAST = 0
ILLEGAL_FUNCTION, ILLEGAL_ADDRESS, ILLEGAL_VALUE = 1, 2, 3


class No(Exception):
    """A board cannot do what it is told, and answers with the code of an exception."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class ModbusBoard(Protocol):
    """One board, whatever its address."""

    @property
    def cabinet(self) -> Cabinet:
        """The doors behind it."""

    def obey(self, function: int, data: bytes) -> bytes | None:
        """Do what a request says; returns the data of the answer, None for silence. Raises No."""


class ModbusBoards:
    """Boards by their address."""

    def __init__(self, boards: Mapping[int, ModbusBoard]) -> None:
        self._boards = boards
        self._frames = rtu.requests()

    def hear(self, heard: bytes) -> list[Response]:
        """Obey every request; one that is meant for all boards is obeyed by all and answered by none."""
        return [Response(request, self._obey(request)) for request in self._frames.feed(heard)]

    def _obey(self, request: bytes) -> bytes:
        address, function, data = request[0], request[1], request[2:-2]
        answer = b""
        for at, board in self._boards.items():
            if address in (at, BROADCAST):
                told = _told(board, at, function, data)
                answer = told if address == at and not board.cabinet.replies_lost else b""
        return answer


def _told(board: ModbusBoard, address: int, function: int, data: bytes) -> bytes:
    try:
        answer = board.obey(function, data)
    except No as no:
        return rtu.frame(address, function | rtu.EXCEPTION, bytes((no.code,)))
    return b"" if answer is None else rtu.frame(address, function, answer)
