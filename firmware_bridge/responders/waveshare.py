"""Waveshare Modbus relay boards on simulated cabinets: they obey every frame of the vendor's page, dangerous or not."""

from collections.abc import Iterable, Mapping

from firmware_bridge.cabinet import Cabinet
from firmware_bridge.codecs import Feedback
from firmware_bridge.codecs import modbus as rtu
from firmware_bridge.codecs.waveshare import CONTROL_MODES, FLASH_ON, LONGEST_TENTHS, TENTH_MS, WaveshareOptions
from firmware_bridge.options import fill
from firmware_bridge.responders import Manner
from firmware_bridge.responders.modbus import ILLEGAL_ADDRESS, ILLEGAL_FUNCTION, ILLEGAL_VALUE, ModbusBoards, No

ALL_RELAYS = 0xFF
FLASH_OFF = 0x0400
ON, OFF, TOGGLE = 0xFF00, 0x0000, 0x5500
V1_ALL_ON = 0xFFFF


class WaveshareBoards(ModbusBoards):
    """Boards by their address."""

    def __init__(self, cabinets: Mapping[int, Cabinet], manner: Manner | None = None) -> None:
        super().__init__({at: WaveshareBoard(cabinet, manner or Manner()) for at, cabinet in cabinets.items()})


class WaveshareBoard:
    """One board. Relays that no lock hangs on are there too. A relay that is flashed off stays off here."""

    def __init__(self, cabinet: Cabinet, manner: Manner) -> None:
        self.cabinet = cabinet
        self._feedback = manner.feedback or Feedback.CLOSED_IS_1
        self._options = fill(WaveshareOptions, manner.options, "simulated board")
        self._relays = range(1, self._options.channels + 1)
        self._lockless: set[int] = set()
        self._modes = dict.fromkeys(self._relays, 0)

    def obey(self, function: int, data: bytes) -> bytes | None:
        """Do what a request says; returns the data of the answer. Raises No."""
        first, value = rtu.numbers(data[:4])
        match function:
            case rtu.READ_COILS:
                return _bits([self._is_on(relay) for relay in self._asked(first, value)])
            case rtu.READ_INPUTS if self._options.inputs:
                return _bits([self._input(relay) for relay in self._asked(first, value)])
            case rtu.READ_REGISTERS if self._options.inputs:
                modes = [self._modes[relay] for relay in self._asked(first - CONTROL_MODES, value)]
                return bytes((2 * len(modes),)) + rtu.words(*modes)
            case rtu.WRITE_COIL:
                self._write_coil(first, value)
            case rtu.WRITE_COILS:
                for relay, on in zip(self._asked(first, value), rtu.unpacked(data[5:], value), strict=True):
                    self._switch(relay, on)
            case rtu.WRITE_REGISTER if self._options.inputs:
                [relay] = self._asked(first - CONTROL_MODES, 1)
                self._modes[relay] = value
            case _:
                raise No(ILLEGAL_FUNCTION)
        return data[:4]

    def _write_coil(self, coil: int, value: int) -> None:
        if FLASH_ON <= coil < FLASH_OFF and 0 < value <= LONGEST_TENTHS:
            for relay in self._meant(coil - FLASH_ON):
                if relay in self.cabinet.channels:
                    self.cabinet.pulse(relay, value * TENTH_MS)
        elif coil >= FLASH_OFF and 0 < value <= LONGEST_TENTHS:
            for relay in self._meant(coil - FLASH_OFF):
                self._switch(relay, False)
        elif coil < FLASH_ON and value in (ON, OFF, TOGGLE, V1_ALL_ON):
            for relay in self._meant(coil):
                self._switch(relay, not self._is_on(relay) if value == TOGGLE else value != OFF)
        else:
            raise No(ILLEGAL_VALUE)

    def _meant(self, number: int) -> Iterable[int]:
        return self._relays if number == ALL_RELAYS else self._asked(number, 1)

    def _asked(self, first: int, count: int) -> list[int]:
        """The relays or inputs of a request, from 1 on. Raises No for one that is not there."""
        asked = [first + 1 + number for number in range(count)]
        if not asked or asked[0] not in self._relays or asked[-1] not in self._relays:
            raise No(ILLEGAL_ADDRESS)
        return asked

    def _is_on(self, relay: int) -> bool:
        return self.cabinet.energised(relay) if relay in self.cabinet.channels else relay in self._lockless

    def _input(self, number: int) -> bool:
        return number in self.cabinet.channels and self._feedback.bit(self.cabinet.sensor(number))

    def _switch(self, relay: int, on: bool) -> None:
        if relay not in self.cabinet.channels:
            (self._lockless.add if on else self._lockless.discard)(relay)
        elif on:
            self.cabinet.energise(relay)
        else:
            self.cabinet.de_energise(relay)


def _bits(bits: list[bool]) -> bytes:
    data = rtu.packed(bits)
    return bytes((len(data),)) + data
