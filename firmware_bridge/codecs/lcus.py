"""LCUS-1, -2, -4 and -8: relays on a USB serial adapter (CH340), 9600 8N1.

Source: the seller's list of commands. A frame is `A0 CHANNEL STATE SUM`, where STATE is 1 for on and 0 for off and SUM
the low byte of the sum of the bytes before it. The board answers nothing and times nothing: a relay that was switched
on stays on until it is switched off. It wants 50 ms between two frames.
"""

from dataclasses import dataclass

from firmware_bridge.frames import FrameReader, MeasuredFrames

HEAD, QUERY = 0xA0, 0xFF
LENGTH = 4
SIZES = (1, 2, 4, 8)


@dataclass(frozen=True, slots=True)
class Lcus:
    """These boards as the line sees them. Raises ValueError for a size that there is not."""

    channels: int = 8
    baud: int = 9_600
    rest_ms: int = 50

    def __post_init__(self) -> None:
        if self.channels not in SIZES:
            raise ValueError(f"channels is {self.channels}, but these boards have 1, 2, 4 or 8")

    def on(self, channel: int) -> bytes:
        """The frame that switches relay `channel` on. Raises ValueError for one that is not there."""
        return self._frame(channel, 1)

    def off(self, channel: int) -> bytes:
        """The frame that switches relay `channel` off. Raises ValueError for one that is not there."""
        return self._frame(channel, 0)

    def _frame(self, channel: int, state: int) -> bytes:
        if not 1 <= channel <= self.channels:
            raise ValueError(f"channel {channel} does not exist on an LCUS-{self.channels}")
        body = bytes((HEAD, channel, state))
        return body + bytes((sum(body) & 0xFF,))


def frames() -> FrameReader:
    """A reader for what a board hears: its frames, and the single byte by which some are asked for their state."""
    return MeasuredFrames(_length, _fits)


def _length(heard: bytes) -> int:
    return {HEAD: LENGTH, QUERY: 1}.get(heard[0], 0)


def _fits(frame: bytes) -> bool:
    return len(frame) == 1 or frame[-1] == sum(frame[:-1]) & 0xFF
