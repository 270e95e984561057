"""Events of parcels as carriers speak of them, and plans for them."""

from dataclasses import dataclass, field

from controller.domain.events.base import PRIVATE, Event
from controller.domain.gs1 import Element
from controller.domain.ids import (
    CarrierId,
    CodeHmac,
    CompartmentId,
    Grams,
    Handle,
    LockerId,
    ParcelId,
    SessionId,
    Size,
    WallMs,
)
from controller.domain.money import Money
from controller.domain.notices import NoticeKind


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
    second_hmac: CodeHmac | None = field(default=None, metadata=PRIVATE)
    """Of the digits that its recipient types after a shorter code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelCancelled(Event):
    """Before it was stored: forgotten. Once stored: no longer handed out, to be taken away."""

    NAME = "parcel.cancelled"
    parcel: ParcelId
    stored: bool
    reason: str | None = None
    """`recalled`, `redirected`, `answered` by its recipient, `refused`, by what is known of it now, or `undelivered`:
    it never came. None where its carrier took its word back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelExtended(Event):
    """The parcel waits longer."""

    NAME = "parcel.extended"
    parcel: ParcelId
    hold_until: WallMs
    reason: str | None = None
    """`answered` by its recipient, `site` for all that are here, or a condition of the site such as `weather`; None
    where its carrier or an operator named the parcel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelHoldStarted(Event):
    """The carrier knows that it is here, or has been waited for long enough: from here on its time runs."""

    NAME = "parcel.hold_started"
    parcel: ParcelId
    hold_until: WallMs


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelRedirected(Event):
    """The parcel is to go elsewhere: to another locker, or where its carrier knows."""

    NAME = "parcel.redirected"
    parcel: ParcelId
    locker: LockerId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderStep(Event):
    """One step of the ladder of a parcel that waits for somebody or was not taken in."""

    NAME = "ladder.step"
    parcel: ParcelId
    action: str
    compartment: CompartmentId | None = None
    ladder: str = ""
    step: int | None = None
    """Its place on the ladder, from 0; None for what something else made necessary."""
    of_hold: bool = False
    """Its time was counted from the end of the hold."""
    tells: NoticeKind | None = None
    """What its recipient is to be told of it, as soon as the carrier hears."""


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
    bring_after: WallMs | None = None
    """When its recipient, who is away, is back."""
    scanned_kind: str | None = None
    scanned_length: int | None = None
    count: int = 1
