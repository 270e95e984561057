"""Eletechsup's relay boards with Modbus RTU, such as R4D, N4D and R421A08: up to 32 relays, 9600 8N1.

Source: the maker's command lists for these boards. A relay is switched by writing the register of its number: the high
byte says how, the low byte for how many seconds where that matters. 05 is "momentary": the board switches the relay on
for one second by itself, its shortest pulse, and answers with the same frame. 07 would switch all of them on; nothing
here can say it. Inputs stand in registers 0081 on, one each, or as bits in registers 00C0 on. A command that the board
does not know is not answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from firmware_bridge.codecs import REPLY_MS, Acknowledgement, Feedback, Refusal, Status
from firmware_bridge.codecs import modbus as rtu
from firmware_bridge.frames import FrameReader

MOMENTARY = 0x05
MOMENTARY_MS = 1_000
INPUT_REGISTERS, INPUT_BITS = 0x0081, 0x00C0
MOST_CHANNELS = 32
BITS = 16


class Inputs(StrEnum):
    """Where the model keeps its inputs."""

    NONE = "none"
    BITMAP = "bitmap"
    REGISTERS = "registers"


@dataclass(frozen=True, slots=True)
class EletechsupOptions:
    """`channels`: how many relays, and inputs where there are any. `inputs`: where the model keeps them."""

    channels: int = 8
    inputs: Inputs = Inputs.NONE

    def __post_init__(self) -> None:
        if not 1 <= self.channels <= MOST_CHANNELS:
            raise ValueError(f"channels is {self.channels}, but these boards have 1 to {MOST_CHANNELS}")


class Eletechsup:
    """These boards as the bus and the board see them. The echo of an unlock is its acknowledgement."""

    baud = 9_600
    feedback = Feedback.CLOSED_IS_1
    reply_ms = unlock_reply_ms = REPLY_MS
    answers_unlock = True

    def __init__(self, options: EletechsupOptions | None = None) -> None:
        self._options = options or EletechsupOptions()

    @property
    def channels(self) -> int:
        """How many relays the board has."""
        return self._options.channels

    def status_requests(self, address: int) -> Sequence[bytes]:
        """One question tells all inputs; a board without is asked after relay 1, which tells that it is there."""
        return (rtu.frame(address, rtu.READ_REGISTERS, rtu.words(*self._registers())),)

    def unlock_request(self, address: int, channel: int, pulse_ms: int) -> bytes:
        """Switch one relay on for the second that is all the board can do. Raises ValueError for any other pulse."""
        if not 1 <= channel <= self.channels:
            raise ValueError(f"channel {channel} does not exist on a board with {self.channels} relays")
        if pulse_ms != MOMENTARY_MS:
            raise ValueError(f"the board's pulse lasts {MOMENTARY_MS} ms, so one of {pulse_ms} ms cannot be given")
        return rtu.frame(address, rtu.WRITE_REGISTER, rtu.words(channel, MOMENTARY << 8))

    def reader(self) -> FrameReader:
        """A new reader."""
        return rtu.answers()

    def answer(self, request: bytes, frame: bytes) -> Status | Acknowledgement | Refusal | None:
        """Inputs as door bits; the relays tell of no door. A repeated order is its acknowledgement."""
        why = rtu.refusal(request, frame)
        if why is not None:
            return Refusal(why)
        if request[1] == rtu.WRITE_REGISTER:
            return Acknowledgement(request[3], taken=True) if frame == request else None
        first, count = rtu.numbers(request[2:6])
        data = rtu.read_data(request, frame, 2 * count)
        return None if data is None else Status(self._doors(first, rtu.numbers(data)))

    def _registers(self) -> tuple[int, int]:
        """The first register that is asked after, and how many."""
        match self._options.inputs:
            case Inputs.NONE:
                return 1, 1
            case Inputs.BITMAP:
                return INPUT_BITS, (self.channels + BITS - 1) // BITS
            case Inputs.REGISTERS:
                return INPUT_REGISTERS, self.channels

    def _doors(self, first: int, registers: list[int]) -> dict[int, bool]:
        if first == INPUT_BITS:
            bits = [bool(register >> bit & 1) for register in registers for bit in range(BITS)]
        else:
            bits = [bool(register) for register in registers] if first == INPUT_REGISTERS else []
        return dict(enumerate(bits[: self.channels], start=1))
