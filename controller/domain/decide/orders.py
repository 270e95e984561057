"""What carriers and operators command: checked against what this locker knows, then carried out or lawfully refused."""

from dataclasses import dataclass, field, replace
from typing import assert_never

from controller.domain import events as ev
from controller.domain.answers import CommandAnswer
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
from controller.domain.decide import configuring, staffing
from controller.domain.decide.addressing import addressed
from controller.domain.decide.answering import answer
from controller.domain.decide.app_pickup import authorise_pickup, what_came_of_it
from controller.domain.decide.asking import ask
from controller.domain.decide.auditing import start_from_afar
from controller.domain.decide.claiming import settle_dispute
from controller.domain.decide.declaring import declare
from controller.domain.decide.delegating import delegate
from controller.domain.decide.draft import Decision, Draft
from controller.domain.decide.extending import extend, extend_all, wait_for_return
from controller.domain.decide.notifying import report, request
from controller.domain.decide.preferring import change_for, expected_with, keep, may_be_confirmed_at
from controller.domain.decide.revoking import revoke_code
from controller.domain.decide.rotating import rotate
from controller.domain.decide.seconds import reissued_lately
from controller.domain.decide.service import unlock, unlock_all, unlock_in_need
from controller.domain.decide.storing import issue_code
from controller.domain.decide.unannounced import announced_now, identify
from controller.domain.decide.withdrawing import cancel, keep_out_late, own, recall, redirect
from controller.domain.ids import (
    CarrierId,
    ClockQuality,
    CodeHmac,
    CompartmentId,
    Jti,
    KeyId,
    ParcelId,
    Role,
    SessionId,
)
from controller.domain.inputs import CommandArrived, CommandRejected, CommandRepeated, SettingsOffered, Telling
from controller.domain.labelled import as_labelled
from controller.domain.labels import parse_label
from controller.domain.notices import NoticeKind
from controller.domain.outcomes import OPENING, SECOND_AWAITED
from controller.domain.policy import Policy
from controller.domain.refusals import Refusal
from controller.domain.state import Custody

_ONE_DOOR = (UnlockCompartment, EmergencyUnlock)
_TWO_SIGN = (UnlockAll, RotateKeys)
_NEEDS_COUNTER = (*_ONE_DOOR, *_TWO_SIGN)
_MOVES_OR_GUARDS = (
    *_NEEDS_COUNTER,
    AuthorisePickup,
    StartAudit,
    BlockCompartment,
    UnblockCompartment,
    ReissueCode,
    DelegateCode,
)


@dataclass(frozen=True, slots=True)
class _Sender:
    """Who commands, and what came with the command."""

    role: Role
    carrier: CarrierId | None = None
    jti: Jti | None = None
    kid: KeyId | None = None
    note: str | None = None
    seed: str = ""
    second: CodeHmac | None = None
    telling: Telling = field(default_factory=Telling)
    session: SessionId | None = None
    offered: SettingsOffered | None = None


def carry_out(draft: Draft, arrived: CommandArrived) -> Decision:
    """A command from a key of ours, for this locker. Answers the same `jti` always the same."""
    known = draft.state.commands.get(arrived.jti)
    if known is not None:
        if known.kid != arrived.kid:  # what became of another sender's command is nobody else's business
            return draft.count(
                CommandRejected(Refusal.NOT_UNDERSTOOD, arrived.jti, arrived.kid),
                CommandAnswer("refused", Refusal.NOT_UNDERSTOOD.value),
            )
        if known.outcome is None:
            return draft.answer(CommandAnswer("started"))
        return draft.count(CommandRepeated(), CommandAnswer("duplicate", first=known.outcome))
    if not _is_timely(draft, arrived):
        rejected = CommandRejected(Refusal.EXPIRED, arrived.jti, arrived.kid)
        return draft.count(rejected, CommandAnswer("expired", Refusal.EXPIRED.value))
    refusal = _not_now(draft, arrived)
    draft.record(
        ev.CommandReceived(
            jti=arrived.jti,
            kid=arrived.kid,
            command=arrived.command.TYPE,
            expires_at=arrived.expires_at,
            ctr=arrived.ctr if refusal is not Refusal.COUNTER_BACK and _is_counted(arrived) else None,
        )
    )
    sender = _Sender(
        arrived.role,
        arrived.carrier,
        arrived.jti,
        arrived.kid,
        seed=arrived.seed,
        telling=arrived.telling,
        session=arrived.presence_session,
        offered=arrived.offered,
        second=arrived.second,
    )
    about = addressed(draft.state, arrived.command, arrived.carrier)
    refusal = refusal or _obey(draft, about, sender)
    if refusal is not None:
        draft.record(ev.CommandRefused(jti=arrived.jti, kid=arrived.kid, reason=refusal.value))
        return draft.answer(CommandAnswer("refused", refusal.value))
    if isinstance(arrived.command, _ONE_DOOR):
        return draft.answer(CommandAnswer("started"))
    outcome = _outcome(draft, about)
    draft.record(ev.CommandExecuted(jti=arrived.jti, outcome=outcome))
    return draft.answer(CommandAnswer("executed", outcome=None if outcome == "executed" else outcome))


