"""What the parcel sensors last said, and which of them can be believed."""

from collections.abc import Iterable

from controller.device.flapping import Flapping
from controller.domain.ids import CompartmentId


class ParcelSensors:
    """Knows only those that said something; one that flaps keeps what it said before until it has rested."""

    def __init__(self) -> None:
        self._known: dict[CompartmentId, bool] = {}
        self._flapping: Flapping[CompartmentId, bool] = Flapping(flaps=None)

    def take(self, id: CompartmentId, present: bool | None, now_ms: int) -> bool:
        """Take in one sensor's word, None when it fell silent. Whether there is something new to say of it."""
        if present is None:
            self._known.pop(id, None)
            return False
        if self._flapping.pass_on(id, present, now_ms) is None:
            return False
        self._known[id] = present
        return True

    def surveyed(self, id: CompartmentId, present: bool | None) -> None:
        """Take in what a survey found."""
        if present is not None:
            self._known[id] = present

    def take_rested(self, now_ms: int) -> list[CompartmentId]:
        """The sensors that flapped and have rested long enough."""
        rested = self._flapping.take_rested(now_ms)
        self._known.update(rested)
        return [id for id, _ in rested]

    def next_rest(self) -> int | None:
        """When a flapping sensor may be believed again; None while none flaps."""
        return self._flapping.next_rest()

    def about(self, ids: Iterable[CompartmentId]) -> tuple[tuple[CompartmentId, bool], ...]:
        """What is known of these."""
        return tuple((id, self._known[id]) for id in sorted(ids) if id in self._known)
