"""Lights and a buzzer: where they are connected, what there is to show and to play, and how it is timed."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

NAME = "signals"
BUZZER = "buzzer"
CABINET = "cabinet light"
WARNING_MS = 2_000
"""How long an opening that nobody stands before is announced."""


@dataclass(frozen=True, slots=True)
class SignalLine:
    """One output. `pin` is named as the pin factory takes it; `active_high` tells which level lights it."""

    pin: int | str
    active_high: bool = True


class Light(StrEnum):
    """What a light does."""

    OFF = "off"
    ON = "on"
    BLINKING = "blinking"
    """Half a second on, half a second off."""


class Sound(StrEnum):
    """What the buzzer plays, the least urgent first."""

    BEEP = "beep"
    """A door was unlocked."""
    REMINDER = "reminder"
    """A door has stood open for a while."""
    WARNING = "warning"
    """A door is about to be unlocked that nobody may stand before."""
    ALARM = "alarm"
    """A door was left open."""

    @property
    def urgency(self) -> int:
        """The higher, the more urgent."""
        return list(Sound).index(self)


PATTERNS: Mapping[Sound, tuple[int, ...]] = {
    Sound.BEEP: (80,),
    Sound.REMINDER: (150, 150, 150, 150, 150),
    Sound.WARNING: (125,) * (WARNING_MS // 125),
    Sound.ALARM: (500,) * 60,
}
"""Milliseconds of sound and of silence in turn, beginning with sound. The alarm ends by itself after half a minute."""
