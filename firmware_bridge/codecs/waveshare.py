"""Waveshare's Modbus RTU relay boards: 8, 16 or 32 relays, some models with as many inputs, 9600 8N1.

Source: Waveshare's protocol manuals for these boards. Coil 0000 is relay 1, discrete input 0000 is input 1. A write of
coil 0200 + relay is "flash on": the board itself switches the relay on for so many tenths of a second, and answers at
once with the same frame. Coil FF would be all relays; nothing here can say it. Holding registers 1000 on hold each
relay's control mode: other than 0, an input switches the relay without being asked, as some of these boards are
delivered, so a closed door would keep its lock energised.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from firmware_bridge.codecs import REPLY_MS, Acknowledgement, Feedback, Refusal, Status
from firmware_bridge.codecs import modbus as rtu
from firmware_bridge.frames import FrameReader

FLASH_ON, CONTROL_MODES = 0x0200, 0x1000
SIZES = (8, 16, 32)
TENTH_MS = 100
LONGEST_TENTHS = 0x7FFF


@dataclass(frozen=True, slots=True)
class WaveshareOptions:
    """`channels`: how many relays the board has. `inputs`: whether it has as many inputs, for the doors."""

    channels: int = 8
    inputs: bool = True

    def __post_init__(self) -> None:
        if self.channels not in SIZES:
            raise ValueError(f"channels is {self.channels}, but these boards have 8, 16 or 32")


class WaveshareModbus:
    """These boards as the bus and the board see them. The echo of an unlock is its acknowledgement."""

    baud = 9_600
    feedback = Feedback.CLOSED_IS_1
    reply_ms = unlock_reply_ms = REPLY_MS
    answers_unlock = True

    def __init__(self, options: WaveshareOptions | None = None) -> None:
        self._options = options or WaveshareOptions()

    @property
    def channels(self) -> int:
        """How many relays the board has."""
        return self._options.channels

    def status_requests(self, address: int) -> Sequence[bytes]:
        """One question tells all inputs; a board without is asked after its relays, which tells that it is there."""
        function = rtu.READ_INPUTS if self._options.inputs else rtu.READ_COILS
        return (rtu.frame(address, function, rtu.words(0, self.channels)),)

    def setup_requests(self, address: int) -> Sequence[bytes]:
        """The question after the control modes, where there are inputs that could switch relays."""
        if not self._options.inputs:
            return ()
        return (rtu.frame(address, rtu.READ_REGISTERS, rtu.words(CONTROL_MODES, self.channels)),)

    def unlock_request(self, address: int, channel: int, pulse_ms: int) -> bytes:
        """Flash one relay on for `pulse_ms`, a multiple of 100 ms. Raises ValueError for any other."""
        if not 1 <= channel <= self.channels:
            raise ValueError(f"channel {channel} does not exist on a board with {self.channels} relays")
        tenths, rest = divmod(pulse_ms, TENTH_MS)
        if rest or not 1 <= tenths <= LONGEST_TENTHS:
            raise ValueError(f"the board counts in {TENTH_MS} ms, so a pulse of {pulse_ms} ms cannot be given")
        return rtu.frame(address, rtu.WRITE_COIL, rtu.words(FLASH_ON + channel - 1, tenths))

    def reader(self) -> FrameReader:
        """A new reader."""
        return rtu.answers()

    def answer(self, request: bytes, frame: bytes) -> Status | Acknowledgement | Refusal | None:
        """Inputs as door bits; the relays tell of no door. A repeated order is its acknowledgement."""
        why = rtu.refusal(request, frame)
        match request[1]:
            case rtu.READ_INPUTS | rtu.READ_COILS if why is None:
                return self._bits(request, frame)
            case rtu.READ_REGISTERS:
                return Status({}) if why is not None else self._modes(request, frame)
            case rtu.WRITE_COIL if why is None:
                relay = int.from_bytes(request[2:4], "big") - FLASH_ON
                return Acknowledgement(relay + 1, taken=True) if frame == request else None
        return None if why is None else Refusal(why)

    def _bits(self, request: bytes, frame: bytes) -> Status | None:
        data = rtu.read_data(request, frame, (self.channels + 7) // 8)
        if data is None:
            return None
        if request[1] == rtu.READ_COILS:
            return Status({})
        return Status(dict(enumerate(rtu.unpacked(data, self.channels), start=1)))

    def _modes(self, request: bytes, frame: bytes) -> Status | Refusal | None:
        """A board too old to know control modes says so, and is as good as one that has none set."""
        data = rtu.read_data(request, frame, 2 * self.channels)
        if data is None:
            return None
        ruled = [relay for relay, mode in enumerate(rtu.numbers(data)) if mode]
        if not ruled:
            return Status({})
        relays = ", ".join(str(relay + 1) for relay in ruled)
        return Refusal(
            f"its inputs switch relay {relays} by themselves; write 0 to registers from {CONTROL_MODES:#x} on"
        )
