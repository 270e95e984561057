"""What a configuration says of one lock board, free of any library: the settings fill it, the drivers read it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from firmware_bridge.codecs import Feedback
from firmware_bridge.supply import LockKind

USUAL_PULSE_MS: Mapping[LockKind, int] = {LockKind.ELECTROMAGNET: 500, LockKind.MOTOR: 1_000}


class Pull(StrEnum):
    """What holds a door's GPIO line while its switch is open; `none`: a resistor on the board."""

    UP = "up"
    DOWN = "down"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ChannelLines:
    """What hangs on one channel: a `lock`, a door's sensor, or both; and on which GPIO lines, of which a board with
    lines of its own has none.

    A line is its offset on the chip, or its name ("GPIO17"). `chip` is a label such as mcp23017, or a device;
    without it the chip of the header is meant. `active_high` tells which level energises the lock. `feedback` is set
    where this door's switch is wired otherwise than the rest of the board's.
    """

    lock_line: int | str | None = None
    door_line: int | str | None = None
    active_high: bool = True
    chip: str | None = None
    feedback: Feedback | None = None
    lock: bool = True


@dataclass(frozen=True, slots=True)
class BoardSpec:
    """One lock board.

    `channels` are those that a compartment uses, by the number printed on the board, the first being 1. `pulse_ms` is
    what we set or, where the board times the pulse, what the board is set to; None stands for what is usual for the
    kind of lock. `baud` and `feedback` None stand for how the boards are delivered. On GPIO the door bit is the line's
    level: a switch to ground that the closed door closes is `closed_is_0`. `options` are those that only this driver
    knows.
    """

    name: str
    driver: str
    supply: str
    channels: Mapping[int, ChannelLines]
    port: str | None = None
    baud: int | None = None
    address: int = 0
    lock: LockKind = LockKind.ELECTROMAGNET
    feedback: Feedback | None = None
    pulse_ms: int | None = None
    options: Mapping[str, object] = field(default_factory=dict)

    @property
    def pulse(self) -> int:
        """The pulse in ms that holds for this board."""
        return USUAL_PULSE_MS[self.lock] if self.pulse_ms is None else self.pulse_ms

    @property
    def locks(self) -> frozenset[int]:
        """The channels that a lock hangs on. A board that is only read has none."""
        return frozenset(channel for channel, lines in self.channels.items() if lines.lock)

    @property
    def switches(self) -> dict[int, Feedback]:
        """What the bits of those doors say whose switches are wired otherwise than the rest."""
        return {channel: lines.feedback for channel, lines in self.channels.items() if lines.feedback is not None}
