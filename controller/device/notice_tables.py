"""`[notices]`: how recipients are told, key by key."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from controller.device.settings_values import Table
from controller.domain.ids import LockerId
from controller.domain.notices import Neighbour
from controller.domain.preferences import Channel

_FILLED_IN = ("{parcel}", "{notice}")
_DAY_S = 24 * 3600


def _link(template: str) -> str:
    if not re.match(r"https?://[^/\s]+\S*$", template):
        raise ValueError(f"{template!r} is no address; one such as https://example.com/track/{{parcel}} is wanted")
    for gap in re.findall(r"\{[^}]*\}?", template):
        if gap not in _FILLED_IN:
            raise ValueError(f"nothing is filled in for {gap}; known: {', '.join(_FILLED_IN)}")
    return template


def _each_once(channels: tuple[Channel, ...]) -> tuple[Channel, ...]:
    if len(set(channels)) != len(channels):
        raise ValueError("a channel stands there twice; each is tried once")
    return channels


def _nearest_first(neighbours: tuple["NeighbourTable", ...]) -> tuple["NeighbourTable", ...]:
    return tuple(sorted(neighbours, key=lambda each: each.metres))


class NeighbourTable(Table):
    """Another locker nearby."""

    locker: str = Field(pattern=r"^[A-Za-z0-9_-]{1,32}$")
    metres: int = Field(ge=0, le=100_000)


class NoticesTable(Table):
    """`[notices]`: how recipients are told, through the carrier."""

    channels: Annotated[
        tuple[Annotated[Channel, Field(strict=False)], ...], AfterValidator(_each_once), Field(strict=False)
    ] = ()
    answer_s: int = Field(default=900, ge=30, le=_DAY_S)
    canary_s: int = Field(default=_DAY_S, ge=0, le=30 * _DAY_S)
    tracking_link: Annotated[str, AfterValidator(_link)] = ""
    change_link: Annotated[str, AfterValidator(_link)] = ""
    neighbours: Annotated[tuple[NeighbourTable, ...], AfterValidator(_nearest_first), Field(strict=False)] = ()

    def figures(self) -> dict[str, Any]:
        """The same by the names of the policy."""
        return {
            "channels": self.channels,
            "notice_answer_ms": 1000 * self.answer_s,
            "canary_ms": 1000 * self.canary_s,
            "tracking_link": self.tracking_link,
            "change_link": self.change_link,
            "neighbours": tuple(Neighbour(LockerId(each.locker), each.metres) for each in self.neighbours),
        }
