"""Openings by others than the recipient are told to the recipient."""

import pytest
from support.locker_heart import A04, MINUTE_MS, SECOND_MS
from support.locker_in_hand import TECHNICIAN, LockerInHand, norths

from controller.domain import events as ev
from controller.domain import inputs
from controller.domain.commands import CancelParcel, EmergencyUnlock, UnlockCompartment
from controller.domain.notices import NoticeKind

P1 = norths("P1")


def told(locker: LockerInHand) -> list[ev.NotificationRequested]:
    return [event for event in locker.all(ev.NotificationRequested) if event.kind is NoticeKind.OPENED]


@pytest.mark.parametrize(
    ("kind", "reason"),
    [(UnlockCompartment, "service"), (EmergencyUnlock, "emergency")],
)
def test_an_operators_opening(
    locker: LockerInHand, kind: type[UnlockCompartment | EmergencyUnlock], reason: str
) -> None:
    id = locker.deposit(1, recipient="r-1")
    locker.operate(kind(compartment=id))
    [notice] = told(locker)
    assert (notice.parcel, notice.recipient, notice.compartment, notice.reason) == (P1, "r-1", id, reason)


def test_one_from_the_terminal_one_to_take_stock_and_one_of_all_doors(locker: LockerInHand) -> None:
    id = locker.deposit(1)
    locker.put(inputs.LocalCommand(UnlockCompartment(compartment=id), "a look"))
    locker.closes(id)
    locker.service()
    locker.put(inputs.AuditStartAsked(TECHNICIAN))
    locker.put(inputs.AuditDoorAsked(TECHNICIAN, id))
    locker.closes(id)
    locker.put(inputs.OpenAllAsked(TECHNICIAN))
    assert [notice.reason for notice in told(locker)] == ["service", "audit", "all"]


def test_not_the_recipients_own_nor_one_of_a_vacant_compartment(locker: LockerInHand) -> None:
    locker.deposit(1)
    locker.operate(UnlockCompartment(compartment=A04))
    locker.closes(A04)
    locker.type_code(locker.code_of(1))
    assert told(locker) == []


def test_one_that_nobody_sees_because_the_sensor_is_silent(locker: LockerInHand) -> None:
    id = locker.deposit(1)
    locker.silence(id)
    locker.operate(UnlockCompartment(compartment=id))
    locker.pass_ms(11 * SECOND_MS)
    assert len(told(locker)) == 1


def test_not_one_that_did_not_come_about(locker: LockerInHand) -> None:
    id = locker.deposit(1)
    locker.jam(id)
    locker.operate(UnlockCompartment(compartment=id))
    locker.pass_ms(MINUTE_MS)
    assert told(locker) == []


def test_nobody_waits_any_more_for_a_parcel_that_was_cancelled(locker: LockerInHand) -> None:
    id = locker.deposit(1)
    locker.command(CancelParcel(parcel=P1))
    locker.operate(UnlockCompartment(compartment=id))
    assert told(locker) == []
