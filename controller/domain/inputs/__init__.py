"""Everything that can be put to the locker: by people, carriers, doors, boards and time.

Signatures are checked, codes turned into HMACs and labels parsed before an input is made; what the rules need to know
of the outside stands in it.
"""

from controller.domain.inputs.configuring import ConfigRejected, SettingsOffered, SettingsProblem
from controller.domain.inputs.drivers import (
    BadgeRejected,
    BadgeShown,
    ChecklistConfirmed,
    DepositDone,
    LabelScanned,
    MissingDeclared,
    OtherDoorAsked,
    PinBackedOff,
    PinTyped,
    PlanAcknowledged,
    RecipientQuestioned,
    ScanRejected,
    SessionEnded,
    TakeAwayAsked,
    TakeBackAsked,
)
from controller.domain.inputs.machine import (
    AckForged,
    BoardTrouble,
    ClockMoved,
    ContactRead,
    DamageFound,
    DeadlinePassed,
    DeviceKeyChange,
    DiskChecked,
    DoorsRead,
    HeatChecked,
    NotesAged,
    PowerChecked,
    Started,
    Stopping,
    UnlockEnded,
)
from controller.domain.inputs.orders import (
    CommandArrived,
    CommandRejected,
    CommandRepeated,
    EraseAsked,
    LocalCommand,
    LockOutAsked,
    LockoutEndAsked,
    Telling,
)
from controller.domain.inputs.recipients import (
    ClaimMade,
    CodeTyped,
    ContactGiven,
    FreshCode,
    FreshPin,
    FreshPinTyped,
    KeptFile,
    NextDoorAsked,
    PassRejected,
    PassShown,
    PinAsked,
    ReopenAsked,
    SignatureGiven,
    SomeoneInsideRefused,
    SomeoneInsideSaid,
    TriesBackedOff,
    WishesConfirmed,
)
from controller.domain.inputs.technicians import (
    AuditDoorAsked,
    AuditEndAsked,
    AuditSeen,
    AuditStartAsked,
    OpenAllAsked,
    QuarantineAsked,
    RestoreAsked,
    TechnicianProven,
    TechnicianShown,
    TechnicianUnlockAsked,
)

__all__ = [
    "AckForged",
    "AtCabinet",
    "AtScreen",
    "AuditDoorAsked",
    "AuditEndAsked",
    "AuditSeen",
    "AuditStartAsked",
    "BadgeRejected",
    "BadgeShown",
    "BoardTrouble",
    "ByDriver",
    "ChecklistConfirmed",
    "ClaimMade",
    "ClockMoved",
    "CodeTyped",
    "CommandArrived",
    "CommandRejected",
    "CommandRepeated",
    "ConfigRejected",
    "ContactGiven",
    "ContactRead",
    "Counted",
    "DamageFound",
    "DeadlinePassed",
    "DepositDone",
    "DeviceKeyChange",
    "DiskChecked",
    "DoorsRead",
    "EraseAsked",
    "FreshCode",
    "FreshPin",
    "FreshPinTyped",
    "FromAfar",
    "HeatChecked",
    "Input",
    "KeptFile",
    "LabelScanned",
    "LocalCommand",
    "LockOutAsked",
    "LockoutEndAsked",
    "MissingDeclared",
    "NextDoorAsked",
    "NotesAged",
    "OfTheMachine",
    "OpenAllAsked",
    "OtherDoorAsked",
    "PassRejected",
    "PassShown",
    "PinAsked",
    "PinBackedOff",
    "PinTyped",
    "PlanAcknowledged",
    "PowerChecked",
    "QuarantineAsked",
    "RecipientQuestioned",
    "ReopenAsked",
    "RestoreAsked",
    "ScanRejected",
    "SessionEnded",
    "SettingsOffered",
    "SettingsProblem",
    "SignatureGiven",
    "SomeoneInsideRefused",
    "SomeoneInsideSaid",
    "Started",
    "Stopping",
    "TakeAwayAsked",
    "TakeBackAsked",
    "TechnicianProven",
    "TechnicianShown",
    "TechnicianUnlockAsked",
    "Telling",
    "TriesBackedOff",
    "UnlockEnded",
    "WishesConfirmed",
]

Counted = (
    PassRejected
    | BadgeRejected
    | PinBackedOff
    | TriesBackedOff
    | ScanRejected
    | CommandRejected
    | CommandRepeated
    | ConfigRejected
    | SomeoneInsideRefused
)
"""What anyone outside can cause without end: recorded within a budget, the rest summed up in `count`."""

AtScreen = (
    CodeTyped
    | PassShown
    | PassRejected
    | TriesBackedOff
    | ReopenAsked
    | NextDoorAsked
    | ClaimMade
    | PinAsked
    | FreshPinTyped
    | SignatureGiven
    | WishesConfirmed
    | ContactGiven
    | SomeoneInsideSaid
    | SomeoneInsideRefused
)
"""What a recipient puts to the locker."""

ByDriver = (
    BadgeShown
    | PinTyped
    | PinBackedOff
    | BadgeRejected
    | ChecklistConfirmed
    | LabelScanned
    | ScanRejected
    | PlanAcknowledged
    | RecipientQuestioned
    | OtherDoorAsked
    | DepositDone
    | TakeBackAsked
    | TakeAwayAsked
    | MissingDeclared
    | SessionEnded
)
"""What a driver puts to the locker."""

AtCabinet = (
    TechnicianProven
    | TechnicianUnlockAsked
    | OpenAllAsked
    | QuarantineAsked
    | RestoreAsked
    | AuditStartAsked
    | AuditDoorAsked
    | AuditSeen
    | AuditEndAsked
)
"""What a technician puts to the locker."""

FromAfar = (
    CommandArrived
    | CommandRejected
    | CommandRepeated
    | SettingsOffered
    | ConfigRejected
    | LocalCommand
    | EraseAsked
    | LockOutAsked
    | LockoutEndAsked
)
"""What is put to the locker by those who do not stand before it."""

OfTheMachine = (
    Started
    | Stopping
    | DoorsRead
    | ContactRead
    | UnlockEnded
    | BoardTrouble
    | DeadlinePassed
    | DiskChecked
    | NotesAged
    | PowerChecked
    | HeatChecked
    | AckForged
    | DamageFound
    | ClockMoved
)
"""What the machine itself tells."""

Input = AtScreen | ByDriver | AtCabinet | FromAfar | OfTheMachine
