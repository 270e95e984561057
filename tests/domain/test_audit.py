"""The guided audit: ghosts, strays, what was mixed up, and what an interrupted one may say."""

import pytest
from support.locker_heart import A01, A02, A03, A04, CABINET, SECOND_MS
from support.locker_in_hand import TECHNICIAN, LockerInHand, is_refused, norths, s10_label

from controller.domain import events as ev
from controller.domain import inputs
from controller.domain.answers import CommandAnswer, DoorUnlocked, Noted
from controller.domain.audit import Found
from controller.domain.commands import StartAudit
from controller.domain.decide import decide
from controller.domain.ids import CompartmentId, Purpose, Role, SessionId
from controller.domain.policy import Policy
from controller.domain.refusals import Refusal
from controller.domain.state import State

P1, P2 = norths("P1"), norths("P2")
DOORS = (A01, A02, A03, A04)


def begin(locker: LockerInHand) -> None:
    locker.service()
    assert locker.put(inputs.AuditStartAsked(TECHNICIAN)) == Noted()


def end(locker: LockerInHand) -> ev.AuditFinished:
    assert locker.put(inputs.AuditEndAsked(TECHNICIAN)) == Noted()
    assert locker.state.audit is None
    return locker.last(ev.AuditFinished)


def empty_but(locker: LockerInHand, *others: CompartmentId) -> None:
    for id in DOORS:
        if id not in others:
            locker.look(id, Found.EMPTY)


def test_everything_is_where_it_should_be(locker: LockerInHand) -> None:
    id = locker.deposit(1)
    begin(locker)
    locker.look(id, Found.LABEL, s10_label(1))
    empty_but(locker, id)
    finished = end(locker)
    assert finished.complete
    assert set(finished.agreed) == set(DOORS)
    assert (finished.missing, finished.misplaced, finished.strays, finished.unseen) == ((), (), (), ())
    assert isinstance(locker.type_code(locker.code_of(1)), DoorUnlocked)


def test_a_ghost_is_settled_and_its_code_worth_nothing(locker: LockerInHand) -> None:
    locker.deposit(1)
    begin(locker)
    empty_but(locker)
    assert end(locker).missing == (P1,)
    removed = locker.last(ev.CustodyRemoved)
    assert (removed.parcel, removed.reason) == (P1, "missing")
    assert P1 not in locker.state.parcels
    assert is_refused(locker.type_code(locker.code_of(1)), Refusal.CODE_INVALID)


def test_a_ghost_of_an_audit_that_did_not_look_everywhere_may_lie_behind_another_door(locker: LockerInHand) -> None:
    id = locker.deposit(1)
    begin(locker)
    locker.look(id, Found.EMPTY)
    locker.put(inputs.AuditSeen(TECHNICIAN, A04, Found.SKIPPED))
    finished = end(locker)
    assert (finished.complete, finished.missing) == (False, (P1,))
    assert set(finished.unseen) == set(DOORS) - {id}
    assert P1 in locker.state.parcels
    assert locker[id].quarantine == "missing"
    assert is_refused(locker.type_code(locker.code_of(1)), Refusal.OUT_OF_SERVICE)


@pytest.mark.parametrize(("found", "label"), [(Found.UNKNOWN, None), (Found.LABEL, s10_label(77))])
def test_a_stray_is_quarantined(locker: LockerInHand, found: Found, label: str | None) -> None:
    begin(locker)
    locker.look(A03, found, label)
    empty_but(locker, A03)
    assert end(locker).strays == (A03,)
    assert locker[A03].quarantine == "stray"
    assert locker.all(ev.AuditLooked)[0].label == label


def test_two_parcels_that_changed_places_are_handed_out_to_nobody(locker: LockerInHand) -> None:
    one, two = locker.deposit(1), locker.deposit(2)
    begin(locker)
    locker.look(one, Found.LABEL, s10_label(2))
    locker.look(two, Found.LABEL, s10_label(1))
    empty_but(locker, one, two)
    finished = end(locker)
    assert (set(finished.misplaced), set(finished.strays), finished.missing) == ({P1, P2}, {one, two}, ())
    assert (locker[one].quarantine, locker[two].quarantine) == ("misplaced", "misplaced")
    locker.leave(TECHNICIAN)
    for serial in (1, 2):
        assert is_refused(locker.type_code(locker.code_of(serial)), Refusal.OUT_OF_SERVICE)
    begin(locker)
    locker.look(one, Found.LABEL, s10_label(1))
    locker.look(two, Found.LABEL, s10_label(2))
    end(locker)
    locker.leave(TECHNICIAN)
    assert isinstance(locker.type_code(locker.code_of(1)), DoorUnlocked), "the next audit found them put right"


