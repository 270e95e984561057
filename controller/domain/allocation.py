"""Which compartment a parcel gets: the smallest that fits and that nobody and nothing may still be inside of."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from controller.domain.cycles import is_moving, may_open_late, stands_still, why_not_unlocked
from controller.domain.events import CompartmentSpec
from controller.domain.ids import CarrierId, Door, MonoMs, Size
from controller.domain.policy import Policy
from controller.domain.refusals import Refusal
from controller.domain.rules import NO_NEEDS, Needs
from controller.domain.shares import goes_to_recipient, leaves_room_for_recipients, of_carrier, reserved_for
from controller.domain.state import Compartment, Custody, Parcel, State, Status


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
    carrier: CarrierId | None = None
    to_recipient: bool = True
    """Somebody is to collect the parcel here."""


def wanted_for(parcel: Parcel, size: Size | None, mm: tuple[int, ...], needs: Needs) -> Wanted:
    """What is looked for on behalf of this parcel."""
    return Wanted(size, mm, needs, parcel.carrier, goes_to_recipient(parcel))


def allocate(state: State, wanted: Wanted, now: MonoMs, policy: Policy) -> Compartment | None:
    """The smallest free compartment that fits, suits, can be unlocked and is not kept for others; among equals one
    reserved for this carrier, then the first by name. None when there is none.
    """
    reserved = reserved_for(policy)
    free = (c for c in _open_to(state, wanted, now, policy) if not stands_still(state, c))
    return min(free, key=lambda c: (c.spec.size.rank, c.id not in reserved, c.id), default=None)


def why_none(state: State, wanted: Wanted, now: MonoMs, policy: Policy) -> Refusal:
    """Why `allocate` found none: all are taken, kept for others, or those that are free cannot be unlocked."""
    if not any(_will_do(c, wanted, policy) for c in _free(state, now, policy)):
        return Refusal.LOCKER_FULL if wanted.needs == NO_NEEDS else Refusal.SUITABLE_FULL
    open_to = _open_to(state, wanted, now, policy)
    if open_to:
        return why_not_unlocked(state, open_to[0]) or Refusal.WIRING_FAULT
    collected = replace(wanted, to_recipient=True)
    return Refusal.KEPT_FOR_RECIPIENTS if _open_to(state, collected, now, policy) else Refusal.CARRIER_FULL


def _open_to(state: State, wanted: Wanted, now: MonoMs, policy: Policy) -> list[Compartment]:
    """Those that are free, will do, and that the site's agreements let this parcel have."""
    free = of_carrier(_free(state, now, policy), wanted.carrier, state, policy)
    if not wanted.to_recipient:
        free = [c for c in free if leaves_room_for_recipients(c.spec.size, state, policy)]
    return [c for c in free if _will_do(c, wanted, policy)]


def _free(state: State, now: MonoMs, policy: Policy) -> list[Compartment]:
    return [c for c in state.compartments.values() if is_free(c, now, policy)]


def _will_do(compartment: Compartment, wanted: Wanted, policy: Policy) -> bool:
    spec = compartment.spec
    return suits(spec, wanted.needs) and fits(spec, wanted.size, wanted.mm, policy)


def smallest_fitting(specs: Iterable[CompartmentSpec], mm: tuple[int, ...], policy: Policy) -> Size | None:
    """The smallest size letter of this locker that takes a parcel of `mm`; None when nothing does."""
    return min((s.size for s in specs if fits(s, None, mm, policy)), key=lambda size: size.rank, default=None)
