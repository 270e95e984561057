"""Which compartment a parcel gets: the smallest that fits and that nobody and nothing may still be inside of."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from controller.domain.cycles import is_moving, may_open_late, stands_still, why_not_unlocked
from controller.domain.events import CompartmentSpec
from controller.domain.ids import Door, MonoMs, Size
from controller.domain.policy import Policy
from controller.domain.refusals import Refusal
from controller.domain.rules import NO_NEEDS, Needs
from controller.domain.state import Compartment, Custody, State, Status


def status(compartment: Compartment, state: State) -> Status:
    """What this compartment is to the outside."""
    if compartment.quarantine is not None:
        return Status.QUARANTINED
    if compartment.blocked:
        return Status.OUT_OF_SERVICE
    if compartment.left_behind:
        return Status.OCCUPIED
    if compartment.parcel is None:
        return Status.OUT_OF_SERVICE if stands_still(state, compartment) else Status.VACANT
    match state.parcels[compartment.parcel].custody:
        case Custody.DEPOSITING | Custody.EXPECTED:
            return Status.RESERVED
        case Custody.COLLECTING:
            return Status.COLLECTING
        case Custody.STORED | Custody.REMOVING:
            return Status.OCCUPIED


def is_free(compartment: Compartment, now: MonoMs, policy: Policy) -> bool:
    """Whether it may be given out: empty as far as anyone knows, shut, and nobody's to come back to."""
    if compartment.parcel is not None or compartment.quarantine is not None or compartment.blocked:
        return False
    if compartment.left_behind:
        return False
    if compartment.door is not Door.CLOSED or compartment.rests_until > now or is_moving(compartment):
        return False
    return compartment.cycle is None or not may_open_late(compartment.cycle, now, policy)


def fits(spec: CompartmentSpec, size: Size | None, mm: tuple[int, ...], policy: Policy) -> bool:
    """Whether a parcel of that size letter, or of those millimetres turned any way, goes in."""
    if mm:
        inside = spec.mm or policy.sizes_mm[spec.size]
        return all(outer <= inner for outer, inner in zip(sorted(mm), sorted(inside), strict=True))
    return size is None or spec.size.rank >= size.rank


def suits(spec: CompartmentSpec, needs: Needs) -> bool:
    """Whether the compartment is what a plan asks for; a handle that nobody measured reaches no height."""
    if not set(needs.traits) <= set(spec.traits):
        return False
    if needs.handle_from_mm is None and needs.handle_to_mm is None:
        return True
    least, most = needs.handle_from_mm, needs.handle_to_mm
    height = spec.handle_mm
    return height is not None and (least is None or least <= height) and (most is None or height <= most)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a compartment is looked for: a size by letter or in millimetres, and what the plan needs besides."""

    size: Size | None = None
    mm: tuple[int, ...] = ()
    needs: Needs = NO_NEEDS


def allocate(state: State, wanted: Wanted, now: MonoMs, policy: Policy) -> Compartment | None:
    """The smallest free compartment that fits, suits and can be unlocked, the first by name among equals; None when
    there is none.
    """
    free = (c for c in _free(state, wanted, now, policy) if not stands_still(state, c))
    return min(free, key=_smallest_first, default=None)


def why_none(state: State, wanted: Wanted, now: MonoMs, policy: Policy) -> Refusal:
    """Why `allocate` found none: all are taken, or those that are free cannot be unlocked."""
    free = next(_free(state, wanted, now, policy), None)
    if free is not None:
        return why_not_unlocked(state, free) or Refusal.WIRING_FAULT
    return Refusal.LOCKER_FULL if wanted.needs == NO_NEEDS else Refusal.SUITABLE_FULL


def _free(state: State, wanted: Wanted, now: MonoMs, policy: Policy) -> Iterator[Compartment]:
    free = (c for c in state.compartments.values() if is_free(c, now, policy) and suits(c.spec, wanted.needs))
    return (c for c in free if fits(c.spec, wanted.size, wanted.mm, policy))


def smallest_fitting(specs: Iterable[CompartmentSpec], mm: tuple[int, ...], policy: Policy) -> Size | None:
    """The smallest size letter of this locker that takes a parcel of `mm`; None when nothing does."""
    return min((s.size for s in specs if fits(s, None, mm, policy)), key=lambda size: size.rank, default=None)


def _smallest_first(compartment: Compartment) -> tuple[int, str]:
    return compartment.spec.size.rank, compartment.id
