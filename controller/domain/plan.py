"""How this parcel must be handed over, and by which rule: `plan(parcel, …)` is pure and explains itself."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from controller.domain.allocation import fits, smallest_fitting, suits
from controller.domain.events import Because, CompartmentSpec
from controller.domain.ids import Size, WallMs
from controller.domain.policy import Policy
from controller.domain.preferences import Preferences, away_s
from controller.domain.refusals import Refusal
from controller.domain.rules import (
    CARRIER_RULE,
    KEPT_OUT,
    NO_NEEDS,
    NO_RULE,
    SIZE_RULE,
    Needs,
    Pattern,
    Rule,
    holds,
    is_met,
    together,
)
from controller.domain.site import Site
from controller.domain.state import Parcel, State

DEFAULT_SIZE = Size.M
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done with one parcel. `refuse` is None for a plan that this locker can carry out."""

    pattern: Pattern
    because: tuple[Because, ...]
    """Which rule made each choice, the most decisive first."""
    evidence: tuple[str, ...] = ()
    hold_s: int = 0
    ladder: str = ""
    size: Size = DEFAULT_SIZE
    needs: Needs = NO_NEEDS
    refuse: Refusal | None = None
    missing: tuple[str, ...] = ()
    """Evidence that is demanded and cannot be had here."""

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of the rules that made it; the carrier's word is none."""
        return tuple(dict.fromkeys(each.rule for each in self.because if each.rule != CARRIER_RULE))


def plan(parcel: Parcel, preferences: Preferences | None, site: Site, policy: Policy) -> Plan:
    """The plan for a parcel that stands before the locker now."""
    if parcel.redirected:
        return Plan(Pattern.REFUSE, _by("pattern", [CARRIER_RULE]), refuse=Refusal.REDIRECTED)
    rules = [rule for rule in policy.rules if holds(rule.when, parcel, preferences, site)]
    decisive = max((rule for rule in rules if rule.pattern), key=_strictness, default=None)
    if decisive is None or decisive.pattern is None:
        return _kept_out(Refusal.NOT_ALLOWED, _by("pattern", [NO_RULE]))
    if decisive.pattern is not Pattern.LOCKER:
        because = _by("pattern", [decisive.id]) + _by("ladder", [decisive.id])
        ladder, reason = decisive.ladder or KEPT_OUT, decisive.reason or Refusal.NOT_ALLOWED
        return Plan(decisive.pattern, because, ladder=ladder, refuse=reason)
    return _for_the_locker(parcel, decisive, rules, away_s(preferences, site.now), site, policy)


def site_of(state: State, policy: Policy, now: WallMs) -> Site:
    """The site as it is at this moment."""
    declared = tuple(condition.value for condition, each in state.declared.items() if each.begun)
    specs = tuple(compartment.spec for compartment in state.compartments.values())
    return Site(specs, tuple(dict.fromkeys((*policy.conditions, *declared))), policy.obtains, now)


def unobtainable(evidence: Sequence[str], site: Site) -> tuple[str, ...]:
    """What of the demanded evidence cannot be had at the site."""
    return tuple(each for each in evidence if not is_met(each, site.obtains))


def needs_of(rules: Sequence[Rule]) -> Needs:
    """What all of these rules together ask of a compartment."""
    return together([rule.needs for rule in rules])


def _for_the_locker(parcel: Parcel, decisive: Rule, rules: list[Rule], away: int, site: Site, policy: Policy) -> Plan:
    size = _size(parcel, site.compartments, policy)
    if size is None:
        return _kept_out(Refusal.TOO_BIG, _by("pattern", [SIZE_RULE]))
    needs, needing = needs_of(rules), [rule.id for rule in rules if rule.needs != NO_NEEDS]
    if not any(suits(spec, needs) and fits(spec, size, parcel.mm, policy) for spec in site.compartments):
        return _kept_out(Refusal.NONE_SUITABLE, _by("compartment", needing))
    evidence = tuple(dict.fromkeys(name for rule in rules for name in rule.evidence))
    missing = unobtainable(evidence, site)
    if missing:
        demanding = [rule.id for rule in rules if not set(missing).isdisjoint(rule.evidence)]
        return _kept_out(Refusal.EVIDENCE_MISSING, _by("evidence", demanding), missing)
    hold_s, held = _hold_s(parcel, rules, away, policy)
    waiting = [rule.id for rule in rules if rule.hold_from_return]
    if waiting and hold_s < away:
        return _kept_out(Refusal.RECIPIENT_AWAY, _by("hold", waiting[:1]))
    ladder, laddered = _first(rules, lambda rule: rule.ladder, "")
    because = (
        *_by("pattern", [decisive.id]),
        *_by("evidence", (rule.id for rule in rules if rule.evidence)),
        *_by("compartment", needing),
        *held,
        *_by("ladder", laddered),
    )
    return Plan(Pattern.LOCKER, because, evidence, hold_s, ladder, size, needs)


def _kept_out(reason: Refusal, because: tuple[Because, ...], missing: tuple[str, ...] = ()) -> Plan:
    """No rule keeps it out, and this locker cannot take it all the same."""
    return Plan(Pattern.REFUSE, because, ladder=KEPT_OUT, refuse=reason, missing=missing)


def _strictness(rule: Rule) -> int:
    return rule.pattern.strictness if rule.pattern is not None else 0


def _first(rules: Sequence[Rule], says: Callable[[Rule], T | None], otherwise: T) -> tuple[T, tuple[str, ...]]:
    """What the first rule that says something says, and the id of that rule."""
    said = ((value, (rule.id,)) for rule in rules if (value := says(rule)) is not None)
    return next(said, (otherwise, ()))


def _by(choice: str, rules: Iterable[str]) -> tuple[Because, ...]:
    return tuple(Because(choice, rule) for rule in rules)


def _hold_s(parcel: Parcel, rules: list[Rule], away: int, policy: Policy) -> tuple[int, tuple[Because, ...]]:
    """How long it waits: as asked, from when its recipient is back where a rule says so, no longer than allowed, and
    then stretched; and who said so.
    """
    hold_s, by = _first(rules, lambda rule: rule.hold_s, policy.default_hold_s)
    if parcel.hold_s is not None:
        hold_s, by = parcel.hold_s, (CARRIER_RULE,)
    from_return, returning = _first(rules, lambda rule: rule.hold_from_return, False)
    if from_return and away:
        hold_s, by = hold_s + away, (*by, *returning)
    longest_s, capping = min(_caps(rules), default=(policy.longest_hold_s, ""))
    if hold_s > longest_s:
        hold_s, by = longest_s, (capping,)
    percent, stretching = _first(rules, lambda rule: rule.stretch_percent, 100)
    if percent != 100:
        hold_s, by = hold_s * percent // 100, (*by, *stretching)
    return min(max(hold_s, policy.shortest_hold_s), policy.longest_hold_s), _by("hold", by)


def _caps(rules: list[Rule]) -> Iterator[tuple[int, str]]:
    for rule in rules:
        if rule.longest_hold_s is not None:
            yield rule.longest_hold_s, rule.id


def _size(parcel: Parcel, specs: Sequence[CompartmentSpec], policy: Policy) -> Size | None:
    if parcel.mm:
        return smallest_fitting(specs, parcel.mm, policy)
    if parcel.size is not None:
        return parcel.size if any(fits(spec, parcel.size, (), policy) for spec in specs) else None
    largest = max((spec.size for spec in specs), key=lambda size: size.rank, default=None)
    return largest if largest is not None and largest.rank < DEFAULT_SIZE.rank else DEFAULT_SIZE
