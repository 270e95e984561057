"""Rules of handing over, as data: when one holds, and what it then decides.

All rules that hold are looked at in their order. The strictest pattern wins; evidence and needs of the compartment add
up; the shortest bound on the hold counts; for the rest the first rule that says something decides.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from controller.domain.ids import Currency, Grams, MinorUnits, WallMs
from controller.domain.money import Money
from controller.domain.preferences import Preferences, away_s
from controller.domain.refusals import Refusal
from controller.domain.site import Site
from controller.domain.state import Parcel

SIZE_RULE, CARRIER_RULE, NO_RULE = "size", "carrier", "no-rule"
"""What stands in a rule's place: the compartments' sizes, the carrier's word on the hold, and no rule at all."""
KEPT_OUT = "redeliver"
"""The ladder for what no rule keeps out, and this locker cannot take all the same."""
RESERVED = (SIZE_RULE, CARRIER_RULE, NO_RULE)


class Pattern(StrEnum):
    """The ways of handing over, from the easiest to the strictest."""

    LOCKER = "locker"
    PICKUP_POINT = "pickup_point"
    PERSON_TO_PERSON = "person_to_person"
    REFUSE = "refuse"

    @property
    def strictness(self) -> int:
        """0 for the locker."""
        return list(Pattern).index(self)


class Evidence(StrEnum):
    """What a handoff can leave behind to show that it took place as planned."""

    DOOR_CYCLE = "door_cycle"
    CODE = "code"
    """Typed; a pass and the app stand for it."""
    PASS = "pass"
    APP = "app"
    """The carrier's, which read the presence nonce off the screen."""
    PIN = "pin"
    """A fresh one, by another way than the code."""
    SIGNATURE = "signature"
    ID_CHECKED = "id_checked"
    PHOTO = "photo"
    PARCEL_SENSOR = "parcel_sensor"


EITHER = "|"
"""Between names of evidence of which one is enough: `pin|signature`."""


@dataclass(frozen=True, slots=True)
class When:
    """What a parcel, its recipient and the site must be like; all of it at once. Nothing said holds always."""

    classes: tuple[str, ...] = ()
    """The parcel has one of these."""
    value_at_least: tuple[tuple[Currency, MinorUnits], ...] = ()
    """The parcel is worth that much. A currency that is not named counts as reached: nobody said how much it is."""
    heavier_than_g: Grams | None = None
    """The parcel weighs more than that; one whose weight nobody told does not."""
    signature: bool | None = None
    """Whether the sender wants a signature."""
    authority_to_leave: bool | None = None
    """What the sender said about leaving it without anybody there; a sender who said nothing matches neither."""
    not_allowed_to_leave: bool = False
    """True: the sender did not say that it may be left."""
    wants_locker: bool | None = None
    """What the recipient said about lockers; one who said nothing matches neither."""
    wants_accessible: bool | None = None
    away_longer_than_s: int | None = None
    """The recipient is away now, and for longer than that; 0 for away at all."""
    site: tuple[str, ...] = ()
    """One of these conditions holds at the site."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What a compartment must be like. Bounds in millimetres above the floor; None for no bound."""

    handle_from_mm: int | None = None
    handle_to_mm: int | None = None
    traits: tuple[str, ...] = ()
    """All of these stand at the compartment in the configuration, such as `cool`."""


ALWAYS, NO_NEEDS = When(), Needs()
REACHABLE = Needs(handle_from_mm=380, handle_to_mm=1220)
"""What a person who sits can reach; the driver may ask for it where no rule does."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the plan table; None for what it leaves to others."""

    id: str
    when: When = ALWAYS
    pattern: Pattern | None = None
    reason: Refusal | None = None
    """Why the locker does not take it; there for every pattern but `locker`."""
    evidence: tuple[str, ...] = ()
    """Demanded at pickup; each may name several of which one is enough."""
    hold_s: int | None = None
    """How long it waits when its carrier does not say."""
    longest_hold_s: int | None = None
    """The most it waits, whoever says so."""
    stretch_percent: int | None = None
    """How much of that it waits in the end: 200 doubles it."""
    hold_from_return: bool | None = None
    """True: what it waits counts from when its recipient is back."""
    ladder: str | None = None
    needs: Needs = NO_NEEDS


def together(all_needs: Collection[Needs]) -> Needs:
    """What all of these ask of a compartment."""
    least = [needs.handle_from_mm for needs in all_needs if needs.handle_from_mm is not None]
    most = [needs.handle_to_mm for needs in all_needs if needs.handle_to_mm is not None]
    traits = tuple(dict.fromkeys(trait for needs in all_needs for trait in needs.traits))
    return Needs(max(least, default=None), min(most, default=None), traits)


def is_met(demanded: str, obtained: Collection[str]) -> bool:
    """Whether what was obtained is what was demanded, or one of several; a pass and the app stand for the code."""
    names = {*obtained, *(Evidence.CODE for stands in (Evidence.PASS, Evidence.APP) if stands in obtained)}
    return any(name in names for name in demanded.split(EITHER))


def holds(when: When, parcel: Parcel, preferences: Preferences | None, site: Site) -> bool:
    """Whether a rule with this condition is about this parcel, here."""
    return (
        _shares(when.classes, parcel.classes)
        and _is_worth(when, parcel.value)
        and _is_heavier(when.heavier_than_g, parcel.weight_g)
        and when.signature in (None, parcel.signature)
        and when.authority_to_leave in (None, parcel.authority_to_leave)
        and not (when.not_allowed_to_leave and parcel.authority_to_leave)
        and when.wants_locker in (None, preferences and preferences.locker)
        and when.wants_accessible in (None, preferences and preferences.accessible)
        and _is_away(when.away_longer_than_s, preferences, site.now)
        and _shares(when.site, site.conditions)
    )


def _shares(wanted: tuple[str, ...], there: tuple[str, ...]) -> bool:
    return not wanted or not set(wanted).isdisjoint(there)


def _is_heavier(than_g: Grams | None, weight_g: Grams | None) -> bool:
    return than_g is None or (weight_g is not None and weight_g > than_g)


def _is_away(than_s: int | None, preferences: Preferences | None, now: WallMs) -> bool:
    return than_s is None or away_s(preferences, now) > than_s


def _is_worth(when: When, value: Money | None) -> bool:
    if not when.value_at_least:
        return True
    return value is not None and value.amount >= dict(when.value_at_least).get(value.currency, 0)
