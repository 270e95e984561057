"""Ctrl-C where it does no harm.

Python raises it between any two steps, be it inside a lock's own code, and whoever waits for that lock then waits for
ever. So while boards are held it is only noted, and raised where somebody is asked or waited for.
"""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

T = TypeVar("T")
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""SIGTERM, and a terminal that is gone, end a walk as Ctrl-C does."""


class Interruption:
    """What Ctrl-C does while the context `listening` is open. For the main thread."""

    def __init__(self) -> None:
        self._noted = False
        self._held = False

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Take the signals over; they raise KeyboardInterrupt, at once unless held back."""
        before = {number: signal.signal(number, self._come) for number in SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def held_back(self) -> Iterator[None]:
        """Only note what comes, but for `check` and `while_asking`."""
        self._held = True
        try:
            yield
        finally:
            self._held = False
        self.check()

    def check(self) -> None:
        """Raise KeyboardInterrupt for what was noted."""
        if self._noted:
            self._noted = False
            raise KeyboardInterrupt

    def while_asking(self, ask: Callable[[], T]) -> T:
        """What `ask` gives, which holds no lock of ours: here it is raised at once."""
        held, self._held = self._held, False
        try:
            self.check()
            return ask()
        finally:
            self._held = held

    def _come(self, number: int, frame: FrameType | None) -> None:
        if not self._held:
            raise KeyboardInterrupt
        self._noted = True
