"""What a site has agreed with each of its carriers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from controller.domain.ids import CarrierId, CompartmentId, Size


@dataclass(frozen=True, slots=True)
class CarrierTerms:
    """The agreement with one carrier; a carrier without one has none of this."""

    carrier: CarrierId
    walk_up: bool = False
    """Its drivers may store parcels that it has not announced."""
    reserved: tuple[CompartmentId, ...] = ()
    """Compartments that only its parcels are put into."""
    share: Mapping[Size, int] = field(default_factory=dict)
    """Of the compartments of each size so many per cent, rounded down, are there for its parcels at any time."""


NO_TERMS = CarrierTerms(CarrierId(""))
