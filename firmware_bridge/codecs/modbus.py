"""Modbus RTU as relay boards speak it: frames, their CRC, and a reader for what answers them.

Source: "Modbus over Serial Line" V1.02 and "Modbus Application Protocol" V1.1b3. A frame is `ADDR FUNCTION data CRC`;
the CRC (polynomial A001 reflected, from FFFF) comes low byte first. A board that says no answers with its function's
eighth bit set and a code. Address 0 means every board on the line, which is why nothing here can say it.
"""

from collections.abc import Callable

from firmware_bridge.frames import MeasuredFrames
from firmware_bridge.misfit import Misfit

READ_COILS, READ_INPUTS, READ_REGISTERS = 0x01, 0x02, 0x03
WRITE_COIL, WRITE_REGISTER, WRITE_COILS, WRITE_REGISTERS = 0x05, 0x06, 0x0F, 0x10
EXCEPTION = 0x80
READS = (READ_COILS, READ_INPUTS, READ_REGISTERS)
WRITES = (WRITE_COIL, WRITE_REGISTER, WRITE_COILS, WRITE_REGISTERS)
ADDRESSES = range(1, 248)
LONGEST_DATA = 64
"""The most bytes of data in an answer that our questions ask for: a register for each of 32 channels."""

NO = {
    1: "illegal function",
    2: "illegal data address",
    3: "illegal data value",
    4: "device failure",
    5: "still at it",
    6: "device busy",
}
"""What the code of an exception says."""


def crc(body: bytes) -> bytes:
    """The two bytes that follow `body`."""
    value = 0xFFFF
    for byte in body:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
    return value.to_bytes(2, "little")


def frame(address: int, function: int, data: bytes) -> bytes:
    """One whole frame to or from board `address` (1..247). Raises ValueError for any other, 0 above all."""
    if address not in ADDRESSES:
        whom = "means every board on the line" if address == 0 else "is no Modbus board's"
        raise Misfit("address", f"address {address} {whom}: addresses are 1 to {ADDRESSES[-1]}")
    body = bytes((address, function)) + data
    return body + crc(body)


def words(*values: int) -> bytes:
    """Numbers (0..65535) as Modbus sends them, high byte first."""
    return b"".join(value.to_bytes(2, "big") for value in values)


def numbers(data: bytes) -> list[int]:
    """The numbers in `data`, two bytes each."""
    return [int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2)]


def packed(bits: list[bool]) -> bytes:
    """Bits as Modbus sends them: the first is the lowest of the first byte."""
    value = sum(bit << at for at, bit in enumerate(bits))
    return value.to_bytes((len(bits) + 7) // 8, "little")


def unpacked(data: bytes, count: int) -> list[bool]:
    """The first `count` bits of `data`."""
    value = int.from_bytes(data, "little")
    return [bool(value >> at & 1) for at in range(count)]


def read_data(request: bytes, answer: bytes, length: int) -> bytes | None:
    """The `length` bytes that `answer` carries, if it is the answer to the read `request`."""
    if answer[:2] != request[:2] or answer[2] != length or len(answer) != length + 5:
        return None
    return answer[3:-2]


def refusal(request: bytes, answer: bytes) -> str | None:
    """Why the board says no, if `answer` is its exception to `request`."""
    if answer[0] != request[0] or answer[1] != request[1] | EXCEPTION:
        return None
    return NO.get(answer[2], f"exception {answer[2]}")


class ModbusFrames(MeasuredFrames):
    """A reader that also finds a whole frame behind the beginning of a longer one, once the line fell silent.

    That silence ends a Modbus frame; but an adapter may deliver one in two pieces, so what has begun stays begun.
    """

    def __init__(self, measure: Callable[[bytes], int | None]) -> None:
        super().__init__(measure, fits)

    def quiet(self) -> list[bytes]:
        """Returns whole frames that hid in what looked like the beginning of a longer one, such as noise."""
        begun, counted = self._kept, self.bad_checksums
        for at in range(1, len(begun)):
            self._kept = b""
            if hidden := self.feed(begun[at:]):
                return hidden
        self._kept, self.bad_checksums = begun, counted
        return []


def answers() -> ModbusFrames:
    """A reader for what comes back on our line: answers, exceptions, and our own requests where the line echoes."""
    return ModbusFrames(_answer_length)


def requests() -> ModbusFrames:
    """A reader for what a board hears."""
    return ModbusFrames(_request_length)


def fits(whole: bytes) -> bool:
    """Whether the frame's CRC is right."""
    return crc(whole[:-2]) == whole[-2:]


def _answer_length(heard: bytes) -> int | None:
    if heard[0] not in ADDRESSES:
        return 0
    if len(heard) < 3:
        return None
    function, size = heard[1], heard[2]
    if function in WRITES:
        return 8
    if function in READS:
        if size == 0:
            return 8  # our own question after addresses up to 255, echoed: no answer is empty
        return _measured(function, size)
    return 5 if function & EXCEPTION and function ^ EXCEPTION in (*READS, *WRITES) else 0


def _measured(function: int, size: int) -> int:
    if size > LONGEST_DATA or (function == READ_REGISTERS and size % 2):
        return 0
    return size + 5


def _request_length(heard: bytes) -> int | None:
    if len(heard) < 2:
        return None
    if heard[1] in (WRITE_COILS, WRITE_REGISTERS):
        return None if len(heard) < 7 else heard[6] + 9
    return 8 if heard[1] in (*READS, *WRITES) else 0
