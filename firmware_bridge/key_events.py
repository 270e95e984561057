"""Key strokes as the kernel tells of them, turned into what a scanner typed on a US keyboard. Touches nothing.

The stream is of `struct input_event` (linux/input.h), key codes are those of linux/input-event-codes.h. A scanner types
the GS1 separator as Ctrl+]; any other stroke with Ctrl, Alt or Meta held, as set-up barcodes want it, types nothing.
"""

import struct
from typing import Final

EVENT: Final = struct.Struct("llHHi")
"""Seconds, microseconds, type, code, value."""
LONGEST_LINE: Final = 4096
PAUSE_S: Final = 0.5
"""Between two scans, and never within one."""
EV_SYN, EV_KEY = 0, 1
SYN_DROPPED = 3
PRESSED, RELEASED = 1, 0
KEY_ENTER, KEY_KPENTER = 28, 96
KEY_RIGHTBRACE = 27
SHIFTS: Final = frozenset({42, 54})
CTRLS: Final = frozenset({29, 97})
OTHERS: Final = frozenset({56, 100, 125, 126})
"""Alt and Meta, left and right."""

_KEYPAD: Final = dict(zip((71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 55, 98), "789-456+1230.*/", strict=True))


def _layout(*rows: tuple[int, str]) -> dict[int, str]:
    """Each row of keys begins at a code and goes on without a gap."""
    return {first + place: character for first, row in rows for place, character in enumerate(row)} | _KEYPAD


PLAIN: Final = _layout(
    (2, "1234567890-="), (16, "qwertyuiop[]"), (30, "asdfghjkl;'`"), (43, "\\"), (44, "zxcvbnm,./"), (57, " ")
)
SHIFTED: Final = _layout(
    (2, "!@#$%^&*()_+"), (16, "QWERTYUIOP{}"), (30, 'ASDFGHJKL:"~'), (43, "|"), (44, "ZXCVBNM<>?"), (57, " ")
)


class KeyReader:
    """Events in, typed lines out, each ended by a carriage return. What was typed of a line comes with its end.

    The kernel keeps some 64 events for us. After some were lost, the line that they belonged to is dropped: up to its
    end or, since that may be among them, up to the next pause.
    """

    def __init__(self) -> None:
        self._torn = b""
        self._line = bytearray()
        self._held: set[int] = set()
        self._lost = False
        self._heard_at_s = 0.0

    def feed(self, heard: bytes) -> bytes:
        """The lines that `heard` completes; it may be cut anywhere."""
        lines = b""
        whole = self._torn + heard
        end = len(whole) - len(whole) % EVENT.size
        self._torn = whole[end:]
        for seconds, microseconds, kind, code, value in EVENT.iter_unpack(whole[:end]):
            self._pass_time(seconds + microseconds / 1_000_000)
            if (kind, code) == (EV_SYN, SYN_DROPPED):
                self._lost = True
                self._held.clear()
            elif kind == EV_KEY and code in SHIFTS | CTRLS | OTHERS:
                self._hold(code, value)
            elif kind == EV_KEY and value == PRESSED:
                lines += self._press(code)
        return lines

    def _pass_time(self, now_s: float) -> None:
        if self._lost and now_s - self._heard_at_s >= PAUSE_S:
            self._lost = False
            self._line.clear()
        self._heard_at_s = now_s

    def _hold(self, code: int, value: int) -> None:
        if value == RELEASED:
            self._held.discard(code)
        else:
            self._held.add(code)

    def _press(self, code: int) -> bytes:
        if code in (KEY_ENTER, KEY_KPENTER):
            return self._end()
        if len(self._line) <= LONGEST_LINE:
            self._line += self._typed(code).encode()
        return b""

    def _typed(self, code: int) -> str:
        if self._held & OTHERS:
            return ""
        if self._held & CTRLS:
            return "\x1d" if code == KEY_RIGHTBRACE else ""
        return (SHIFTED if self._held & SHIFTS else PLAIN).get(code, "")

    def _end(self) -> bytes:
        line, lost = bytes(self._line), self._lost
        self._line.clear()
        self._lost = False
        return b"" if lost else line + b"\r"