def carry_out_here(draft: Draft, command: Command, note: str) -> Decision:
    """The same from the terminal of this machine, where only compartments may be commanded."""
    if not isinstance(command, UnlockCompartment | EmergencyUnlock | BlockCompartment | UnblockCompartment):
        return draft.refuse(Refusal.NOT_ALLOWED)
    refusal = _obey(draft, command, _Sender(Role.OPERATOR, note=note))
    return draft.refuse(refusal) if refusal is not None else draft.answer(CommandAnswer("executed"))


def _outcome(draft: Draft, command: Command | None) -> str:
    match command:
        case UnlockAll():
            return OPENING if draft.state.series is not None else SECOND_AWAITED
        case RotateKeys():
            return "executed" if draft.state.trust.asked is None else SECOND_AWAITED
        case AuthorisePickup():
            return what_came_of_it(draft, command.parcel)
        case _:
            return "executed"


def _is_timely(draft: Draft, arrived: CommandArrived) -> bool:
    """Neither expired nor early. An unknown clock lags behind: nothing is early by it, and a good nonce is fresh."""
    skew = draft.policy.clock_skew_ms
    if draft.at.clock is ClockQuality.UNKNOWN:
        return arrived.nonce_good or draft.at.wall <= arrived.expires_at + skew
    return arrived.issued_at - skew <= draft.at.wall <= arrived.expires_at + skew


def _is_counted(arrived: CommandArrived) -> bool:
    return isinstance(arrived.command, _NEEDS_COUNTER)


def _not_now(draft: Draft, arrived: CommandArrived) -> Refusal | None:
    moves = isinstance(arrived.command, _MOVES_OR_GUARDS)
    if moves and draft.at.clock is ClockQuality.UNKNOWN and not arrived.nonce_good:
        return Refusal.NONCE_REQUIRED
    if _is_counted(arrived) and (arrived.ctr is None or arrived.ctr <= draft.state.counters.get(arrived.kid, -1)):
        return Refusal.COUNTER_BACK
    return None


def _obey(draft: Draft, command: Command | None, sender: _Sender) -> Refusal | None:
    match command:
        case None:
            return Refusal.PARCEL_UNKNOWN
        case ExpectParcel():
            return _expect(draft, command, sender)
        case UpsertPreferences():
            return _upsert(draft, command, sender)
        case CancelParcel():
            return cancel(draft, command.parcel, sender.carrier)
        case IdentifyParcel():
            return identify(draft, command, sender.carrier)
        case ExtendParcel():
            return extend(draft, command, sender.carrier)
        case ExtendAll():
            return extend_all(draft, command, sender.carrier)
        case DeclareSite():
            return declare(draft, command)
        case RecallParcel():
            return recall(draft, command.parcel, sender.carrier)
        case RedirectParcel():
            return redirect(draft, command, sender.carrier)
        case ReportNotification():
            return report(draft, command, sender.carrier)
        case AnswerForRecipient():
            return answer(draft, command, sender.carrier, sender.seed)
        case ReissueCode():
            return _reissue(draft, command.parcel, sender.carrier)
        case AuthorisePickup():
            return authorise_pickup(draft, command.parcel, sender.carrier, sender.session, sender.jti)
        case DelegateCode():
            return delegate(draft, command, sender.carrier)
        case UpsertDriver():
            return staffing.upsert(draft, command, sender.carrier)
        case RevokeDriver():
            return staffing.revoke(draft, command, sender.carrier)
        case UnlockCompartment():
            return unlock(draft, command.compartment, sender.role, sender.jti, sender.note)
        case EmergencyUnlock():
            return unlock_in_need(draft, command.compartment, sender.role, sender.jti, sender.note)
        case UnlockAll():
            return unlock_all(draft, sender.role, sender.kid, sender.jti)
        case RotateKeys():
            return rotate(draft, command, sender.kid, sender.jti)
        case RevokeCode():
            return revoke_code(draft, command, sender.carrier)
        case SettleDispute():
            return settle_dispute(draft, command.parcel, sender.role, sender.carrier)
        case StartAudit():
            return start_from_afar(draft, sender.role, sender.jti)
        case ReplayJournal() | SnapshotState() | RunDiagnostics():
            return ask(command, sender.telling)
        case ApplyConfig():
            return configuring.apply(draft, command, sender.offered)
        case BlockCompartment():
            return _block(draft, command.compartment, sender.note)
        case UnblockCompartment():
            return _unblock(draft, command, sender)
        case _:
            assert_never(command)


