"""Events of what recipients want: told, seen by the driver, grown old, forgotten."""

from dataclasses import dataclass, field

from controller.domain.events.base import PRIVATE, Event
from controller.domain.ids import CarrierId, DriverId, Handle, ParcelId, Role, SessionId, WallMs
from controller.domain.preferences import Preferences


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferenceChanged(Event):
    """A recipient's preferences, for one parcel or for those to come; they take the place of earlier ones.

    `handle` is fresh each time and for each parcel, so that the records of two parcels cannot be joined by it.
    """

    NAME = "preference.changed"
    handle: Handle
    carrier: CarrierId
    by: Role
    preferences: Preferences
    parcel: ParcelId | None = None
    recipient: str | None = None
    """The carrier's opaque reference, where the preferences are kept for parcels to come."""
    contact_jwe: str | None = None
    """Where the recipient can be reached in place of what bounced: sealed to the carrier, kept nowhere here."""
    note: str | None = field(default=None, metadata=PRIVATE)
    """What the recipient wrote to the driver."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferenceShown(Event):
    """The driver saw the plan, its reasons and the recipient's preferences, and said so."""

    NAME = "preference.shown"
    parcel: ParcelId
    session: SessionId
    driver: DriverId
    handle: Handle | None = None
    """None where nobody told the locker any preferences."""
    stale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferenceStale(Event):
    """Not confirmed for long: they still count, and drivers are told how old they are."""

    NAME = "preference.stale"
    handle: Handle
    confirmed_at: WallMs
    parcel: ParcelId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferencePurged(Event):
    """Too old to go by: forgotten, or never taken in."""

    NAME = "preference.purged"
    handle: Handle
    confirmed_at: WallMs
    parcel: ParcelId | None = None
