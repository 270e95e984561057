"""What a handoff leaves behind as evidence, and what is missing of that which its plan demands."""

from controller.domain import events as ev
from controller.domain.demands import AT_THE_DEPOSIT, demanded_at_the_deposit, missing
from controller.domain.rules import Evidence
from controller.domain.state import Compartment, Parcel


def of_deposit(parcel: Parcel, compartment: Compartment) -> ev.Evidence:
    """Of a parcel that was put into this compartment."""
    obtained = (*parcel.proof, "door_cycle", *_sensed(compartment))
    demanded = demanded_at_the_deposit(parcel.evidence)
    return ev.Evidence(obtained, missing(demanded, obtained), demanded=demanded)


def of_pickup(parcel: Parcel) -> ev.Evidence:
    """Of a parcel whose door has closed behind its recipient. What was to be had at the deposit is missing there."""
    obtained = (parcel.means or Evidence.CODE.value, *(each.name for each in parcel.shown), Evidence.DOOR_CYCLE.value)
    demanded = tuple(each for each in parcel.evidence if each not in demanded_at_the_deposit(parcel.evidence))
    digests = tuple(each for each in parcel.shown if each.sha256 is not None)
    return ev.Evidence(obtained, missing(demanded, (*obtained, *AT_THE_DEPOSIT)), digests, demanded)


def _sensed(compartment: Compartment) -> tuple[str, ...]:
    return (Evidence.PARCEL_SENSOR.value,) if compartment.sensed else ()
