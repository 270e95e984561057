"""Keeps the journal from growing at anybody's pleasure: the first of a kind is recorded, then one summary a minute."""

from dataclasses import dataclass, replace

from controller.domain.ids import MINUTE_MS, MonoMs
from controller.domain.inputs import (
    BadgeRejected,
    CommandRejected,
    CommandRepeated,
    ConfigRejected,
    Counted,
    PassRejected,
    PinBackedOff,
    ScanRejected,
    SomeoneInsideRefused,
    TriesBackedOff,
)


@dataclass(slots=True)
class _Kind:
    until: MonoMs
    held: Counted | None = None


class RecordBudget:
    """Counts what is held back, by kind. What it holds is lost if the process is killed: at most a minute's count."""

    def __init__(self, window_ms: int = MINUTE_MS) -> None:
        self._window_ms = window_ms
        self._kinds: dict[tuple[str, str], _Kind] = {}

    def admit(self, item: Counted, now: MonoMs) -> bool:
        """Whether `item` is to be recorded now; otherwise it is counted into the next summary of its kind."""
        kind = self._kinds.get(_kind_of(item))
        if kind is None:
            self._kinds[_kind_of(item)] = _Kind(MonoMs(now + self._window_ms))
            return True
        kind.held = item if kind.held is None else replace(item, count=kind.held.count + item.count)
        return False

    def take_due(self, now: MonoMs) -> list[Counted]:
        """The summaries whose minute is over. A kind that was quiet for a minute starts afresh."""
        over = {key: kind for key, kind in self._kinds.items() if kind.until <= now}
        for key, kind in over.items():
            if kind.held is None:
                del self._kinds[key]
            else:
                self._kinds[key] = _Kind(MonoMs(now + self._window_ms))
        return [kind.held for kind in over.values() if kind.held is not None]

    def take_all(self) -> list[Counted]:
        """Everything held back, for a clean stop."""
        held = [kind.held for kind in self._kinds.values() if kind.held is not None]
        self._kinds.clear()
        return held

    def next_due(self) -> MonoMs | None:
        """When a summary is to be written next; None when nothing is held back."""
        return min((kind.until for kind in self._kinds.values() if kind.held is not None), default=None)


def _kind_of(item: Counted) -> tuple[str, str]:
    match item:
        case PassRejected() | BadgeRejected() | SomeoneInsideRefused():
            return type(item).__name__, item.why
        case CommandRejected() | ConfigRejected():
            return type(item).__name__, item.reason.value
        case ScanRejected() | PinBackedOff() | TriesBackedOff() | CommandRepeated():
            return type(item).__name__, ""
