"""What a plan has to know of the place: its compartments, what can be had from people there, what is the matter."""

from dataclasses import dataclass

from controller.domain.events import CompartmentSpec

OBTAINED = ("badge", "code", "pass", "door_cycle")
"""The evidence that this software can obtain by itself."""


@dataclass(frozen=True, slots=True)
class Site:
    """One locker where it stands."""

    compartments: tuple[CompartmentSpec, ...]
    conditions: tuple[str, ...] = ()
    """What holds there, such as `rural` or `weather`."""
    obtains: tuple[str, ...] = OBTAINED
    """Names of evidence that can be had there."""
