"""From other threads onto the loop, many facts at a time: a wake-up costs more than most of them."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

_AT_ONCE = 500
"""So that a flood leaves the loop time for others."""


class Pump(Generic[T]):
    """Hands what any thread posts to one function on the loop, in order."""

    def __init__(self, loop: asyncio.AbstractEventLoop, handle: Callable[[T], None]) -> None:
        self._loop = loop
        self._handle = handle
        self._facts: deque[T] = deque()
        self._called = False

    def post(self, fact: T) -> None:
        """From any thread; returns at once."""
        self._facts.append(fact)
        if not self._called:
            self._called = True
            self._loop.call_soon_threadsafe(self._drain)

    def _drain(self) -> None:
        # Lowered before the first look: what is posted from here on is either seen below, or calls again.
        self._called = False
        for _ in range(_AT_ONCE):
            if not self._facts:
                return
            self._handle(self._facts.popleft())
        self._called = True
        self._loop.call_soon(self._drain)
