"""What a site has agreed with each of its carriers."""

from dataclasses import dataclass

from controller.domain.ids import CarrierId


@dataclass(frozen=True, slots=True)
class CarrierTerms:
    """The agreement with one carrier; a carrier without one has none of this."""

    carrier: CarrierId
    walk_up: bool = False
    """Its drivers may store parcels that it has not announced."""


NO_TERMS = CarrierTerms(CarrierId(""))
