"""One frame said on a serial line and what can come of it; and a board as its line sees it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from firmware_bridge.codecs import REPLY_MS, Acknowledgement, Codec, Refusal, Status
from firmware_bridge.faults import FaultKind
from firmware_bridge.serial_port import PortError


@dataclass(frozen=True, slots=True)
class Answered:
    """The board answered."""

    answer: Status | Acknowledgement | Refusal


@dataclass(frozen=True, slots=True)
class Written:
    """The frame has left, and no answer was asked for."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The line failed. `sent` says whether the frame may have reached the board."""

    kind: FaultKind
    detail: str
    sent: bool


@dataclass(frozen=True, slots=True)
class Dropped:
    """The board was closed before its turn came."""


Outcome = Answered | Written | Failed | Dropped


@dataclass(frozen=True, slots=True)
class Exchange:
    """One frame to say, the time that its answer may take, and what to do with what comes of it: `done` is called once,
    on the line's thread. `codec` understands the answer; without it, none is asked for, and the board is left alone for
    `rest_ms` before the next frame.

    An exchange that is `urgent` ends a danger: it is said even on a line that is never silent, and for its sake a port
    that is down is tried again within FIRST_PAUSE_MS.
    """

    request: bytes
    codec: Codec | None
    done: Callable[[Outcome], None]
    reply_ms: int = REPLY_MS
    rest_ms: int = 0
    urgent: bool = False

    @property
    def echo_is_answer(self) -> bool:
        """Whether an adapter's echo of this frame would pass for the board's answer to it."""
        return self.codec is not None and self.codec.answer(self.request, self.request) is not None


class Rider(Protocol):
    """A board as its line sees it. Every method is called on the line's thread; `due_ms` and `question` must be cheap
    and call nothing of the bus.
    """

    def due_ms(self) -> float | None:
        """When the board wants to ask its next question, in ms of `monotonic_ms`; None: never."""

    def question(self) -> Exchange:
        """The next question."""

    def line_up(self) -> None:
        """The port is open."""

    def line_down(self, fault: PortError) -> None:
        """The port is not open; called again whenever that was tried again in vain or `wake` was called."""
