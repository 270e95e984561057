"""What a plan has to know of the place: its compartments, what can be had from people there, what is the matter."""

from dataclasses import dataclass

from controller.domain.events import CompartmentSpec
from controller.domain.ids import WallMs

OBTAINED = ("badge", "code", "pass", "app", "pin", "door_cycle")
"""The evidence that can be had wherever there are doors and a carrier; the rest takes a part of its own."""
WITH_A_SCREEN = (*OBTAINED, "signature")
"""And where people can draw on the screen."""


LONG_AGO = WallMs(0)


@dataclass(frozen=True, slots=True)
class Site:
    """One locker where it stands."""

    compartments: tuple[CompartmentSpec, ...]
    conditions: tuple[str, ...] = ()
    """What holds there, such as `rural` or `weather`."""
    obtains: tuple[str, ...] = OBTAINED
    """Names of evidence that can be had there."""
    now: WallMs = LONG_AGO
    """By its clock: recipients are away until some day."""
