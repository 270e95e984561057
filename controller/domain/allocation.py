"""Which compartment a parcel gets: the smallest that fits and that nobody and nothing may still be inside of."""

from collections.abc import Iterable, Iterator

from controller.domain.cycles import is_moving, may_open_late, stands_still
from controller.domain.events import CompartmentSpec
from controller.domain.ids import Door, MonoMs, Size
from controller.domain.policy import Policy
from controller.domain.refusals import Refusal
from controller.domain.state import Compartment, Custody, State, Status


def status(compartment: Compartment, state: State) -> Status:
    """What this compartment is to the outside."""
    if compartment.quarantine is not None:
        return Status.QUARANTINED
    if compartment.blocked:
        return Status.OUT_OF_SERVICE
    if compartment.parcel is None:
        return Status.OUT_OF_SERVICE if stands_still(state, compartment) else Status.VACANT
    match state.parcels[compartment.parcel].custody:
        case Custody.DEPOSITING | Custody.EXPECTED:
            return Status.RESERVED
        case Custody.COLLECTING:
            return Status.COLLECTING
        case Custody.STORED:
            return Status.OCCUPIED


def is_free(compartment: Compartment, now: MonoMs, policy: Policy) -> bool:
    """Whether it may be given out: empty as far as anyone knows, shut, and nobody's to come back to."""
    if compartment.parcel is not None or compartment.quarantine is not None or compartment.blocked:
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


def allocate(state: State, size: Size | None, mm: tuple[int, ...], now: MonoMs, policy: Policy) -> Compartment | None:
    """The smallest free compartment that fits and can be unlocked, the first by name among equals; None when there is
    none.
    """
    free = (c for c in _free(state, size, mm, now, policy) if not stands_still(state, c))
    return min(free, key=_smallest_first, default=None)


def why_none(state: State, size: Size | None, mm: tuple[int, ...], now: MonoMs, policy: Policy) -> Refusal:
    """Why `allocate` found none: all are taken, or those that are free cannot be unlocked."""
    return Refusal.WIRING_FAULT if any(_free(state, size, mm, now, policy)) else Refusal.LOCKER_FULL


def _free(state: State, size: Size | None, mm: tuple[int, ...], now: MonoMs, policy: Policy) -> Iterator[Compartment]:
    return (c for c in state.compartments.values() if is_free(c, now, policy) and fits(c.spec, size, mm, policy))


def smallest_fitting(specs: Iterable[CompartmentSpec], mm: tuple[int, ...], policy: Policy) -> Size | None:
    """The smallest size letter of this locker that takes a parcel of `mm`; None when nothing does."""
    return min((s.size for s in specs if fits(s, None, mm, policy)), key=lambda size: size.rank, default=None)


def _smallest_first(compartment: Compartment) -> tuple[int, str]:
    return compartment.spec.size.rank, compartment.id
