"""The words for things that have identity, and for amounts that have units."""

from enum import StrEnum
from typing import NewType

CompartmentId = NewType("CompartmentId", str)
"""Printed on the door, such as `A01`."""
ParcelId = NewType("ParcelId", str)
"""`carrier/name`: one parcel here, by its carrier's own name for it, `[A-Za-z0-9_-]{1,64}`. See `naming`."""
ParcelName = NewType("ParcelName", str)
"""A carrier's own name for one of its parcels; another carrier may have one of the same name."""
PickupId = NewType("PickupId", str)
"""One code opens one pickup; it bears the id of its first parcel."""
CarrierId = NewType("CarrierId", str)
DriverId = NewType("DriverId", str)
"""The carrier's pseudonym for a driver."""
DriverNumber = NewType("DriverNumber", str)
"""What a driver types to say who they are: 3 to 12 digits. Private: never in a record."""
PinVerifier = NewType("PinVerifier", str)
"""`scrypt-16384-8-5.SALT.HASH` of a PIN, both base64url: 16 and 32 bytes. Private: never in a record."""
SessionId = NewType("SessionId", str)
"""One visit at the screen. Public: it is not the visitor's cookie."""
Jti = NewType("Jti", str)
"""The unique id of one signed command, pass or badge."""
FileId = NewType("FileId", str)
"""SHA-256 of an encrypted file's bytes, lower-case hex: what it is called on the disk."""
KeyId = NewType("KeyId", str)
KeyPoint = NewType("KeyPoint", str)
"""A public key itself: the 32 bytes of a point on its curve, base64url without padding."""
Handle = NewType("Handle", str)
"""A name for a recipient's preferences, random and fresh for each parcel: 32 hex digits."""
LockerId = NewType("LockerId", str)
Reference = NewType("Reference", str)
"""What somebody asks about: a parcel's name or id, a carrier's reference for a recipient, or a driver's name."""
NoticeId = NewType("NoticeId", str)
"""One thing that a recipient is to be told: `n` and the number of the record that first asked for it."""
Note = NewType("Note", str)
"""A line that a person wrote, of at most 140 characters."""
Language = NewType("Language", str)
"""BCP 47, such as `de` or `pt-BR`."""
Word = NewType("Word", str)
"""A reason for machines, such as `no_such_number`; never anything a person wrote."""

CodeHmac = NewType("CodeHmac", str)
"""HMAC-SHA-256 of a typed code under the device's code key, lower-case hex. Private: never in a record."""

MinorUnits = NewType("MinorUnits", int)
"""Money in whole units of the smallest coin of its currency, from 0."""
Grams = NewType("Grams", int)
"""What a parcel weighs, from 1 to 1,000,000."""
Currency = NewType("Currency", str)
"""ISO 4217, such as `EUR`."""

WallMs = NewType("WallMs", int)
"""Milliseconds since the Unix epoch, UTC, by the locker's clock, which never runs backwards."""
MonoMs = NewType("MonoMs", int)
"""Milliseconds this stream has been powered: it stands still while the locker is off and no clock step moves it."""

Counter = NewType("Counter", int)
"""A command counter of one key; only ever goes up."""

NEVER = MonoMs(0)
"""Before anything on this stream."""
MINUTE_MS = 60_000
HOUR_MS = 3_600_000


class Size(StrEnum):
    """Compartment sizes by letter; each fits what the smaller ones fit."""

    S = "S"
    M = "M"
    L = "L"
    XL = "XL"

    @property
    def rank(self) -> int:
        """0 for the smallest."""
        return list(Size).index(self)


class Door(StrEnum):
    """What the sensor says, never what the lock was told."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class ClockQuality(StrEnum):
    """How far the wall clock can be trusted."""

    NTP = "ntp"
    HOLDOVER = "holdover"
    UNKNOWN = "unknown"


class Purpose(StrEnum):
    """Why a door is unlocked."""

    DEPOSIT = "deposit"
    TAKE_BACK = "take_back"
    PICKUP = "pickup"
    REOPEN = "reopen"
    TAKE_AWAY = "take_away"
    """A driver takes back what nobody is to collect any more."""
    SERVICE = "service"
    """An operator or technician, remote, at the terminal or at the screen."""
    AUDIT = "audit"
    """To look inside and take stock."""
    ALL = "all"
    """Every door in turn."""
    EMERGENCY = "emergency"
    """A person is shut in, as an operator knows."""
    SOMEONE_INSIDE = "someone_inside"
    """A person may be shut in, as somebody at the screen says."""


class Role(StrEnum):
    """Who acts."""

    RECIPIENT = "recipient"
    DRIVER = "driver"
    TECHNICIAN = "technician"
    OPERATOR = "operator"
    CARRIER = "carrier"
    CUSTODIAN = "custodian"
    LOCKER = "locker"
    """The locker itself, when a deadline passed or the power came back."""
