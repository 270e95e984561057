"""What every event is made of."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from controller.domain.ids import CompartmentId, Size

PRIVATE = MappingProxyType({"private": True})
"""Field metadata: kept in the event's private part. Such a field is None once that part was erased."""


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
    """Above the floor."""
    supply: str = ""
    """The power supply that its lock hangs on."""
    traits: tuple[str, ...] = ()
    """What else rules may ask for, such as `cool`."""


@dataclass(frozen=True, slots=True)
class EvidenceDigest:
    """One thing that was given; what left a picture behind bears the salted SHA-256 of it."""

    name: str
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was obtained at a handoff, by name, such as `code` or `door_cycle`, and what the plan asked for besides."""

    obtained: tuple[str, ...]
    shortfall: tuple[str, ...] = ()
    digests: tuple[EvidenceDigest, ...] = ()
    """Of what was obtained and can be looked at as long as it is kept."""
    demanded: tuple[str, ...] = ()
    """What the plan asked for here; each may name several, `|` between them, of which one is enough."""
