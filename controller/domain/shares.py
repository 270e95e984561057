"""Whom a compartment may be given to: what is reserved for a carrier, promised to it, or kept for recipients."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from controller.domain.carrier_terms import CarrierTerms
from controller.domain.ids import CarrierId, CompartmentId, Size
from controller.domain.policy import Policy
from controller.domain.state import Compartment, Parcel, State
from controller.domain.take_away_list import RETURN


def goes_to_recipient(parcel: Parcel) -> bool:
    """Whether its carrier has said that somebody is to collect it here."""
    return RETURN not in parcel.classes and not parcel.unannounced


def promised(terms: CarrierTerms, size: Size, total: int) -> int:
    """How many of `total` compartments of a size this carrier can count on."""
    return total * terms.share.get(size, 0) // 100


def kept_for_recipients(total: int, policy: Policy) -> int:
    """How many of `total` compartments of a size are for parcels that somebody collects here."""
    return -(-total * policy.recipients_share // 100)


def reserved_for(policy: Policy) -> dict[CompartmentId, CarrierId]:
    """Compartments that only one carrier uses."""
    return {id: terms.carrier for terms in policy.carriers for id in terms.reserved}


def of_carrier(
    free: Sequence[Compartment], carrier: CarrierId | None, state: State, policy: Policy
) -> list[Compartment]:
    """Those of all `free` ones that this carrier's next parcel may have, beside what others can count on."""
    reserved = reserved_for(policy)
    unshared = {size for size in Size if not _leaves_enough(size, free, carrier, state, policy)}
    return [c for c in free if reserved.get(c.id, carrier) == carrier and c.spec.size not in unshared]


def leaves_room_for_recipients(size: Size, state: State, policy: Policy) -> bool:
    """Whether one more compartment of this size may hold what nobody collects here."""
    if not policy.recipients_share:
        return True
    same = [c for c in state.compartments.values() if c.spec.size is size]
    others = sum(not goes_to_recipient(parcel) for parcel in _held(same, state))
    return others < len(same) - kept_for_recipients(len(same), policy)


def _leaves_enough(
    size: Size, free: Sequence[Compartment], carrier: CarrierId | None, state: State, policy: Policy
) -> bool:
    promising = [terms for terms in policy.carriers if terms.share.get(size)]
    if not promising:
        return True
    same = [c for c in state.compartments.values() if c.spec.size is size]
    holds = Counter(parcel.carrier for parcel in _held(same, state))
    owed = {terms.carrier: promised(terms, size, len(same)) - holds[terms.carrier] for terms in promising}
    if carrier is not None and owed.pop(carrier, 0) > 0:
        return True
    left = sum(c.spec.size is size for c in free) - 1
    return left >= sum(each for each in owed.values() if each > 0)


def _held(compartments: Iterable[Compartment], state: State) -> Iterator[Parcel]:
    return (state.parcels[c.parcel] for c in compartments if c.parcel is not None)
