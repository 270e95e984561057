"""Hands at the doors of a cabinet, and the truth about what lies behind them, which the locker has to infer."""

import threading
from dataclasses import dataclass, field

from support.daemon import wait_until
from support.daemon_line import channel_of, compartment_of
from support.daemon_site import Site

from firmware_bridge.codecs.kerong import STATUS

LOOKS = 3
"""No hands are so quick that a door stands open for fewer looks of the locker's."""


@dataclass
class Truth:
    """What really is where. Guarded by `lock`."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    inside: dict[str, str] = field(default_factory=dict)
    """Parcels by the compartment they lie in."""
    last_place: dict[str, str] = field(default_factory=dict)
    """Where each parcel lay last."""
    handed_out: set[str] = field(default_factory=set)
    """Parcels that have left for good."""

    def place_of(self, parcel: str) -> str | None:
        """The compartment in which a parcel lies."""
        return next((place for place, inside in self.inside.items() if inside == parcel), None)


class Hands:
    """Whoever stands before the cabinet."""

    def __init__(self, site: Site) -> None:
        self.truth = Truth()
        self._line = site.line
        self._cabinet = site.cabinet

    def open_doors(self) -> list[str]:
        """Every door that stands open."""
        return [compartment_of(channel) for channel, door in self._cabinet.doors().items() if door.open]

    def looks(self) -> int:
        """How often the locker has looked at its doors."""
        return sum(heard.frame[3] == STATUS for heard in self._line.frames)

    def put_in(self, door: str, parcel: str) -> None:
        """Put a parcel into an open compartment. Raises AssertionError where there is another one in it."""
        with self.truth.lock:
            before = self.truth.inside.get(door)
            assert before is None, f"{door} was given out for {parcel} while {before} lies in it"
            if self._cabinet.put_item(channel_of(door)):
                self.truth.inside[door] = parcel
                self.truth.last_place[parcel] = door

    def take_out(self, door: str, *, for_good: bool = True) -> None:
        """Take out of an open compartment what is in it, if anything is; `for_good` when its recipient does."""
        with self.truth.lock:
            if self._cabinet.take_item(channel_of(door)):
                parcel = self.truth.inside.pop(door)
                if for_good:
                    self.truth.handed_out.add(parcel)

    def shut(self, door: str) -> None:
        """Push until it stays shut, for it springs open again as long as its bolt is drawn."""
        wait_until(lambda: self._cabinet.close_door(channel_of(door)), f"{door} to stay shut")
