"""The far end of a serial line: what the boards on it answer. Pure but for the cabinets, which are pushed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from firmware_bridge.codecs import Feedback


class Response(NamedTuple):
    """One whole frame that a board understood, and what it says to it: nothing, if it is empty."""

    frame: bytes
    answer: bytes


class Responder(Protocol):
    """All boards of one kind on one line. For one caller at a time."""

    def hear(self, heard: bytes) -> list[Response]:
        """Take in bytes from the line, do what the whole frames in them say, and answer."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How simulated boards are set up: `pulse_ms` where they time it, `feedback` as their switches are wired (None: as
    delivered), and the driver's own `options`, as in the configuration.
    """

    pulse_ms: int = 500
    feedback: Feedback | None = None
    options: Mapping[str, object] = field(default_factory=dict)
