"""Everything that can happen, in the past tense. One class is one record type `locker.<area>.<what>.v1`.

A field marked `private` never reaches the record: it is stored beside it, is never published, and can be erased.
`PROVEN` events move custody; their records carry the device's signature.
"""

from controller.domain.events.audits import AuditFinished, AuditLooked, AuditStarted
from controller.domain.events.base import PRIVATE, CompartmentSpec, Event, Evidence
from controller.domain.events.codes import (
    CodeAccepted,
    CodeBackedOff,
    CodeIssued,
    CodeJoined,
    CodeRefused,
    CodeReissued,
    CodeRevoked,
    PassAccepted,
    PassRefused,
)
from controller.domain.events.custody import (
    CustodyCollected,
    CustodyCollecting,
    CustodyDepositing,
    CustodyReleased,
    CustodyRemoved,
    CustodyStored,
    CustodyStray,
)
from controller.domain.events.doors import (
    WIRING_FAULT,
    CompartmentOutOfService,
    CompartmentQuarantined,
    CompartmentRestored,
    CompartmentSensed,
    DoorClosed,
    DoorDidNotOpen,
    DoorForced,
    DoorLeftOpen,
    DoorOpened,
    DoorSeen,
    DoorSensorUnknown,
    DoorWiringFault,
    UnlockAuthorised,
    UnlockReported,
)
from controller.domain.events.health import (
    BoardFaulted,
    BoardRecovered,
    DiskLow,
    DiskRecovered,
    Overheat,
    StorageError,
    TemperatureRecovered,
    Undervoltage,
    VoltageRecovered,
)
from controller.domain.events.machine import (
    BootStarted,
    CleanStop,
    ClockStepped,
    ClockSynced,
    ConfigApplied,
    PrivateErased,
    StreamStarted,
    UncleanStop,
)
from controller.domain.events.notifications import (
    NotificationDelivered,
    NotificationExhausted,
    NotificationFailed,
    NotificationRequested,
)
from controller.domain.events.orders import (
    CommandExecuted,
    CommandReceived,
    CommandRefused,
    SecurityBadSignature,
    SecurityFork,
    SecurityGuessing,
    SecurityReplay,
)
from controller.domain.events.parcels import (
    Because,
    LadderStep,
    ParcelCancelled,
    ParcelExpected,
    ParcelExtended,
    PlanMade,
    PlanRefused,
)
from controller.domain.events.people import DriverRefused, DriverSignedIn, DriverSignedOut, DriverSummary
from controller.domain.events.preferences import (
    PreferenceChanged,
    PreferencePurged,
    PreferenceShown,
    PreferenceStale,
)
from controller.domain.events.recipients import RecipientAnswered, RecipientLeft
from controller.domain.events.removal import CustodyKept, CustodyRemoving, CustodyReturned, CustodyTakenOut
from controller.domain.events.service import (
    LockedOut,
    LockoutEnded,
    LockoutLapsed,
    SomeoneInside,
    UnlockAllAsked,
    UnlockSeriesEnded,
    UnlockSeriesStarted,
)
from controller.domain.events.staff import DriverRevoked, DriverUpserted
from controller.domain.events.technicians import TechnicianSignedIn, TechnicianSignedOut

__all__ = [
    "EVENTS",
    "PRIVATE",
    "WIRING_FAULT",
    "AuditFinished",
    "AuditLooked",
    "AuditStarted",
    "Because",
    "BoardFaulted",
    "BoardRecovered",
    "BootStarted",
    "CleanStop",
    "ClockStepped",
    "ClockSynced",
    "CodeAccepted",
    "CodeBackedOff",
    "CodeIssued",
    "CodeJoined",
    "CodeRefused",
    "CodeReissued",
    "CodeRevoked",
    "CommandExecuted",
    "CommandReceived",
    "CommandRefused",
    "CompartmentOutOfService",
    "CompartmentQuarantined",
    "CompartmentRestored",
    "CompartmentSensed",
    "CompartmentSpec",
    "ConfigApplied",
    "CustodyCollected",
    "CustodyCollecting",
    "CustodyDepositing",
    "CustodyKept",
    "CustodyReleased",
    "CustodyRemoved",
    "CustodyRemoving",
    "CustodyReturned",
    "CustodyStored",
    "CustodyStray",
    "CustodyTakenOut",
    "DiskLow",
    "DiskRecovered",
    "DoorClosed",
    "DoorDidNotOpen",
    "DoorForced",
    "DoorLeftOpen",
    "DoorOpened",
    "DoorSeen",
    "DoorSensorUnknown",
    "DoorWiringFault",
    "DriverRefused",
    "DriverRevoked",
    "DriverSignedIn",
    "DriverSignedOut",
    "DriverSummary",
    "DriverUpserted",
    "Event",
    "Evidence",
    "LadderStep",
    "LockedOut",
    "LockoutEnded",
    "LockoutLapsed",
    "NotificationDelivered",
    "NotificationExhausted",
    "NotificationFailed",
    "NotificationRequested",
    "Overheat",
    "ParcelCancelled",
    "ParcelExpected",
    "ParcelExtended",
    "PassAccepted",
    "PassRefused",
    "PlanMade",
    "PlanRefused",
    "PreferenceChanged",
    "PreferencePurged",
    "PreferenceShown",
    "PreferenceStale",
    "PrivateErased",
    "RecipientAnswered",
    "RecipientLeft",
    "SecurityBadSignature",
    "SecurityFork",
    "SecurityGuessing",
    "SecurityReplay",
    "SomeoneInside",
    "StorageError",
    "StreamStarted",
    "TechnicianSignedIn",
    "TechnicianSignedOut",
    "TemperatureRecovered",
    "UncleanStop",
    "Undervoltage",
    "UnlockAllAsked",
    "UnlockAuthorised",
    "UnlockReported",
    "UnlockSeriesEnded",
    "UnlockSeriesStarted",
    "VoltageRecovered",
]

EVENTS: dict[str, type[Event]] = {
    cls.NAME: cls
    for cls in list(globals().values())
    if isinstance(cls, type) and issubclass(cls, Event) and cls is not Event
}
"""Every event class by its name."""
