"""The technician at the cabinet: what badge and PIN allow there, and what stays refused."""

import pytest
from support.locker_heart import A01, A02, A03, A04, HOUR_MS
from support.locker_in_hand import DRIVER, NORTH, TECHNICIAN, LockerInHand, is_refused

from controller.domain import events as ev
from controller.domain import inputs
from controller.domain.answers import Answer, CommandAnswer, DoorUnlocked, Noted, SignedIn
from controller.domain.commands import RevokeDriver, UnlockCompartment
from controller.domain.ids import CompartmentId, DriverId, Jti, Purpose, Role, SessionId, WallMs
from controller.domain.refusals import Refusal
from controller.domain.staff import key_of


def unlock(locker: LockerInHand, id: CompartmentId, session: SessionId = TECHNICIAN) -> Answer:
    return locker.put(inputs.TechnicianUnlockAsked(session, id, "repair"))


def test_a_technician_signs_in_and_out(locker: LockerInHand) -> None:
    assert locker.service() == SignedIn()
    assert locker.state.technician is not None
    locker.leave(TECHNICIAN)
    assert locker.state.technician is None
    assert locker.last(ev.TechnicianSignedOut).reason == "idle"


def test_an_old_badge_is_worth_nothing(locker: LockerInHand) -> None:
    old = WallMs(locker.at.wall - HOUR_MS)
    badge = inputs.TechnicianShown(TECHNICIAN, Jti("old"), DriverId("t-1"), WallMs(0), old)
    pin = inputs.PinTyped(TECHNICIAN, "/t-1", key_of(None, DriverId("t-1")), right=True)
    assert is_refused(locker.put(inputs.TechnicianProven(badge, pin)), Refusal.BADGE_INVALID)
    assert locker.state.technician is None


def test_a_badge_without_its_pin_opens_nothing_and_guessing_ends_soon(locker: LockerInHand) -> None:
    for _ in range(5):
        assert is_refused(locker.service(right=False), Refusal.PIN_WRONG)
    assert is_refused(locker.service(), Refusal.TOO_MANY_TRIES), "not even the right one, for a while"
    locker.pass_ms(HOUR_MS)
    assert locker.service() == SignedIn()


def test_a_pin_of_another_goes_with_no_badge_of_a_technicians(locker: LockerInHand) -> None:
    locker.announce("d-7")
    key = key_of(NORTH, DriverId("d-7"))
    told = locker.state.staff.members[key].told_sequence
    badge = inputs.TechnicianShown(TECHNICIAN, Jti("b"), DriverId("t-1"), locker.at.wall, WallMs(locker.at.wall + 9999))
    pin = inputs.PinTyped(TECHNICIAN, key, key, right=True, told_sequence=told)
    assert is_refused(locker.put(inputs.TechnicianProven(badge, pin)), Refusal.BADGE_INVALID)


def test_a_revocation_holds_at_once(locker: LockerInHand) -> None:
    locker.service()
    locker.command(RevokeDriver(driver=DriverId("t-1")), role=Role.OPERATOR, carrier=None)
    assert is_refused(unlock(locker, A01), Refusal.NOT_SIGNED_IN)
    assert locker.last(ev.TechnicianSignedOut).reason == "revoked"
    assert is_refused(locker.service(), Refusal.BADGE_INVALID)


@pytest.mark.parametrize(
    "item",
    [
        inputs.TechnicianUnlockAsked(TECHNICIAN, A01, "repair"),
        inputs.OpenAllAsked(TECHNICIAN),
        inputs.QuarantineAsked(TECHNICIAN, A01, "damaged"),
        inputs.RestoreAsked(TECHNICIAN, A01),
        inputs.LockOutAsked(TECHNICIAN),
        inputs.LockoutEndAsked(TECHNICIAN),
        inputs.AuditStartAsked(TECHNICIAN),
        inputs.AuditDoorAsked(TECHNICIAN, A01),
        inputs.AuditEndAsked(TECHNICIAN),
    ],
)
def test_nobody_else_is_let_do_any_of_it(locker: LockerInHand, item: inputs.Input) -> None:
    locker.service(SessionId("another"))
    mark = len(locker.history)
    assert is_refused(locker.put(item), Refusal.NOT_SIGNED_IN)
    assert locker.names_since(mark) == []


