"""What a parcel's own label adds to the carrier's word. Where the two differ, the stricter one counts."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from controller.domain.events import ParcelExpected
from controller.domain.gs1 import Element
from controller.domain.ids import WallMs
from controller.domain.site_time import Offset, first_moment, last_moment
from controller.domain.state import Parcel

Announced = TypeVar("Announced", Parcel, ParcelExpected)
DANGEROUS, TEMPERATURE = "dangerous", "temperature"
"""Classes that a label can put a parcel into."""
_TEMPERATURES = frozenset({"4330", "4331", "4332", "4333"})


def as_labelled(parcel: Announced, elements: Iterable[Element], offsets: Sequence[Offset]) -> Announced:
    """The parcel as carrier and label together describe it. `offsets`: the site's time, in which labels are written."""
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
        not_before=_latest(parcel.not_before, says.get("4324"), offsets),
        not_after=_earliest(parcel.not_after, says.get("4325"), offsets),
    )


def _latest(announced: WallMs | None, labelled: str | None, offsets: Sequence[Offset]) -> WallMs | None:
    both = (announced, None if labelled is None else first_moment(labelled, offsets))
    return max((each for each in both if each is not None), default=None)


def _earliest(announced: WallMs | None, labelled: str | None, offsets: Sequence[Offset]) -> WallMs | None:
    both = (announced, None if labelled is None else last_moment(labelled, offsets))
    return min((each for each in both if each is not None), default=None)
