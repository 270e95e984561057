"""What every lock board offers, whatever wire it hangs on.

A board is driven from several threads: the journal's writer hands unlocks over the moment they are durable, the
board's own worker talks to the wire. So the contract is callbacks, never a blocking call.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from firmware_bridge.bus_health import BusHealth
from firmware_bridge.faults import BoardFault


class Door(StrEnum):
    """What a door sensor says. Never inferred from the lock."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class Sent(StrEnum):
    """What became of one unlock on its way to the lock; the door's own answer comes as a reading."""

    WRITTEN = "written"
    """The pulse was given, or the frame left on a board that never answers an unlock."""
    ACKNOWLEDGED = "acknowledged"
    """The board answered that it took the order."""
    REJECTED = "rejected"
    """The board answered that it did not."""
    NO_REPLY = "no_reply"
    """A board that answers unlocks stayed silent: nobody knows whether the lock moved."""
    NOT_SENT = "not_sent"
    """The order never left: port gone, line held by someone else, board stopped. Nothing moved."""


@dataclass(frozen=True, slots=True)
class UnlockReport:
    """The end of one unlock as the wire saw it."""

    channel: int
    sent: Sent
    fault: BoardFault | None = None


@dataclass(frozen=True, slots=True)
class DoorReading:
    """One debounced door reading. `age_ms` counts from the moment the wire said so, 0 for this very poll.

    `parcel` is what the compartment's parcel sensor says: None where there is none, or where it is not known.
    """

    door: Door
    age_ms: int = 0
    parcel: bool | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """Something a board noticed by itself: doors that changed, or a fault that began (or ended: `fault` is None).

    `parcels` are the parcel sensors that changed: whether something is inside, None for one that fell silent.
    """

    board: str
    doors: Mapping[int, Door]
    fault: BoardFault | None = None
    parcels: Mapping[int, bool | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BoardState:
    """What a board knows at this moment without asking anybody: its doors, its fault, and the counts of its line,
    None where there is no line.
    """

    doors: Mapping[int, DoorReading]
    fault: BoardFault | None = None
    line: BusHealth | None = None


ReportUnlock = Callable[[UnlockReport], None]
AnswerSurvey = Callable[[Mapping[int, DoorReading]], None]
Observe = Callable[[Observation], None]


class LockBoard(Protocol):
    """Some locks, and perhaps the door sensors beside them, on one piece of hardware.

    Channels are the numbers printed on the board, the first being 1. Every method may be called from any thread and
    returns at once; callbacks come from the board's own thread, each exactly once, and must not block.
    """

    @property
    def name(self) -> str:
        """The board's name in the configuration."""

    def open(self, observe: Observe) -> None:
        """Start watching. Hardware that is missing is an observation with a fault, never an exception."""

    def unlock(self, channel: int, report: ReportUnlock) -> None:
        """Queue one pulse of `channel`. It waits for its supply's turn; it is never sent twice.

        Raises ValueError for a channel this board does not have, before anything is queued.
        """

    def survey(self, answer: AnswerSurvey) -> None:
        """Read every door afresh; a board that stays silent answers `unknown` for all of its channels."""

    def state(self) -> BoardState:
        """What is known now, every door with the age of its reading. A closed board knows no door."""

    def attend(self, duration_ms: int) -> None:
        """Look often for the next `duration_ms` milliseconds: an unlock is pending. Otherwise the board idles."""

    def close(self) -> None:
        """End the threads and leave every output off. Unlocks still waiting are reported `not_sent`."""
