"""How this parcel must be handed over, and by which rule: `plan(parcel, …)` is pure and explains itself."""

from dataclasses import dataclass

from controller.domain.allocation import fits, smallest_fitting
from controller.domain.ids import Size
from controller.domain.policy import Policy, Rule
from controller.domain.refusals import Refusal
from controller.domain.state import Parcel, State

DEFAULT_SIZE = Size.M


@dataclass(frozen=True, slots=True)
class Plan:
    """`refuse` is None for a plan that can be carried out; `rules` are the ids that made it, most decisive first."""

    pattern: str
    rules: tuple[str, ...]
    size: Size = DEFAULT_SIZE
    evidence: tuple[str, ...] = ()
    hold_s: int = 0
    refuse: Refusal | None = None


def make_plan(parcel: Parcel, state: State, policy: Policy) -> Plan:
    """The plan for a parcel that stands before the locker now."""
    matching = [rule for rule in policy.rules if not rule.classes or set(rule.classes) & set(parcel.classes)]
    for rule in matching:
        if rule.refuse is not None:
            return Plan("refuse", (rule.id,), refuse=rule.refuse)
    size = _size(parcel, state, policy)
    if size is None:
        return Plan("refuse", ("size",), refuse=Refusal.TOO_BIG)
    evidence = tuple(dict.fromkeys(name for rule in matching for name in rule.evidence))
    return Plan("locker", tuple(rule.id for rule in matching), size, evidence, _hold_s(parcel, matching, policy))


def _size(parcel: Parcel, state: State, policy: Policy) -> Size | None:
    specs = [compartment.spec for compartment in state.compartments.values()]
    if parcel.mm:
        return smallest_fitting(specs, parcel.mm, policy)
    if parcel.size is not None:
        return parcel.size if any(fits(spec, parcel.size, (), policy) for spec in specs) else None
    largest = max((spec.size for spec in specs), key=lambda size: size.rank, default=None)
    return largest if largest is not None and largest.rank < DEFAULT_SIZE.rank else DEFAULT_SIZE


def _hold_s(parcel: Parcel, matching: list[Rule], policy: Policy) -> int:
    asked = parcel.hold_s
    if asked is None:
        asked = next((rule.hold_s for rule in matching if rule.hold_s is not None), policy.default_hold_s)
    return min(max(asked, policy.shortest_hold_s), policy.longest_hold_s)
