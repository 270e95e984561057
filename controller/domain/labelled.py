"""What a parcel's own label adds to the carrier's word. Where the two differ, the stricter one counts."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from controller.domain.events import ParcelExpected
from controller.domain.gs1 import Element
from controller.domain.state import Parcel

Announced = TypeVar("Announced", Parcel, ParcelExpected)
DANGEROUS, TEMPERATURE = "dangerous", "temperature"
"""Classes that a label can put a parcel into."""
_TEMPERATURES = frozenset({"4330", "4331", "4332", "4333"})


def as_labelled(parcel: Announced, elements: Iterable[Element]) -> Announced:
    """The parcel as carrier and label together describe it."""
    says = {element.ai: element.value for element in elements}
    classes = list(parcel.classes)
    if says.get("4321") == "1":
        classes.append(DANGEROUS)
    if not _TEMPERATURES.isdisjoint(says):
        classes.append(TEMPERATURE)
    allowed = parcel.authority_to_leave
    if "4322" in says and allowed is not False:
        allowed = says["4322"] == "1"
    return replace(
        parcel,
        classes=tuple(dict.fromkeys(classes)),
        signature=parcel.signature or says.get("4323") == "1",
        authority_to_leave=allowed,
    )
