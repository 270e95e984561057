"""How long to wait before trying again."""

from collections.abc import Callable

_LEAST_S = 0.02


class Backoff:
    """Anywhere below a limit that doubles with every failure, so that a fleet that lost its broker spreads out."""

    def __init__(self, chance: Callable[[], float], first_s: float = 0.5, longest_s: float = 30.0) -> None:
        """`chance` gives numbers from 0 to 1, evenly; the limit goes from `first_s` to `longest_s`."""
        self._chance = chance
        self._first_s = first_s
        self._longest_s = longest_s
        self._failures = 0

    def reset(self) -> None:
        """The last attempt was good."""
        self._failures = 0

    def next_s(self) -> float:
        """Seconds to wait now."""
        limit = min(self._longest_s, self._first_s * 2.0 ** min(self._failures, 16))
        self._failures += 1
        return _LEAST_S + self._chance() * limit
