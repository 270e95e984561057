"""A scanner that types, held in the hand: its key strokes as the kernel would tell of them."""

import os
import tty
from collections.abc import Iterator
from contextlib import contextmanager

from firmware_bridge.key_events import EV_KEY, EV_SYN, EVENT, KEY_ENTER, KEY_RIGHTBRACE, PLAIN, SHIFTED, SYN_DROPPED

LEFT_SHIFT, LEFT_CTRL, LEFT_ALT = 42, 29, 56
LOST = EVENT.pack(0, 5, EV_SYN, SYN_DROPPED, 0)


def event(code: int, value: int, at_s: int = 0) -> bytes:
    """One key going down (1), repeating (2) or up (0), and the report that ends it."""
    return EVENT.pack(at_s, 5, EV_KEY, code, value) + EVENT.pack(at_s, 5, EV_SYN, 0, 0)


def stroke(code: int, *held: int, at_s: int = 0) -> bytes:
    """A key struck while others are held."""
    before, after = b"".join(event(key, 1, at_s) for key in held), b"".join(event(key, 0, at_s) for key in held)
    return before + event(code, 1, at_s) + event(code, 0, at_s) + after


def typed(text: str, at_s: int = 0) -> bytes:
    """A text as a scanner set to a US keyboard types it, `at_s` by the kernel's clock."""
    return b"".join(_strokes(character, at_s) for character in text)


def _strokes(character: str, at_s: int) -> bytes:
    if character == "\r":
        return stroke(KEY_ENTER, at_s=at_s)
    if character == "\x1d":
        return stroke(KEY_RIGHTBRACE, LEFT_CTRL, at_s=at_s)
    for code, plain in PLAIN.items():
        if plain == character:
            return stroke(code, at_s=at_s)
    return stroke(next(code for code, shifted in SHIFTED.items() if shifted == character), LEFT_SHIFT, at_s=at_s)


@contextmanager
def typing_scanner() -> Iterator[tuple[str, int]]:
    """The device of a simulated keyboard and the descriptor to write its strokes to."""
    far, near = os.openpty()
    tty.setraw(near)
    try:
        yield f"pty:{os.ttyname(near)}", far
    finally:
        os.close(near)
        os.close(far)
