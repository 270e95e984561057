"""What changes more often than any person could make it is no news of a door or a parcel but a sensor's trouble."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from controller.domain.ids import MINUTE_MS

Key = TypeVar("Key")
"""What names a sensor."""
Word = TypeVar("Word")
"""What a sensor can say."""

MOST_CHANGES = 12
"""Per sensor within a minute; more and it is not believed."""


@dataclass(slots=True)
class _Seen(Generic[Word]):
    word: Word
    window_from: int
    changes: int = 0
    flapping_until: int | None = None


class Flapping(Generic[Key, Word]):
    """Lets readings through until a sensor flaps; then says `flaps` once and is silent until it has rested a minute."""

    def __init__(self, flaps: Word | None) -> None:
        self._flaps = flaps
        self._seen: dict[Key, _Seen[Word]] = {}

    def pass_on(self, id: Key, word: Word, now_ms: int) -> Word | None:
        """What to believe of a changed reading; None for nothing new."""
        seen = self._seen.get(id)
        if seen is None:
            self._seen[id] = _Seen(word, now_ms)
            return word
        seen.word = word
        if seen.flapping_until is not None:
            seen.flapping_until = now_ms + MINUTE_MS
            return None
        if now_ms - seen.window_from >= MINUTE_MS:
            seen.window_from, seen.changes = now_ms, 0
        seen.changes += 1
        if seen.changes <= MOST_CHANGES:
            return word
        seen.flapping_until = now_ms + MINUTE_MS
        return self._flaps

    def take_rested(self, now_ms: int) -> list[tuple[Key, Word]]:
        """The sensors that have rested long enough, with what they say."""
        rested = [(id, seen) for id, seen in self._seen.items() if (seen.flapping_until or now_ms + 1) <= now_ms]
        for _, seen in rested:
            seen.flapping_until, seen.window_from, seen.changes = None, now_ms, 0
        return [(id, seen.word) for id, seen in rested]

    def next_rest(self) -> int | None:
        """When a flapping sensor may be believed again; None while none flaps."""
        ends = (seen.flapping_until for seen in self._seen.values() if seen.flapping_until is not None)
        return min(ends, default=None)
