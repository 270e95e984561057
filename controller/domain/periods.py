"""Whether something signed for a while is good at a moment, by a clock that may not know the time."""

from controller.domain.ids import ClockQuality, WallMs
from controller.domain.stamp import Stamp


def is_within(at: Stamp, begins: WallMs, ends: WallMs, skew_ms: int) -> bool:
    """Neither early nor over. `skew_ms` is how far the clock of whoever signed may be ahead.

    A clock that is unknown can only lag behind: what is over by it is over, but nothing is too early.
    """
    early = at.wall < begins - skew_ms and at.clock is not ClockQuality.UNKNOWN
    return not early and at.wall <= ends
