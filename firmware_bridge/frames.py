"""Finding frames in what a line delivers: garbage before, after and between them, and cut anywhere. Pure."""

from collections.abc import Callable
from typing import Protocol


class FrameReader(Protocol):
    """Bytes in, as they come; the frames in them out. One reader serves one exchange and is then thrown away."""

    @property
    def bad_checksums(self) -> int:
        """Frames that were whole but whose check did not fit."""

    def feed(self, heard: bytes) -> list[bytes]:
        """Take in what was heard; returns the frames that are now complete, in their order."""

    def quiet(self) -> list[bytes]:
        """The line fell silent: returns the frames that only silence ends. Most protocols have none."""


HEAD = 16
Measure = Callable[[bytes], int | None]
"""How long a frame is that begins with these bytes (1 to HEAD of them): its length, 0 if none begins so, None if more
must be heard to tell."""


class MeasuredFrames:
    """A reader for frames that tell their own length early on.

    Whatever does not begin a frame, or begins one whose check fails, costs one byte and no more: the true frame may
    begin at the very next. Nothing is kept but the one frame that may yet become whole.
    """

    def __init__(self, measure: Measure, fits: Callable[[bytes], bool]) -> None:
        self._measure = measure
        self._fits = fits
        self._kept = b""
        self.bad_checksums = 0

    def feed(self, heard: bytes) -> list[bytes]:
        """Take in what was heard; returns the frames that are now complete, in their order."""
        kept, frames, at = self._kept + heard, [], 0
        while at < len(kept):
            length = self._measure(kept[at : at + HEAD])
            if length is None or at + length > len(kept):
                break
            frame = kept[at : at + length]
            if length and self._fits(frame):
                frames.append(frame)
                at += length
            else:
                self.bad_checksums += bool(length)
                at += 1
        self._kept = kept[at:]
        return frames

    def quiet(self) -> list[bytes]:
        """Silence ends no frame of this kind, and does not throw away one that has begun."""
        return []


LONGEST_SILENT_FRAME = 16
REMEMBERED = 128


class QuietFrames:
    """A reader for frames of which nothing but the silence after them tells how long they are.

    What was heard until then is read from its end: the longest frame that ends there, then the one that ends where that
    began, and so on; what stands before them is noise. A frame that was cut in two by a pause is whole after the next.
    """

    def __init__(self, shaped: Callable[[bytes], bool], fits: Callable[[bytes], bool]) -> None:
        """`shaped` tells whether bytes (at most LONGEST_SILENT_FRAME) look like a frame, `fits` whether they check."""
        self._shaped = shaped
        self._fits = fits
        self._kept = b""
        self._settled = 0
        self.bad_checksums = 0

    def feed(self, heard: bytes) -> list[bytes]:
        """Take in what was heard; no frame is complete before it is quiet."""
        self._kept = (self._kept + heard)[-REMEMBERED:]
        return []

    def quiet(self) -> list[bytes]:
        """The line fell silent: returns the frames that ended now, in their order."""
        frames: list[bytes] = []
        end = len(self._kept)
        while fitting := list(filter(self._fits, self._shaped_ones(end))):
            frames.insert(0, fitting[0])
            end -= len(fitting[0])
        self.bad_checksums = self._settled + bool(self._shaped_ones(end))
        if frames:
            self._kept, self._settled = b"", self.bad_checksums
        return frames

    def _shaped_ones(self, end: int) -> list[bytes]:
        """All that ends there and looks like a frame, the longest first."""
        begins = range(max(end - LONGEST_SILENT_FRAME, 0), end)
        return [frame for begin in begins if self._shaped(frame := self._kept[begin:end])]
