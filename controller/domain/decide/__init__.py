"""From a state and one input to events and an answer. Pure: the same arguments give the same decision, always."""

from typing import assert_never

from controller.domain import events as ev
from controller.domain import inputs as put
from controller.domain.codes import digits_of
from controller.domain.commands import DelegateCode, ReissueCode
from controller.domain.decide import (
    checklist,
    deposit,
    pickup,
    proving,
    signing_in,
    taking_away,
    technician,
    visiting,
    wishing,
)
from controller.domain.decide.at_cabinet import at_cabinet
from controller.domain.decide.claiming import claim
from controller.domain.decide.configuring import offer
from controller.domain.decide.contacts import read_contact
from controller.domain.decide.deadlines import deposit_due, pass_deadlines
from controller.domain.decide.doors import read_doors, read_parcels, unlock_ended
from controller.domain.decide.draft import Decision, Draft, Fresh
from controller.domain.decide.driving import deposit_of
from controller.domain.decide.erasing import erase, erase_notes
from controller.domain.decide.handing_out import next_door
from controller.domain.decide.leaving import sign_out
from controller.domain.decide.lockout import end_lockout, lock_out
from controller.domain.decide.orders import carry_out, carry_out_here
from controller.domain.decide.other_door import other_door
from controller.domain.decide.questioning import ask_recipient
from controller.domain.decide.rescuing import let_out
from controller.domain.decide.starting import start
from controller.domain.decide.unannounced import code_due
from controller.domain.ids import ParcelId, Purpose
from controller.domain.naming import meant
from controller.domain.policy import Policy
from controller.domain.stamp import Stamp
from controller.domain.state import Parcel, State

__all__ = ["Decision", "Fresh", "code_wanted", "decide", "digits_wanted"]


def code_wanted(state: State, item: put.Input, at: Stamp, policy: Policy) -> ParcelId | None:
    """The parcel for which this input may issue a code, so that the edge brings fresh ones along."""
    match item:
        case put.DepositDone():
            compartment = deposit_of(state, item.session)
            return compartment.parcel if compartment is not None else None
        case put.DeadlinePassed():
            return deposit_due(state, at, policy) or code_due(state)
        case put.CommandArrived(command=ReissueCode(parcel=parcel) | DelegateCode(parcel=parcel), carrier=carrier):
            return meant(parcel, carrier, state.parcels)
        case _:
            return None


def digits_wanted(item: put.Input, parcel: Parcel, policy: Policy) -> int:
    """How long that code is to be: a delegate knows no second identifier, so theirs is never a short one."""
    if isinstance(item, put.CommandArrived) and isinstance(item.command, DelegateCode):
        return policy.code_digits
    return digits_of(parcel, policy)


def decide(state: State, item: put.Input, at: Stamp, policy: Policy, fresh: Fresh | None = None) -> Decision:
    """What follows from `item` at the moment `at`."""
    draft = Draft(state, at, policy, fresh)
    if isinstance(item, put.AtCabinet):
        return at_cabinet(draft, item)
    match item:
        case put.CodeTyped():
            return pickup.type_code(draft, item)
        case put.PassShown():
            return pickup.show_pass(draft, item)
        case put.ClaimMade():
            return claim(draft, item)
        case put.NextDoorAsked():
            return next_door(draft, item)
        case put.ReopenAsked():
            return _reopen(draft, item)
        case put.PinAsked():
            return proving.ask_pin(draft, item)
        case put.FreshPinTyped():
            return proving.type_pin(draft, item)
        case put.SignatureGiven():
            return proving.sign(draft, item)
        case put.WishesConfirmed():
            return wishing.confirm(draft, item)
        case put.ContactGiven():
            return wishing.give_contact(draft, item)
        case put.SomeoneInsideSaid():
            return let_out(draft, item)
        case put.BadgeShown():
            return signing_in.sign_in(draft, item)
        case put.PinTyped():
            return signing_in.sign_in_by_pin(draft, item)
        case put.ChecklistConfirmed():
            return checklist.read_it(draft, item.session)
        case put.LabelScanned():
            return deposit.scan(draft, item)
        case put.PlanAcknowledged():
            return deposit.acknowledge(draft, item)
        case put.RecipientQuestioned():
            return ask_recipient(draft, item)
        case put.DepositDone():
            return deposit.done(draft, item.session)
        case put.OtherDoorAsked():
            return other_door(draft, item)
        case put.TakeBackAsked():
            return deposit.open_again(draft, item.session, Purpose.TAKE_BACK)
        case put.TakeAwayAsked():
            return taking_away.take_away(draft, item)
        case put.MissingDeclared():
            return taking_away.declare_missing(draft, item.session)
        case put.SessionEnded():
            visiting.leave(draft, item.session, item.reason)
            technician.sign_out(draft, item.session, item.reason)
            return sign_out(draft, item.session, item.reason)
        case put.CommandArrived():
            return carry_out(draft, item)
        case put.SettingsOffered():
            return offer(draft, item)
        case put.LocalCommand():
            return carry_out_here(draft, item.command, item.note)
        case put.EraseAsked():
            return erase(draft, item)
        case put.LockOutAsked():
            return lock_out(draft, item)
        case put.LockoutEndAsked():
            return end_lockout(draft, item)
        case _:
            _observe(draft, item)
            return draft.answer()


