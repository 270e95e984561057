"""An opening that nobody may stand before: light and sound first, the pulse two seconds later.

The unlock is on record before either. A locker that ends in between has not pulsed, and says so at its next start like
any other that was cut off.
"""

from collections.abc import Callable
from functools import partial

from controller.device.seams import Locks
from controller.domain.ids import CompartmentId
from firmware_bridge.signal_spec import WARNING_MS


class AnnouncedLocks:
    """The way to the same locks. `warn` sets off the sound; while there is nobody to do so, nothing is waited for."""

    def __init__(self, locks: Locks, later: Callable[[int, Callable[[], None]], object]) -> None:
        """`later` calls back after so many milliseconds, on any thread."""
        self.warn: Callable[[], object] | None = None
        self._locks = locks
        self._later = later

    def pulse(self, compartment: CompartmentId) -> None:
        """Announce it and hand it on. Called in the thread that made it durable; never blocks."""
        warn = self.warn
        if warn is None:
            self._locks.pulse(compartment)
        else:
            warn()
            self._later(WARNING_MS, partial(self._locks.pulse, compartment))
