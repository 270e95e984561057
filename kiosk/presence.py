"""Whether somebody is at the screen, told to whoever lights the cabinet for them."""

from collections.abc import Callable

from kiosk.desk import Desk

Listener = Callable[[bool], None]


class Presence:
    """Tells at once and whenever it changes. `changed` is to be called whenever the desk changed."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._somebody = False
        self._listeners: list[Listener] = []

    def follow(self, listener: Listener) -> None:
        """Call `listener`, on the loop, with whether somebody is there."""
        self._listeners.append(listener)
        listener(self._somebody)

    def changed(self) -> None:
        """Look again."""
        somebody = self._desk.visit is not None
        if somebody is not self._somebody:
            self._somebody = somebody
            for listener in self._listeners:
                listener(somebody)
