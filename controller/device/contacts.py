"""The cabinet's contacts as boards read them: believed once they hold still, told of as inputs."""

from collections.abc import Mapping

from controller.device.flapping import Flapping
from controller.domain.contacts import Contact
from controller.domain.ids import Door
from controller.domain.inputs import ContactRead


class Contacts:
    """Those of one cabinet, by name. A reading that nobody has says nothing: its board's own fault is told of."""

    def __init__(self, contacts: Mapping[str, Contact]) -> None:
        self._contacts = contacts
        self._flapping: Flapping[str, bool] = Flapping(flaps=None)

    def take(self, name: str, reading: Door, now_ms: int) -> list[ContactRead]:
        """A reading as it came; what is to be told of it."""
        if reading is Door.UNKNOWN:
            return []
        at_rest = (reading is Door.CLOSED) is self._contacts[name].rests_closed
        believed = self._flapping.pass_on(name, at_rest, now_ms)
        return [] if believed is None else [ContactRead(self._contacts[name], believed)]

    def take_rested(self, now_ms: int) -> list[ContactRead]:
        """Those that have flapped and hold still again."""
        return [ContactRead(self._contacts[name], at_rest) for name, at_rest in self._flapping.take_rested(now_ms)]

    def next_rest(self) -> int | None:
        """When to look at them again; None while none flaps."""
        return self._flapping.next_rest()
