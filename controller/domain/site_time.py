"""What a label's date and time mean here: it is in the site's own time, and says neither zone nor summer time."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from controller.domain.ids import WallMs

Offset = tuple[WallMs, int]
"""From this moment on the site's time is so many seconds ahead of UTC."""
DAY_ALONE = "9999"
"""In place of hours and minutes: the whole day is meant (GS1 General Specifications, AIs 4324 and 4325)."""
_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def first_moment(text: str, offsets: Sequence[Offset]) -> WallMs:
    """The beginning of the minute or day that YYMMDDHHMM names. Raises ValueError where the calendar has none."""
    return _moment(_read(text), offsets)


def last_moment(text: str, offsets: Sequence[Offset]) -> WallMs:
    """Its end. Raises ValueError where the calendar has none."""
    return WallMs(_moment(_read(text) + (_DAY if text.endswith(DAY_ALONE) else _MINUTE), offsets) - 1)


def _read(text: str) -> datetime:
    day, time = text[:6], text[6:]
    return datetime.strptime(f"20{day}{'0000' if time == DAY_ALONE else time}", "%Y%m%d%H%M").replace(tzinfo=UTC)


def _moment(here: datetime, offsets: Sequence[Offset]) -> WallMs:
    """`here` is what the clock on the wall of the site shows. Without any offsets that is UTC."""
    shown = (here - _EPOCH) // timedelta(milliseconds=1)
    for since, ahead_s in reversed(offsets):
        moment = WallMs(shown - ahead_s * 1000)
        if moment >= since:
            return moment
    return WallMs(shown - (offsets[0][1] * 1000 if offsets else 0))
