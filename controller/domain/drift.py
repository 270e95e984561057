"""Slow decay, counted: what went a little wrong, day by day, for the locker and for each door, driver and channel.

A handoff rarely breaks at once; doors stick more often, codes are mistyped, messages bounce. Counts stand for whole
days, UTC, and the last few of them together are compared with a limit.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType

from controller.domain.ids import HOUR_MS, WallMs

DAY_MS = 24 * HOUR_MS
WINDOW_DAYS = 7
"""How many days count together, today among them."""
MOST_A_DAY = 4096
"""Figures that one day keeps apart; beyond them only the locker's own go on counting."""

Subject = NewType("Subject", str)
"""What a figure is about: `door:A01`, `driver:acme/D7`, `channel:sms`, or nothing for the whole locker."""
LOCKER = Subject("")


class Figure(StrEnum):
    """What is counted. The first few say how much there was of it to go wrong."""

    DEPOSITS = "deposits"
    PICKUPS = "pickups"
    DELIVERED = "delivered"
    """Messages that reached the recipient, by channel."""
    OPENINGS = "openings"
    OPEN_S = "open_s"
    """Seconds that doors stood open, in all."""
    FAILED_DEPOSITS = "failed_deposits"
    """Deposits that were begun and did not take place."""
    MISTYPED_CODES = "mistyped_codes"
    JAMS = "jams"
    """Doors that stayed shut after their unlock."""
    REOPENS = "reopens"
    LATE_OPENINGS = "late_openings"
    LEFT_OPEN = "left_open"
    SENSOR_LOSSES = "sensor_losses"
    STRAYS = "strays"
    CLAIMS = "claims"
    """Recipients who said that it was empty, or not theirs."""
    BOUNCED = "bounced"
    """Messages that came back, by channel."""
    SILENT = "silent"
    """Messages of which nobody heard again, by channel."""
    UNCLEAN_BOOTS = "unclean_boots"
    CLOCK_UNKNOWN = "clock_unknown"
    """Starts without knowing the time."""


LIMITS: Mapping[Figure, int] = {
    Figure.FAILED_DEPOSITS: 10,
    Figure.MISTYPED_CODES: 200,
    Figure.JAMS: 5,
    Figure.REOPENS: 20,
    Figure.LATE_OPENINGS: 10,
    Figure.LEFT_OPEN: 5,
    Figure.SENSOR_LOSSES: 5,
    Figure.STRAYS: 3,
    Figure.CLAIMS: 2,
    Figure.BOUNCED: 10,
    Figure.SILENT: 20,
    Figure.UNCLEAN_BOOTS: 3,
    Figure.CLOCK_UNKNOWN: 3,
}
"""From how many within the window on somebody should look, at one door, driver or channel; of what is about none of
them, at the locker.
"""
ABOUT_THE_LOCKER = (Figure.MISTYPED_CODES, Figure.UNCLEAN_BOOTS, Figure.CLOCK_UNKNOWN)

Key = tuple[Figure, Subject]


@dataclass(frozen=True, slots=True)
class Day:
    """What one day brought; `number` counts days since 1970."""

    number: int
    counts: dict[Key, int]


@dataclass(frozen=True, slots=True)
class Drift:
    """The days of the window, oldest first, and what is over its limit and was told of."""

    days: tuple[Day, ...] = ()
    raised: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """`count` more of one figure, at each of these subjects and for the locker."""

    figure: Figure
    subjects: tuple[Subject, ...] = ()
    count: int = 1

    def figures(self) -> tuple[Key, ...]:
        """Every figure that this adds to."""
        return ((self.figure, LOCKER), *((self.figure, subject) for subject in self.subjects))


@dataclass(frozen=True, slots=True)
class DriftPolicy:
    """The limits of a site."""

    limits: Mapping[Figure, int] = field(default_factory=lambda: LIMITS)

    def limit(self, key: Key) -> int | None:
        """From how many on somebody should look; None where this figure has no limit."""
        figure, subject = key
        bounded = (subject == LOCKER) is (figure in ABOUT_THE_LOCKER)
        return self.limits.get(figure) if bounded else None


def day_of(wall: WallMs) -> int:
    """The number of the day, UTC."""
    return wall // DAY_MS


def counted(drift: Drift, marks: Iterable[Mark], today: int) -> Drift:
    """With these marks made today, and without the days that are over."""
    kept = tuple(day for day in drift.days if day.number > today - WINDOW_DAYS)
    *before, last = kept if kept and kept[-1].number >= today else (*kept, Day(today, {}))
    counts = dict(last.counts)
    for mark in marks:
        for key in mark.figures():
            if key[1] == LOCKER or key in counts or len(counts) < MOST_A_DAY:
                counts[key] = counts.get(key, 0) + mark.count
    return Drift((*before, Day(last.number, counts)), drift.raised)


def total(drift: Drift, key: Key, today: int) -> int:
    """The sum of one figure over the window that ends today."""
    return sum(day.counts.get(key, 0) for day in drift.days if day.number > today - WINDOW_DAYS)


def totals(drift: Drift, today: int) -> dict[Key, int]:
    """Every figure of the window that ends today."""
    sums: dict[Key, int] = {}
    for day in drift.days:
        if day.number > today - WINDOW_DAYS:
            for key, count in day.counts.items():
                sums[key] = sums.get(key, 0) + count
    return sums


def below_from(drift: Drift, key: Key, limit: int | None) -> int:
    """The first day on which this figure is below its limit, if nothing more happens; 0 where it has no limit."""
    left = sum(day.counts.get(key, 0) for day in drift.days)
    if limit is None or left < limit:
        return 0
    for day in drift.days:
        left -= day.counts.get(key, 0)
        if left < limit:
            return day.number + WINDOW_DAYS
    return 0
