"""Whether the carrier hears the locker, told to the engine whenever that changes."""

from collections.abc import Callable

from controller.device.outbox import Outbox
from controller.domain.hearing import DEAF, Hearing
from controller.domain.ids import WallMs


class HearingWatch:
    """Looks at the outbox each time its publisher has gone round."""

    def __init__(self, outbox: Outbox, wall: Callable[[], WallMs], hear: Callable[[Hearing], None]) -> None:
        self._outbox = outbox
        self._wall = wall
        self._hear = hear
        self._last = DEAF

    def look(self) -> None:
        """Tell what is new."""
        since = self._last.since if self._last.since is not None else self._wall()
        hearing = Hearing(self._outbox.cursor, since if self._outbox.hears else None)
        if hearing != self._last:
            self._last = hearing
            self._hear(hearing)
