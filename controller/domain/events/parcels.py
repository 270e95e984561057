"""Events of parcels as carriers speak of them, and plans for them."""

from dataclasses import dataclass

from controller.domain.events.base import Event
from controller.domain.gs1 import Element
from controller.domain.ids import CarrierId, CompartmentId, Grams, Handle, ParcelId, SessionId, Size, WallMs
from controller.domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelExpected(Event):
    """The carrier announced a parcel."""

    NAME = "parcel.expected"
    parcel: ParcelId
    label: str
    carrier: CarrierId
    recipient: str | None = None
    """The carrier's opaque reference."""
    size: Size | None = None
    mm: tuple[int, ...] = ()
    weight_g: Grams | None = None
    classes: tuple[str, ...] = ()
    value: Money | None = None
    signature: bool = False
    authority_to_leave: bool | None = None
    hold_s: int | None = None
    not_before: WallMs | None = None
    not_after: WallMs | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelCancelled(Event):
    """Before it was stored: forgotten. Once stored: no longer handed out, to be taken away."""

    NAME = "parcel.cancelled"
    parcel: ParcelId
    stored: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelExtended(Event):
    """The parcel waits longer."""

    NAME = "parcel.extended"
    parcel: ParcelId
    hold_until: WallMs


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderStep(Event):
    """One step of the plan for a parcel nobody fetched."""

    NAME = "ladder.step"
    parcel: ParcelId
    action: str
    compartment: CompartmentId | None = None


@dataclass(frozen=True, slots=True)
class Because:
    """Which rule made one choice of a plan."""

    choice: str
    """`pattern`, `evidence`, `compartment`, `hold` or `ladder`."""
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMade(Event):
    """How the scanned parcel will be handed over, and by which rules."""

    NAME = "plan.made"
    parcel: ParcelId
    session: SessionId
    pattern: str
    evidence: tuple[str, ...]
    hold_s: int
    size: Size
    rules: tuple[str, ...]
    ladder: str = ""
    because: tuple[Because, ...] = ()
    label: tuple[Element, ...] = ()
    """What the parcel's own label says besides its number."""
    preference: Handle | None = None
    """The recipient's preferences that it was made by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRefused(Event):
    """The scanned parcel is not taken in, and why; or the scan was no label: only kind and length are kept."""

    NAME = "plan.refused"
    reason: str
    session: SessionId | None = None
    parcel: ParcelId | None = None
    rules: tuple[str, ...] = ()
    pattern: str | None = None
    ladder: str | None = None
    """What is done now that the locker does not take it."""
    label: tuple[Element, ...] = ()
    missing: tuple[str, ...] = ()
    """Evidence that the plan demands and nobody can obtain here."""
    scanned_kind: str | None = None
    scanned_length: int | None = None
    count: int = 1
