"""Whether rules can be followed: each alone, all of them together, and at one site."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from controller.domain.allocation import suits
from controller.domain.ladder import Ladder, wrong_with
from controller.domain.plan import unobtainable
from controller.domain.policy import Policy
from controller.domain.rules import EITHER, NO_NEEDS, RESERVED, Evidence, Pattern, Rule, When
from controller.domain.site import Site

_FIRST_DECIDES = ("hold_s", "stretch_percent", "hold_from_return", "ladder")


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with one rule: the field to change, and why."""

    rule: str
    field: str
    reason: str


def flaws(rules: Sequence[Rule], ladders: Mapping[str, Ladder], policy: Policy) -> Iterator[Flaw]:
    """Everything that keeps these rules from being followed, in their order. The bounds of a hold are the policy's."""
    for place, rule in enumerate(rules):
        if rule.id in RESERVED:
            yield Flaw(rule.id, "id", "is a name of the locker's own; give the rule another")
        if any(other.id == rule.id for other in rules[:place]):
            yield Flaw(rule.id, "id", "stands there twice; each rule needs an id of its own")
        yield from _alone(rule, policy)
        yield from _ladder(rule, ladders)
        yield from _contradicted(rule, rules, place)


def unmet(rules: Sequence[Rule], site: Site) -> Iterator[Flaw]:
    """Rules that this site cannot carry out: whatever they hold for is refused at the scan."""
    for rule in rules:
        missing = unobtainable(rule.evidence, site)
        if missing:
            yield Flaw(rule.id, "evidence", f"demands {', '.join(missing)}, which cannot be obtained here")
        if rule.needs != NO_NEEDS and not any(suits(spec, rule.needs) for spec in site.compartments):
            yield Flaw(rule.id, "needs", "asks for a compartment that this locker does not have")


def _alone(rule: Rule, policy: Policy) -> Iterator[Flaw]:
    if rule.pattern is not None and rule.pattern is not Pattern.LOCKER:
        if rule.reason is None:
            yield Flaw(rule.id, "reason", "is missing: a driver has to be told why the locker does not take it")
        if rule.ladder is None:
            yield Flaw(
                rule.id, "ladder", "is missing: somebody has to do something about what the locker does not take"
            )
        for field in ("evidence", "hold_s", "longest_hold_s", "stretch_percent", "hold_from_return"):
            if getattr(rule, field):
                yield Flaw(rule.id, field, f"contradicts pattern {rule.pattern.value!r}, by which nothing is stored")
    elif rule.reason is not None:
        yield Flaw(rule.id, "reason", "is for rules whose pattern keeps the parcel out of the locker")
    for name in (name for each in rule.evidence for name in each.split(EITHER)):
        if name not in list(Evidence):
            yield Flaw(rule.id, "evidence", f"{name!r} is no evidence; known: {', '.join(Evidence)}")
    for field in ("hold_s", "longest_hold_s"):
        hold_s = getattr(rule, field)
        if hold_s is not None and not policy.shortest_hold_s <= hold_s <= policy.longest_hold_s:
            bounds = f"{policy.shortest_hold_s} to {policy.longest_hold_s} seconds"
            yield Flaw(rule.id, field, f"must be {bounds}, not {hold_s}")
    if rule.hold_s and rule.longest_hold_s and rule.hold_s > rule.longest_hold_s:
        yield Flaw(rule.id, "hold_s", f"is longer than its own longest_hold_s of {rule.longest_hold_s} seconds")
    least, most = rule.needs.handle_from_mm, rule.needs.handle_to_mm
    if least is not None and most is not None and least > most:
        yield Flaw(rule.id, "needs", f"no handle is both above {least} mm and below {most} mm")


def _ladder(rule: Rule, ladders: Mapping[str, Ladder]) -> Iterator[Flaw]:
    if rule.ladder is None:
        return
    if rule.ladder not in ladders:
        yield Flaw(rule.id, "ladder", f"{rule.ladder!r} is no ladder; known: {', '.join(sorted(ladders))}")
        return
    wrong = wrong_with(ladders[rule.ladder], ladders)
    if wrong is not None:
        yield Flaw(rule.id, "ladder", f"{rule.ladder!r} {wrong}")


def _contradicted(rule: Rule, rules: Sequence[Rule], place: int) -> Iterator[Flaw]:
    """Where this rule wants something that another rule, which holds whenever it does, always prevents."""
    for other in rules:
        if other is rule or not _covers(other.when, rule.when):
            continue
        wanted, stricter = rule.pattern, other.pattern
        if wanted is not None and stricter is not None and stricter.strictness > wanted.strictness:
            reason = f"contradicts rule {other.id!r}, which says {stricter.value!r} whenever this one holds"
            yield Flaw(rule.id, "pattern", reason)
    for other in rules[:place]:
        if not _covers(other.when, rule.when):
            continue
        for field in _FIRST_DECIDES:
            mine, first = getattr(rule, field), getattr(other, field)
            if None not in (mine, first) and mine != first:
                reason = f"contradicts rule {other.id!r}, which comes first, always holds too, and says {first!r}"
                yield Flaw(rule.id, field, reason)


def _covers(wide: When, narrow: When) -> bool:
    """Whether `wide` is true of everything that `narrow` is true of, as far as can be told from the two alone."""
    return (
        _any_of(wide.classes, narrow.classes)
        and _any_of(wide.site, narrow.site)
        and _worth(wide, narrow)
        and (wide.heavier_than_g or 0) <= (narrow.heavier_than_g or 0)
        and wide.signature in (None, narrow.signature)
        and wide.authority_to_leave in (None, narrow.authority_to_leave)
        and (not wide.not_allowed_to_leave or narrow.not_allowed_to_leave or narrow.authority_to_leave is False)
        and wide.wants_locker in (None, narrow.wants_locker)
        and wide.wants_accessible in (None, narrow.wants_accessible)
        and _away(wide, narrow)
    )


def _away(wide: When, narrow: When) -> bool:
    least, most = wide.away_longer_than_s, narrow.away_longer_than_s
    return least is None or (most is not None and least <= most)


def _any_of(wide: tuple[str, ...], narrow: tuple[str, ...]) -> bool:
    return not wide or (bool(narrow) and set(narrow) <= set(wide))


def _worth(wide: When, narrow: When) -> bool:
    if not wide.value_at_least:
        return True
    if not narrow.value_at_least:
        return False
    least, most = dict(wide.value_at_least), dict(narrow.value_at_least)
    return all(least.get(currency, 0) <= most.get(currency, 0) for currency in least.keys() | most.keys())
