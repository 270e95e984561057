"""Time as the bridge sees it: a monotonic clock that can also call back. Injected, so that a seed can own it.

Nothing is ever cancelled: whoever asks for a call checks in it whether it is still wanted.
"""

import heapq
import threading
import time
from collections.abc import Callable
from typing import Protocol

Call = Callable[[], None]


class Timers(Protocol):
    """A clock in milliseconds and the calls it owes. Calls that fall on one millisecond come in the order asked for."""

    def now_ms(self) -> int:
        """Monotonic milliseconds from an arbitrary start."""

    def call_later(self, delay_ms: int, call: Call, /) -> object:
        """Call `call` once, `delay_ms` (0 or more) from now. What is returned is not used."""


class VirtualTimers:
    """A clock that stands still until it is told to go on. For one caller at a time."""

    def __init__(self, now_ms: int = 0) -> None:
        self._now_ms = now_ms
        self._asked = 0
        self._owed: list[tuple[int, int, Call]] = []

    def now_ms(self) -> int:
        """The virtual time."""
        return self._now_ms

    def call_later(self, delay_ms: int, call: Call, /) -> None:
        """Owe `call` at `delay_ms` (0 or more) from now. Raises ValueError for the past."""
        if delay_ms < 0:
            raise ValueError(f"a call {-delay_ms} ms in the past was asked for; delays are 0 ms or more")
        self._asked += 1
        heapq.heappush(self._owed, (self._now_ms + delay_ms, self._asked, call))

    def due_ms(self) -> int | None:
        """When the next call is owed, None when none is."""
        return self._owed[0][0] if self._owed else None

    def advance(self, by_ms: int) -> None:
        """Let `by_ms` pass, making every call that falls due on the way, at its own moment."""
        end_ms = self._now_ms + by_ms
        while self._owed and self._owed[0][0] <= end_ms:
            due_ms, _, call = heapq.heappop(self._owed)
            self._now_ms = due_ms
            call()
        self._now_ms = end_ms


class ThreadTimers:
    """Real time on one daemon thread, which sleeps until the next call is due. Every method is safe from any thread."""

    def __init__(self, name: str) -> None:
        self._changed = threading.Condition()
        self._owed: list[tuple[float, int, Call]] = []
        self._asked = 0
        self._closing = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def now_ms(self) -> int:
        """Milliseconds of `time.monotonic`, rounded down."""
        return time.monotonic_ns() // 1_000_000

    def call_later(self, delay_ms: int, call: Call, /) -> None:
        """Owe `call` on the timers' own thread; it must not block."""
        due_s = time.monotonic() + delay_ms / 1000
        with self._changed:
            self._asked += 1
            heapq.heappush(self._owed, (due_s, self._asked, call))
            if self._owed[0][1] == self._asked:
                self._changed.notify()

    def close(self) -> None:
        """End the thread; calls still owed are not made. A call that runs is waited for, unless it is the caller."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _run(self) -> None:
        while call := self._next():
            call()

    def _next(self) -> Call | None:
        with self._changed:
            while not self._closing:
                if not self._owed:
                    self._changed.wait()
                elif (left_s := self._owed[0][0] - time.monotonic()) > 0:
                    self._changed.wait(left_s)
                else:
                    return heapq.heappop(self._owed)[2]
            return None
