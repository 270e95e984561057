"""Which parcel is meant: each carrier names its own, so that two of them may have one of the same name."""

from collections.abc import Iterable

from controller.domain.ids import CarrierId, Jti, ParcelId, ParcelName


def parcel_id(carrier: CarrierId, name: str) -> ParcelId:
    """The parcel that this carrier calls `name`."""
    return ParcelId(f"{carrier}/{name}")


def name_of(id: ParcelId) -> ParcelName:
    """What its carrier calls it: all that anybody but the locker itself is told."""
    return ParcelName(id.rpartition("/")[2])


def carrier_of(id: ParcelId) -> CarrierId:
    """Whose it is."""
    return CarrierId(id.rpartition("/")[0])


def meant(said: ParcelId, by: CarrierId | None, known: Iterable[ParcelId]) -> ParcelId | None:
    """The parcel that a sender means by `name` or by `carrier/name`; None where it cannot be one of theirs.

    A carrier means its own. The site's people mean the one that bears the name; where two do, they have to say whose.
    """
    if "/" in said:
        return said if by in (None, carrier_of(said)) else None
    if by is not None:
        return parcel_id(by, said)
    named = [id for id in known if str(name_of(id)) == said]
    return named[0] if len(named) == 1 else None


def pass_key(carrier: CarrierId, jti: Jti) -> str:
    """What a pass is remembered under: each carrier numbers its own."""
    return f"{carrier}/{jti}"
