"""What every event is made of."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from controller.domain.ids import CompartmentId, Size


def private(default: Any = None) -> Any:
    """A field kept in the event's private part; `default` stands for a part that was erased."""
    return field(default=default, metadata={"private": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """The base of all events; `NAME` is `<area>.<what>`."""

    NAME: ClassVar[str]
    PROVEN: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class CompartmentSpec:
    """One compartment as the configuration describes it to the domain."""

    id: CompartmentId
    size: Size
    mm: tuple[int, ...] = ()
    """Inner width, height and depth in millimetres; empty where only the letter is known."""
    handle_mm: int | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was obtained at a handoff, by name, such as `code` or `door_cycle`, and what the plan asked for besides."""

    obtained: tuple[str, ...]
    shortfall: tuple[str, ...] = ()
