"""One thread that waits for edges on any number of lines."""

import os
import select
import threading
from collections.abc import Callable


class EdgeWatch:
    """Calls back when a descriptor is readable. Its thread lives as long as there is something to watch."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: dict[int, Callable[[], None]] = {}
        self._bell: int | None = None

    def add(self, descriptor: int, call: Callable[[], None]) -> None:
        """Call `call`, on the watch's thread, whenever `descriptor` is readable."""
        with self._lock:
            self._calls[descriptor] = call
            if self._bell is None:
                self._bell = os.eventfd(1, os.EFD_NONBLOCK)
                threading.Thread(target=self._run, args=(self._bell,), name="gpio edges", daemon=True).start()
            else:
                os.eventfd_write(self._bell, 1)

    def remove(self, descriptor: int) -> None:
        """No longer do so. A call that is under way is not waited for."""
        with self._lock:
            self._calls.pop(descriptor, None)
            if self._bell is not None:
                os.eventfd_write(self._bell, 1)

    def _run(self, bell: int) -> None:
        while watched := self._watched(bell):
            for descriptor, state in watched.poll():
                if descriptor == bell:
                    os.eventfd_read(bell)
                elif state & ~select.POLLIN:
                    self._forget(descriptor)
                elif call := self._calls.get(descriptor):
                    call()

    def _watched(self, bell: int) -> "select.poll | None":
        with self._lock:
            if not self._calls:
                os.close(bell)
                self._bell = None
                return None
            watched = select.poll()
            for descriptor in (bell, *self._calls):
                watched.register(descriptor, select.POLLIN)
            return watched

    def _forget(self, descriptor: int) -> None:
        """The chip is gone. Whoever reads its lines will be told so."""
        with self._lock:
            self._calls.pop(descriptor, None)
