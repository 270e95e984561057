"""The recipient at the screen: what they were let to, and what became of it, until they leave."""

from dataclasses import dataclass

from controller.domain.events.base import EvidenceDigest
from controller.domain.ids import CarrierId, CompartmentId, ParcelId, PickupId, SessionId, Word
from controller.domain.preferences import Channel, Preferences


@dataclass(frozen=True, slots=True)
class Taken:
    """A parcel that was collected in this visit: its recipient may still say something about it."""

    parcel: ParcelId
    compartment: CompartmentId
    carrier: CarrierId
    records: tuple[int, ...] = ()
    """Those that tell of the handoff, the last of them that it was collected."""


@dataclass(frozen=True, slots=True)
class KnownWishes:
    """What was known of the wishes of whoever a collected parcel was for, when it was collected."""

    parcel: ParcelId
    recipient: str | None
    """The carrier's opaque reference, under which they are kept for parcels to come."""
    preferences: Preferences | None = None
    stale: bool = False
    """Nobody has confirmed them for long."""
    bounced: tuple[Channel, ...] = ()
    """Ways that were found to reach nobody."""


@dataclass(frozen=True, slots=True)
class RecipientVisit:
    """From the code, the pass or the app's word that was accepted until the session ends; a restart ends it."""

    session: SessionId
    pickup: PickupId
    carrier: CarrierId
    means: str
    """What let them in last: `code`, `pass` or `app`."""
    parcels: tuple[ParcelId, ...]
    """What they may collect, in order, and what they have collected; stays as it was when they were let in last."""
    tried: tuple[ParcelId, ...] = ()
    """Those whose doors were unlocked in this visit, the latest last."""
    taken: tuple[Taken, ...] = ()
    wishes: KnownWishes | None = None
    """Once something was collected."""
    delegate: Word | None = None
    """Who they are where they are not the recipient, as the carrier calls them."""
    shown: tuple[EvidenceDigest, ...] = ()
    """What they gave besides: a PIN, a signature."""

    @property
    def given(self) -> tuple[str, ...]:
        """All of it by name, what let them in first."""
        return (self.means, *(each.name for each in self.shown))
