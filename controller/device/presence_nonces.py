"""What the screen shows so that a telephone before it can say so: short-lived, good once, and for one visit only."""

from collections.abc import Callable

from controller.domain.ids import MonoMs, SessionId

GOOD_MS = 30_000
"""After that a telephone that saw one says nothing about who is there now."""
_MOST = 8
"""More than one visit is shown within `GOOD_MS`."""


class PresenceNonces:
    """Of the one visit at the screen. Kept in memory alone: a restart ends the visit as well."""

    def __init__(self, fresh: Callable[[], str], now: Callable[[], MonoMs]) -> None:
        """`fresh` gives text that nobody can guess, `now` powered time."""
        self._fresh = fresh
        self._now = now
        self._session: SessionId | None = None
        self._shown: dict[str, MonoMs] = {}

    def show_to(self, session: SessionId) -> str:
        """A new one for this visit; those of any other are worthless from now on."""
        if session != self._session:
            self.forget()
            self._session = session
        nonce = self._fresh()
        self._shown[nonce] = MonoMs(self._now() + GOOD_MS)
        while len(self._shown) > _MOST:
            del self._shown[next(iter(self._shown))]
        return nonce

    def take(self, nonce: str) -> SessionId | None:
        """Whose visit was shown this one a moment ago; it is spent by asking."""
        until = self._shown.pop(nonce, None)
        return self._session if until is not None and self._now() < until else None

    def forget(self) -> None:
        """Nobody is before the screen any more, or somebody whom no app is to let in."""
        self._session = None
        self._shown.clear()
