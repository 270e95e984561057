"""When the clocks at the site change, worked out beforehand: the rules know no calendar of time zones."""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from controller.domain.ids import WallMs
from controller.domain.site_time import Offset

_FROM, _UNTIL = datetime(2025, 1, 1, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC)
_DAY, _MINUTE, _SECOND = timedelta(days=1), timedelta(minutes=1), timedelta(seconds=1)


@cache
def offsets_of(timezone: str) -> tuple[Offset, ...]:
    """Every change of this zone from 2025 to 2049, as far as it is known by now."""
    zone = ZoneInfo(timezone)
    offsets, before = [(_ms(_FROM), _ahead(_FROM, zone))], _FROM
    while before < _UNTIL:
        day, last = before + _DAY, offsets[-1][1]
        if _ahead(day, zone) != last:
            moment = before
            while _ahead(moment, zone) == last:
                moment += _MINUTE
            offsets.append((_ms(moment), _ahead(moment, zone)))
        before = day
    return tuple(offsets)


def _ahead(moment: datetime, zone: ZoneInfo) -> int:
    offset = moment.astimezone(zone).utcoffset()
    return 0 if offset is None else offset // _SECOND


def _ms(moment: datetime) -> WallMs:
    return WallMs(int(moment.timestamp()) * 1000)