def test_the_last_look_counts(locker: LockerInHand) -> None:
    id = locker.deposit(1)
    begin(locker)
    locker.look(id, Found.EMPTY)
    locker.look(id, Found.LABEL, s10_label(1))
    empty_but(locker, id)
    assert end(locker).missing == ()


def test_what_no_label_tells_of_may_be_the_parcel(locker: LockerInHand) -> None:
    id = locker.deposit(1)
    begin(locker)
    locker.look(id, Found.UNKNOWN)
    empty_but(locker, id)
    finished = end(locker)
    assert (finished.missing, finished.strays) == ((), (id,))
    assert P1 in locker.state.parcels
    assert is_refused(locker.type_code(locker.code_of(1)), Refusal.OUT_OF_SERVICE)


def test_an_unreadable_label_is_no_answer(locker: LockerInHand) -> None:
    begin(locker)
    assert is_refused(locker.look(A01, Found.LABEL, "???"), Refusal.LABEL_UNREADABLE)
    assert is_refused(locker.look(A01, Found.LABEL), Refusal.LABEL_UNREADABLE)


def test_it_goes_on_after_a_restart_and_with_another_technician(locker: LockerInHand) -> None:
    id = locker.deposit(1)
    begin(locker)
    locker.look(id, Found.LABEL, s10_label(1))
    locker.restart()
    other = SessionId("another")
    locker.service(other)
    locker.put(inputs.AuditStartAsked(other))
    assert len(locker.all(ev.AuditStarted)) == 1
    for door in DOORS:
        if door != id:
            locker.look(door, Found.EMPTY, session=other)
    locker.put(inputs.AuditEndAsked(other))
    assert locker.last(ev.AuditFinished).complete


def test_what_was_seen_counts_no_more_once_the_door_was_opened_again(locker: LockerInHand) -> None:
    begin(locker)
    for id in DOORS:
        locker.look(id, Found.EMPTY)
    locker.leave(TECHNICIAN)
    id = locker.deposit(1)
    assert locker.state.audit is not None
    assert locker.state.audit.left == (id,)
    begin(locker)
    assert end(locker).unseen == (id,)
    assert P1 in locker.state.parcels, "nobody has looked since it was put in"


def test_openings_to_take_stock_have_no_limit_and_take_nothing_away(locker: LockerInHand) -> None:
    locker.deposit(1, hold_s=3600)
    locker.pass_ms(80 * 3600 * SECOND_MS)
    [id] = [parcel.compartment for parcel in locker.state.parcels.values()]
    assert id is not None
    begin(locker)
    for _ in range(5):
        locker.look(id, Found.LABEL, s10_label(1))
    assert P1 in locker.state.parcels, "an expired parcel is not taken out by a look"
    assert not locker.state.remote_unlocks
    assert {event.purpose for event in locker.all(ev.UnlockAuthorised)[1:]} == {Purpose.AUDIT}


def test_from_afar_it_waits_for_a_technician(locker: LockerInHand) -> None:
    assert locker.command(StartAudit(), role=Role.OPERATOR, carrier=None) == CommandAnswer("executed")
    assert locker.command(StartAudit(), role=Role.OPERATOR, carrier=None) == CommandAnswer("refused", "busy")
    assert not locker.all(ev.UnlockAuthorised)
    begin(locker)
    assert len(locker.all(ev.AuditStarted)) == 1


def test_a_door_without_an_audit_is_not_opened_for_one(locker: LockerInHand) -> None:
    locker.service()
    assert is_refused(locker.put(inputs.AuditDoorAsked(TECHNICIAN, A01)), Refusal.NO_AUDIT)
    assert is_refused(locker.put(inputs.AuditEndAsked(TECHNICIAN)), Refusal.NO_AUDIT)


def test_after_the_records_were_lost_nothing_is_given_out_until_somebody_has_looked() -> None:
    locker = LockerInHand()
    decided = decide(State(), inputs.Started("1", "c", CABINET, 1, previous_stream="a1" * 16), locker.at, Policy())
    assert {c.quarantine for c in decided.state.compartments.values()} == {"needs_audit"}
    locker.service()
    for id in DOORS:
        locker.put(inputs.QuarantineAsked(TECHNICIAN, id, "needs_audit"))
    begin(locker)
    locker.look(A04, Found.UNKNOWN)
    empty_but(locker, A04)
    end(locker)
    assert [locker[id].quarantine for id in DOORS] == [None, None, None, "stray"]
