"""A door that changes more often than any person could move it is not a door's news but a sensor's trouble."""

from dataclasses import dataclass

from controller.domain.ids import MINUTE_MS, CompartmentId, Door

MOST_CHANGES = 12
"""Per door within a minute; more and the sensor is not believed."""


@dataclass(slots=True)
class _Seen:
    door: Door
    window_from: int
    changes: int = 0
    flapping_until: int | None = None


class Flapping:
    """Lets readings through until a door flaps; then says `unknown` once and is silent until it has rested a minute."""

    def __init__(self) -> None:
        self._seen: dict[CompartmentId, _Seen] = {}

    def pass_on(self, id: CompartmentId, door: Door, now_ms: int) -> Door | None:
        """What to believe of a changed reading; None for nothing new."""
        seen = self._seen.get(id)
        if seen is None:
            self._seen[id] = _Seen(door, now_ms)
            return door
        seen.door = door
        if seen.flapping_until is not None:
            seen.flapping_until = now_ms + MINUTE_MS
            return None
        if now_ms - seen.window_from >= MINUTE_MS:
            seen.window_from, seen.changes = now_ms, 0
        seen.changes += 1
        if seen.changes <= MOST_CHANGES:
            return door
        seen.flapping_until = now_ms + MINUTE_MS
        return Door.UNKNOWN

    def take_rested(self, now_ms: int) -> list[tuple[CompartmentId, Door]]:
        """The doors that have rested long enough, with what their sensors say."""
        rested = [(id, seen) for id, seen in self._seen.items() if (seen.flapping_until or now_ms + 1) <= now_ms]
        for _, seen in rested:
            seen.flapping_until, seen.window_from, seen.changes = None, now_ms, 0
        return [(id, seen.door) for id, seen in rested]

    def next_rest(self) -> int | None:
        """When a flapping door may be believed again; None while none flaps."""
        ends = (seen.flapping_until for seen in self._seen.values() if seen.flapping_until is not None)
        return min(ends, default=None)
