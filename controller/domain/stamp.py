"""When something happened, as every record says it."""

from dataclasses import dataclass

from controller.domain.ids import ClockQuality, MonoMs, WallMs


@dataclass(frozen=True, slots=True)
class Stamp:
    """One moment on both clocks. Neither runs backwards within a stream."""

    wall: WallMs
    mono: MonoMs
    boot: int
    """Counts the starts of this locker, from 1."""
    clock: ClockQuality = ClockQuality.UNKNOWN