def _expect(draft: Draft, command: ExpectParcel, sender: _Sender) -> Refusal | None:
    if sender.carrier is not None and command.carrier != sender.carrier:
        return Refusal.NOT_ALLOWED
    if command.parcel in draft.state.parcels:
        return Refusal.PARCEL_EXISTS
    policy = draft.policy
    if command.hold_s is not None and not policy.shortest_hold_s <= command.hold_s <= policy.longest_hold_s:
        return Refusal.BAD_HOLD
    given = command.preferences
    if given is not None and not may_be_confirmed_at(draft, given.confirmed_at):
        return Refusal.BAD_CONFIRMATION
    asks = policy.second_digits > 0 and command.second_jwe is not None
    if asks and sender.second is None:
        return Refusal.BAD_SECOND
    draft.record(replace(announced(command, policy), second_hmac=sender.second if asks else None))
    expected_with(draft, draft.state.parcels[command.parcel], given, sender.seed)
    announced_now(draft, draft.state.parcels[command.parcel])
    if draft.state.parcels[command.parcel].custody is Custody.EXPECTED:
        request(draft, draft.state.parcels[command.parcel], NoticeKind.COMING)
    return None


def _upsert(draft: Draft, command: UpsertPreferences, sender: _Sender) -> Refusal | None:
    given = command.preferences
    if not may_be_confirmed_at(draft, given.confirmed_at):
        return Refusal.BAD_CONFIRMATION
    if (command.parcel is None) is (command.recipient is None) or sender.carrier is None:
        return Refusal.PARCEL_OR_RECIPIENT
    if command.recipient is not None:
        refusal = keep(draft, sender.carrier, command.recipient, given, sender.seed)
        theirs = (sender.carrier, command.recipient)
        for each in [p for p in draft.state.parcels.values() if (p.carrier, p.recipient) == theirs]:
            keep_out_late(draft, each)
            wait_for_return(draft, draft.state.parcels[each.id])
        return refusal
    parcel = own(draft.state, ParcelId(command.parcel or ""), sender.carrier)
    if parcel is None:
        return Refusal.PARCEL_UNKNOWN
    change_for(draft, parcel, given, sender.seed)
    keep_out_late(draft, parcel)
    wait_for_return(draft, draft.state.parcels[parcel.id])
    return None


def announced(command: ExpectParcel, policy: Policy) -> ev.ParcelExpected:
    """What is put on record of an announcement: the label's number, and what else the label says as what it means."""
    label = parse_label(command.label, policy.label_patterns)
    expected = ev.ParcelExpected(
        parcel=command.parcel,
        label=label.text or command.label,
        carrier=command.carrier,
        recipient=command.recipient,
        size=command.size,
        mm=command.mm,
        weight_g=command.weight_g,
        classes=command.classes,
        value=command.value,
        signature=command.signature,
        authority_to_leave=command.authority_to_leave,
        hold_s=command.hold_s,
        not_before=command.not_before,
        not_after=command.not_after,
    )
    return as_labelled(expected, label.elements, policy.offsets)


def _reissue(draft: Draft, id: ParcelId, carrier: CarrierId | None) -> Refusal | None:
    parcel = own(draft.state, id, carrier)
    if parcel is None:
        return Refusal.PARCEL_UNKNOWN
    pickup = draft.state.pickups.get(parcel.pickup) if parcel.pickup is not None else None
    if pickup is None or parcel.compartment is None or parcel.cancelled:
        return Refusal.NOT_STORED
    if reissued_lately(draft, pickup):
        return Refusal.REISSUED_LATELY
    if draft.fresh is None or draft.fresh.parcel != id:
        return Refusal.BUSY
    issue_code(draft, parcel, parcel.compartment, pickup.expires_at)
    if pickup.code is not None:
        draft.record(ev.PrivateErased(sequences=(pickup.issued_sequence,), reason="reissued"))
    return None


def _block(draft: Draft, id: CompartmentId, note: str | None) -> Refusal | None:
    if id not in draft.state.compartments:
        return Refusal.COMPARTMENT_UNKNOWN
    draft.record(ev.CompartmentOutOfService(compartment=id, note=note or None))
    return None


def _unblock(draft: Draft, command: UnblockCompartment, sender: _Sender) -> Refusal | None:
    compartment = draft.state.compartments.get(command.compartment)
    if compartment is None:
        return Refusal.COMPARTMENT_UNKNOWN
    from_afar = sender.role is Role.OPERATOR and sender.jti is not None
    if compartment.quarantine == ev.WIRING_FAULT and from_afar and not command.rewired:
        return Refusal.WIRING_FAULT
    draft.record(ev.CompartmentRestored(compartment=compartment.id, note=sender.note or None))
    return None
