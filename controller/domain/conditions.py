"""What can be the matter at a site for a while."""

from dataclasses import dataclass
from enum import StrEnum

from controller.domain.ids import WallMs


class Condition(StrEnum):
    """What can be the matter at a site for a while; rules ask for it by name."""

    WEATHER = "weather"
    HOLIDAY = "holiday"
    OUTAGE = "outage"


@dataclass(frozen=True, slots=True)
class Declared:
    """One condition, as an operator declared it."""

    starts: WallMs
    until: WallMs
    begun: bool = False
    """Plans go by it."""