def test_one_at_a_time(locker: LockerInHand) -> None:
    locker.sign_in()
    assert is_refused(locker.service(), Refusal.BUSY)
    locker.leave(DRIVER)
    locker.service()
    assert is_refused(locker.sign_in(), Refusal.BUSY)
    assert locker.operate(UnlockCompartment(compartment=A01)) == CommandAnswer("refused", "busy")


def test_openings_of_occupied_compartments_count_with_all_others(locker: LockerInHand) -> None:
    id = locker.deposit(1)
    for _ in range(2):
        locker.operate(UnlockCompartment(compartment=id))
        locker.closes(id)
    locker.service()
    assert unlock(locker, id) == DoorUnlocked((id,))
    authorised = locker.last(ev.UnlockAuthorised)
    assert (authorised.role, authorised.session, authorised.note) == (Role.TECHNICIAN, TECHNICIAN, "repair")
    locker.closes(id)
    assert is_refused(unlock(locker, id), Refusal.UNLOCK_LIMIT)
    assert isinstance(unlock(locker, A04), DoorUnlocked), "nothing is behind this one"
    locker.closes(A04)
    locker.leave(TECHNICIAN)
    assert locker.operate(UnlockCompartment(compartment=id)) == CommandAnswer("refused", "unlock_limit")


def test_under_a_lock_out_only_the_technician_at_the_cabinet_moves_a_lock(locker: LockerInHand) -> None:
    locker.service()
    assert locker.put(inputs.LockOutAsked(TECHNICIAN)) == Noted()
    assert locker.last(ev.LockedOut).role is Role.TECHNICIAN
    assert isinstance(unlock(locker, A01), DoorUnlocked)
    locker.closes(A01)
    assert is_refused(locker.put(inputs.OpenAllAsked(TECHNICIAN)), Refusal.LOCKED_OUT)
    assert is_refused(locker.put(inputs.LockoutEndAsked(None, "from the office")), Refusal.BUSY), "hands are in it"
    locker.leave(TECHNICIAN)
    assert locker.state.lockout is not None, "it is not the visit's"
    locker.service(SessionId("another"))
    assert locker.put(inputs.LockoutEndAsked(SessionId("another"))) == Noted()


def test_a_wiring_fault_holds_the_technician_too_until_both_doors_are_put_back(locker: LockerInHand) -> None:
    locker.service()
    locker.jam(A01)
    unlock(locker, A01)
    locker.pass_ms(200)
    locker.opens(A03)
    locker.closes(A03)
    locker.jam(A01, jammed=False)
    assert is_refused(unlock(locker, A02), Refusal.WIRING_FAULT)
    for id in (A01, A03):
        locker.put(inputs.RestoreAsked(TECHNICIAN, id, "rewired"))
    assert isinstance(unlock(locker, A02), DoorUnlocked)


def test_a_technician_at_the_cabinet_opens_every_door_alone(locker: LockerInHand) -> None:
    locker.deposit(1)
    locker.service()
    assert locker.put(inputs.OpenAllAsked(TECHNICIAN)) == Noted()
    assert [e.compartment for e in locker.all(ev.UnlockAuthorised) if e.purpose is Purpose.ALL] == [A01, A02, A03, A04]


def test_quarantine_and_back_with_its_reasons(locker: LockerInHand) -> None:
    locker.service()
    locker.put(inputs.QuarantineAsked(TECHNICIAN, A01, "damaged"))
    assert locker[A01].quarantine == "damaged"
    locker.put(inputs.RestoreAsked(TECHNICIAN, A01, "repaired"))
    assert locker[A01].quarantine is None
    assert locker.last(ev.CompartmentRestored).note == "repaired"


def test_a_restart_ends_the_visit(locker: LockerInHand) -> None:
    locker.service()
    locker.restart()
    assert locker.state.technician is None
    assert is_refused(unlock(locker, A01), Refusal.NOT_SIGNED_IN)