def _reopen(draft: Draft, asked: put.ReopenAsked) -> Decision:
    compartment = deposit_of(draft.state, asked.session)
    if compartment is not None and compartment.id == asked.compartment:
        return deposit.open_again(draft, asked.session, Purpose.DEPOSIT)
    removal = taking_away.removal_of(draft.state, asked.session)
    if removal is not None and removal.compartment == asked.compartment:
        return taking_away.open_item_again(draft, removal)
    return pickup.reopen(draft, asked)


_Observed = (
    put.DoorsRead
    | put.ContactRead
    | put.UnlockEnded
    | put.BoardTrouble
    | put.DeadlinePassed
    | put.DiskChecked
    | put.NotesAged
    | put.PowerChecked
    | put.HeatChecked
    | put.AckForged
    | put.DamageFound
    | put.ClockMoved
    | put.Started
    | put.Stopping
    | put.Counted
)


def _observe(draft: Draft, item: _Observed) -> None:
    match item:
        case put.DoorsRead():
            read_doors(draft, item.doors)
            read_parcels(draft, item.parcels)
        case put.ContactRead():
            read_contact(draft, item)
        case put.UnlockEnded():
            unlock_ended(draft, item.compartment, item.sent)
        case put.DeadlinePassed(hearing=hearing):
            pass_deadlines(draft, hearing)
        case put.Started():
            start(draft, item)
        case put.NotesAged(sequences=sequences):
            erase_notes(draft, sequences)
        case put.Stopping():
            draft.record(ev.CleanStop())
        case put.PowerChecked(low=low):
            draft.record(ev.Undervoltage() if low else ev.VoltageRecovered())
        case put.HeatChecked(hot=hot, celsius=celsius):
            draft.record(ev.Overheat(celsius=celsius) if hot else ev.TemperatureRecovered(celsius=celsius))
        case put.BoardTrouble() | put.DiskChecked() | put.AckForged() | put.DamageFound() | put.ClockMoved():
            _note_trouble(draft, item)
        case _:
            draft.record(_counted(item))


def _note_trouble(
    draft: Draft, item: put.BoardTrouble | put.DiskChecked | put.AckForged | put.DamageFound | put.ClockMoved
) -> None:
    match item:
        case put.BoardTrouble(board=board, fault=None):
            if board in draft.state.board_faults:
                draft.record(ev.BoardRecovered(board=board))
        case put.BoardTrouble(board=board, fault=str(fault)):
            if draft.state.board_faults.get(board) != fault:
                draft.record(ev.BoardFaulted(board=board, fault=fault))
        case put.BoardTrouble():
            return
        case put.DiskChecked(low=low):
            if low is not draft.state.disk_low:
                draft.record(ev.DiskLow() if low else ev.DiskRecovered())
        case put.AckForged():
            draft.record(ev.SecurityFork(sequence=str(item.sequence), head=item.head))
        case put.DamageFound():
            draft.record(ev.StorageError(sequence=str(item.sequence), what=item.what))
        case put.ClockMoved():
            draft.record(ev.ClockSynced() if item.synced else ev.ClockStepped(forward_ms=item.forward_ms))
        case _:
            assert_never(item)


def _counted(item: put.Counted) -> ev.Event:
    match item:
        case put.PassRejected():
            return ev.PassRefused(why=item.why, count=item.count)
        case put.BadgeRejected():
            return ev.DriverRefused(reason=item.why, count=item.count)
        case put.PinBackedOff():
            return ev.DriverRefused(reason="backed_off", count=item.count)
        case put.TriesBackedOff():
            return ev.CodeBackedOff(count=item.count)
        case put.ScanRejected():
            return ev.PlanRefused(
                reason="label_unreadable", scanned_kind=item.kind, scanned_length=item.length, count=item.count
            )
        case put.CommandRejected(reason=reason) if reason.value == "bad_signature":
            return ev.SecurityBadSignature(what="command", count=item.count)
        case put.CommandRejected():
            return ev.CommandRefused(reason=item.reason.value, kid=item.kid, count=item.count)
        case put.ConfigRejected(reason=reason) if reason.value == "bad_signature":
            return ev.SecurityBadSignature(what="config", count=item.count)
        case put.ConfigRejected():
            return ev.ConfigRefused(
                reason=item.reason.value, version=item.version, keys=item.keys, kid=item.kid, count=item.count
            )
        case put.SomeoneInsideRefused():
            return ev.SomeoneInside(refused=item.why, count=item.count)
        case put.CommandRepeated():
            return ev.SecurityReplay(what="command", count=item.count)
        case _:
            assert_never(item)
