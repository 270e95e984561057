"""Eletechsup relay boards on simulated cabinets: they obey every command of the maker's list, dangerous or not."""

from collections.abc import Mapping
from enum import IntEnum

from firmware_bridge.cabinet import Cabinet
from firmware_bridge.codecs import Feedback
from firmware_bridge.codecs import modbus as rtu
from firmware_bridge.codecs.eletechsup import (
    BITS,
    INPUT_BITS,
    INPUT_REGISTERS,
    MOMENTARY,
    MOMENTARY_MS,
    EletechsupOptions,
    Inputs,
)
from firmware_bridge.options import fill
from firmware_bridge.responders import Manner
from firmware_bridge.responders.modbus import ModbusBoards

OUTPUT_BITS = 0x0070


class Command(IntEnum):
    """How a relay is switched."""

    ON = 0x01
    OFF = 0x02
    TOGGLE = 0x03
    LATCH = 0x04
    """On, and all others off."""
    MOMENTARY = MOMENTARY
    ALL_ON = 0x07
    ALL_OFF = 0x08


class EletechsupBoards(ModbusBoards):
    """Boards by their address."""

    def __init__(self, cabinets: Mapping[int, Cabinet], manner: Manner | None = None) -> None:
        super().__init__({at: EletechsupBoard(cabinet, manner or Manner()) for at, cabinet in cabinets.items()})


class EletechsupBoard:
    """One board. What it does not know it passes over in silence."""

    def __init__(self, cabinet: Cabinet, manner: Manner) -> None:
        self.cabinet = cabinet
        self._feedback = manner.feedback or Feedback.CLOSED_IS_1
        self._options = fill(EletechsupOptions, manner.options, "simulated board")
        self._channels = range(1, self._options.channels + 1)

    def obey(self, function: int, data: bytes) -> bytes | None:
        """Do what a request says; returns the data of the answer, None for silence."""
        first, value = rtu.numbers(data[:4])
        if function == rtu.READ_REGISTERS:
            registers = self._registers()
            asked = [registers.get(first + number) for number in range(value)]
            known = [register for register in asked if register is not None]
            return bytes((2 * len(known),)) + rtu.words(*known) if known == asked else None
        if function == rtu.WRITE_REGISTER and self._command(first, value >> 8):
            return data[:4]
        return None

    def _command(self, channel: int, command: int) -> bool:
        """Whether the board knows this command."""
        one = [channel] if channel in self._channels else []
        every = list(self._channels) if channel == 0 else []
        others = [other for other in self._channels if one and other != channel]
        match command:
            case Command.MOMENTARY if one:
                self._pulse(channel)
            case Command.ON if one:
                self._switch(one, [])
            case Command.OFF if one:
                self._switch([], one)
            case Command.TOGGLE if one:
                self._switch(*(([], one) if self._is_on(channel) else (one, [])))
            case Command.LATCH if one:
                self._switch(one, others)
            case Command.ALL_ON if every:
                self._switch(every, [])
            case Command.ALL_OFF if every:
                self._switch([], every)
            case _:
                return False
        return True

    def _registers(self) -> dict[int, int]:
        """Every register that can be read, and what is in it."""
        relays = {channel: int(self._is_on(channel)) for channel in self._channels}
        registers = {**relays, **_bitmap(OUTPUT_BITS, list(relays.values()))}
        inputs = [int(self._input(channel)) for channel in self._channels]
        if self._options.inputs is Inputs.REGISTERS:
            registers |= {INPUT_REGISTERS + at: bit for at, bit in enumerate(inputs)}
        if self._options.inputs is Inputs.BITMAP:
            registers |= _bitmap(INPUT_BITS, inputs)
        return registers

    def _is_on(self, channel: int) -> bool:
        return channel in self.cabinet.channels and self.cabinet.energised(channel)

    def _input(self, channel: int) -> bool:
        return channel in self.cabinet.channels and self._feedback.bit(self.cabinet.sensor(channel))

    def _pulse(self, channel: int) -> None:
        if channel in self.cabinet.channels:
            self.cabinet.pulse(channel, MOMENTARY_MS)

    def _switch(self, on: list[int], off: list[int]) -> None:
        for channel in set(on) & set(self.cabinet.channels):
            self.cabinet.energise(channel)
        for channel in set(off) & set(self.cabinet.channels):
            self.cabinet.de_energise(channel)


def _bitmap(first: int, bits: list[int]) -> dict[int, int]:
    """The registers from `first` on that hold `bits`, 16 in each, the first one lowest."""
    return {
        first + at // BITS: sum(bit << number for number, bit in enumerate(bits[at : at + BITS]))
        for at in range(0, len(bits), BITS)
    }
