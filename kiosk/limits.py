"""How often a page may ask: a stuck finger or a script must not starve the locker."""

from collections.abc import Callable


class Limiter:
    """At most `per_s` requests a second on average, and as many at once. `clock` gives seconds."""

    def __init__(self, per_s: float, clock: Callable[[], float]) -> None:
        self._per_s = per_s
        self._clock = clock
        self._left = per_s
        self._at = clock()

    def allows(self) -> bool:
        """Whether one more may pass now; it counts if so."""
        now = self._clock()
        self._left = min(self._per_s, self._left + (now - self._at) * self._per_s)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
