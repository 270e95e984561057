"""What a plan demands of the person at the screen, and what of it is still to come before a door opens."""

from collections.abc import Collection, Iterable

from controller.domain.rules import EITHER, Evidence, is_met

BEFORE_THE_DOOR = frozenset(
    {Evidence.CODE, Evidence.PASS, Evidence.APP, Evidence.PIN, Evidence.SIGNATURE, Evidence.ID_CHECKED}
)
"""What can be had while the door is still shut."""


AT_THE_DEPOSIT = (Evidence.PHOTO.value, Evidence.PARCEL_SENSOR.value)
"""What the driver's visit has to bring."""


def wanted(demanded: Iterable[str], obtained: Collection[str]) -> tuple[str, ...]:
    """What is demanded, can be had before the door, and is not there yet; each may name several, of which one will do.

    What may also be had later, such as `pin|photo`, keeps no door shut.
    """
    return tuple(
        each
        for each in demanded
        if not is_met(each, obtained) and all(name in BEFORE_THE_DOOR for name in each.split(EITHER))
    )


def missing(demanded: Iterable[str], obtained: Collection[str]) -> tuple[str, ...]:
    """What is demanded and was not obtained: the shortfall."""
    return tuple(each for each in demanded if not is_met(each, obtained))


def demanded_at_the_deposit(demanded: Iterable[str]) -> tuple[str, ...]:
    """What of it can be had only while the parcel is put in."""
    return tuple(each for each in demanded if all(name in AT_THE_DEPOSIT for name in each.split(EITHER)))
