"""Which records of a stream were heard: what came twice, and what is missing in between."""

from dataclasses import dataclass, replace

MOST_GAPS = 100
"""Above that the oldest are given up for lost: they still count."""


@dataclass(frozen=True, slots=True)
class Gaps:
    """One stream, from the first record that was heard."""

    stream: str = ""
    newest: int = 0
    """The highest sequence heard; 0 before the first."""
    heard: int = 0
    """Messages, repetitions included."""
    repeated: int = 0
    open: tuple[tuple[int, int], ...] = ()
    """First and last of each run of records that were jumped over and have not come since."""
    lost: int = 0
    """Records given up for lost."""

    @property
    def missing(self) -> int:
        """Records that were jumped over and have not come since."""
        return self.lost + sum(last - first + 1 for first, last in self.open)

    def take(self, stream: str, sequence: int) -> tuple["Gaps", bool]:
        """After one more record, and whether it goes beyond all that was heard of its stream before."""
        if stream != self.stream:
            return Gaps(stream, sequence, self.heard + 1, self.repeated, (), self.missing), True
        if sequence > self.newest:
            gap = ((self.newest + 1, sequence - 1),) if sequence > self.newest + 1 else ()
            return replace(self._opened(gap), newest=sequence, heard=self.heard + 1), True
        open = tuple(rest for gap in self.open for rest in _without(gap, sequence))
        came_late = open != self.open
        return replace(self, heard=self.heard + 1, repeated=self.repeated + (not came_late), open=open), False

    def _opened(self, gap: tuple[tuple[int, int], ...]) -> "Gaps":
        open, lost = self.open + gap, self.lost
        if len(open) > MOST_GAPS:
            first, last = open[0]
            open, lost = open[1:], lost + last - first + 1
        return replace(self, open=open, lost=lost)


def _without(gap: tuple[int, int], sequence: int) -> tuple[tuple[int, int], ...]:
    first, last = gap
    if not first <= sequence <= last:
        return (gap,)
    return tuple(rest for rest in ((first, sequence - 1), (sequence + 1, last)) if rest[0] <= rest[1])
