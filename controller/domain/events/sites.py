"""Events of what is the matter at the site, for a while."""

from dataclasses import dataclass

from controller.domain.conditions import Condition
from controller.domain.events.base import Event
from controller.domain.ids import WallMs


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteDeclared(Event):
    """An operator said what is the matter, and for how long; it takes the place of what was said of it before."""

    NAME = "site.declared"
    condition: Condition
    starts: WallMs
    until: WallMs


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteDisrupted(Event):
    """From now on plans go by it."""

    NAME = "site.disrupted"
    condition: Condition
    until: WallMs


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLapsed(Event):
    """It is over."""

    NAME = "site.lapsed"
    condition: Condition
