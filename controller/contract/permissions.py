"""Who may command what, and for how long a command may live. The table that the contract's page prints."""

from collections.abc import Mapping
from dataclasses import dataclass

from controller.domain.commands import (
    AnswerForRecipient,
    ApplyConfig,
    AuthorisePickup,
    BlockCompartment,
    CancelParcel,
    Command,
    DeclareSite,
    DelegateCode,
    EmergencyUnlock,
    ExpectParcel,
    ExtendAll,
    ExtendParcel,
    IdentifyParcel,
    RecallParcel,
    RedirectParcel,
    ReissueCode,
    ReplayJournal,
    ReportNotification,
    RevokeCode,
    RevokeDriver,
    RotateKeys,
    RunDiagnostics,
    SettleDispute,
    SnapshotState,
    StartAudit,
    UnblockCompartment,
    UnlockAll,
    UnlockCompartment,
    UpsertDriver,
    UpsertPreferences,
)
from controller.domain.ids import Role

UNLOCK_S = 30
GUARDED_S = 10 * 60
ORDINARY_S = 14 * 24 * 3600
"""So that a locker that was away for a week still gets them."""
ASKED_S = 10 * 60
"""Nobody waits longer for an answer."""


@dataclass(frozen=True, slots=True)
class Permission:
    """What holds for one type of command."""

    roles: tuple[Role, ...]
    """Any one of them. A carrier reaches its own parcels only; which those are is the locker's to know."""
    lifetime_s: int
    """The most that may lie between `iat` and `exp`."""
    counted: bool = False
    """It needs a `ctr` above every earlier one of its key."""
    guarded: bool = False
    """It moves something or touches keys: with the clock unknown it must echo the nonce of the status."""


_CARRIER = (Role.CARRIER,)
_CARRIER_OR_SITE = (Role.CARRIER, Role.OPERATOR)
_SITE = (Role.OPERATOR, Role.TECHNICIAN)

PERMISSIONS: Mapping[type[Command], Permission] = {
    ExpectParcel: Permission(_CARRIER, ORDINARY_S),
    UpsertPreferences: Permission(_CARRIER, ORDINARY_S),
    CancelParcel: Permission(_CARRIER_OR_SITE, ORDINARY_S),
    IdentifyParcel: Permission(_CARRIER_OR_SITE, ORDINARY_S),
    ExtendParcel: Permission(_CARRIER_OR_SITE, ORDINARY_S),
    ExtendAll: Permission(_CARRIER_OR_SITE, ORDINARY_S),
    DeclareSite: Permission((Role.OPERATOR,), ORDINARY_S),
    RecallParcel: Permission(_CARRIER_OR_SITE, ORDINARY_S),
    RedirectParcel: Permission(_CARRIER, ORDINARY_S),
    ReportNotification: Permission(_CARRIER, ORDINARY_S),
    AnswerForRecipient: Permission(_CARRIER, ORDINARY_S),
    ReissueCode: Permission(_CARRIER_OR_SITE, GUARDED_S, guarded=True),
    AuthorisePickup: Permission(_CARRIER, GUARDED_S, guarded=True),
    DelegateCode: Permission(_CARRIER, GUARDED_S, guarded=True),
    UpsertDriver: Permission(_CARRIER_OR_SITE, ORDINARY_S),
    RevokeDriver: Permission(_CARRIER_OR_SITE, ORDINARY_S),
    UnlockCompartment: Permission(_SITE, UNLOCK_S, counted=True, guarded=True),
    EmergencyUnlock: Permission((Role.OPERATOR,), UNLOCK_S, counted=True, guarded=True),
    UnlockAll: Permission((Role.OPERATOR,), UNLOCK_S, counted=True, guarded=True),
    RotateKeys: Permission((Role.OPERATOR,), GUARDED_S, counted=True, guarded=True),
    RevokeCode: Permission(_CARRIER_OR_SITE, ORDINARY_S),
    SettleDispute: Permission(_SITE, ORDINARY_S),
    StartAudit: Permission(_SITE, GUARDED_S, guarded=True),
    ReplayJournal: Permission((Role.OPERATOR, Role.CUSTODIAN), ASKED_S),
    SnapshotState: Permission((Role.CARRIER, Role.OPERATOR, Role.CUSTODIAN), ASKED_S),
    RunDiagnostics: Permission(_SITE, ASKED_S),
    ApplyConfig: Permission((Role.OPERATOR,), ASKED_S),
    BlockCompartment: Permission(_SITE, GUARDED_S, guarded=True),
    UnblockCompartment: Permission(_SITE, GUARDED_S, guarded=True),
}
SENDERS = (Role.CARRIER, Role.CUSTODIAN, Role.OPERATOR, Role.TECHNICIAN)
"""The roles that may send commands at all."""
