"""Doors that nobody asked to move, and sensors that come and go."""

import pytest
from support.locker_heart import A01, A02, HOUR_MS, MINUTE_MS, SECOND_MS
from support.locker_in_hand import LockerInHand, norths

from controller.domain import events as ev
from controller.domain import inputs
from controller.domain.commands import CancelParcel, UnblockCompartment, UnlockCompartment
from controller.domain.ids import CompartmentId, Door, Size
from controller.domain.state import Custody

P1 = norths("P1")


def since(locker: LockerInHand, mark: int) -> list[ev.Event]:
    return [event for _, event in locker.history[mark:]]


def test_the_first_look_at_a_new_locker() -> None:
    locker = LockerInHand(surveyed=False)
    locker.cabinet.doors[A02].open = True
    locker.survey()
    assert [(e.compartment, e.door) for e in locker.all(ev.DoorSeen)] == [
        (id, Door.OPEN if id == A02 else Door.CLOSED) for id in locker.state.compartments
    ]
    assert locker[A02].quarantine is None


def test_the_same_reading_again_is_nothing_new(locker: LockerInHand) -> None:
    mark = len(locker.history)
    locker.survey()
    locker.read(A01)
    assert since(locker, mark) == []


def test_a_door_the_configuration_does_not_know_is_not_ours(locker: LockerInHand) -> None:
    mark = len(locker.history)
    locker.put(inputs.DoorsRead(((CompartmentId("Z99"), Door.OPEN),)))
    assert since(locker, mark) == []


def test_forced_while_vacant(locker: LockerInHand) -> None:
    mark = len(locker.history)
    locker.opens(A01)
    assert since(locker, mark) == [
        ev.DoorForced(compartment=A01),
        ev.CompartmentQuarantined(compartment=A01, reason="opened_unasked"),
    ]
    locker.pass_ms(3 * SECOND_MS)
    locker.closes(A01)
    closed = locker.last(ev.DoorClosed)
    assert closed.watched
    assert closed.open_ms == 3 * SECOND_MS + 1
    locker.opens(A01)
    assert len(locker.all(ev.CompartmentQuarantined)) == 1
    assert len(locker.all(ev.DoorForced)) == 2


def test_forced_while_occupied(locker: LockerInHand) -> None:
    id = locker.deposit(1)
    locker.pass_ms(HOUR_MS)
    locker.opens(id)
    locker.pass_ms(121 * SECOND_MS)
    locker.closes(id)
    assert locker.state.parcels[P1].custody is Custody.STORED
    assert [e.NAME for _, e in locker.history[-3:]] == ["door.forced", "door.left_open", "door.closed"]


def test_forced_after_an_operators_visit_is_no_removal(locker: LockerInHand) -> None:
    id = locker.deposit(1)
    locker.operate(UnlockCompartment(compartment=id))
    locker.closes(id)
    locker.command(CancelParcel(parcel=P1))
    locker.pass_ms(HOUR_MS)
    for _ in range(2):
        locker.opens(id)
        locker.closes(id)
    assert not locker.all(ev.CustodyRemoved)
    assert locker[id].parcel == P1


def test_any_door_left_open_is_told_once(locker: LockerInHand) -> None:
    locker.opens(A01)
    locker.pass_ms(2 * MINUTE_MS)
    locker.pass_ms(HOUR_MS)
    assert locker.all(ev.DoorLeftOpen) == [ev.DoorLeftOpen(compartment=A01)]
    locker.closes(A01)
    assert not locker[A01].left_open
    locker.opens(A01)
    locker.pass_ms(2 * MINUTE_MS)
    assert len(locker.all(ev.DoorLeftOpen)) == 2


@pytest.mark.parametrize("open_before", [False, True])
def test_a_sensor_that_comes_back_with_what_it_said_before(locker: LockerInHand, open_before: bool) -> None:
    if open_before:
        locker.opens(A01)
    locker.silence(A01)
    mark = len(locker.history)
    locker.hear(A01)
    door = Door.OPEN if open_before else Door.CLOSED
    assert since(locker, mark) == [ev.DoorSeen(compartment=A01, door=door)]


@pytest.mark.parametrize("restart", [False, True])
@pytest.mark.parametrize("opens", [False, True])
def test_what_moved_while_nobody_was_looking(locker: LockerInHand, opens: bool, restart: bool) -> None:
    if not opens:
        locker.opens(A01)
        locker.operate(UnblockCompartment(compartment=A01))
    if not restart:
        locker.silence(A01)
    locker.cabinet.doors[A01].open = opens
    mark = len(locker.history)
    if restart:
        locker.restart(off_ms=HOUR_MS)
    else:
        locker.hear(A01)
    seen = [e for e in since(locker, mark) if isinstance(e, ev.DoorOpened | ev.DoorClosed | ev.DoorForced)]
    assert seen == [
        ev.DoorOpened(compartment=A01, cause="unwatched")
        if opens
        else ev.DoorClosed(compartment=A01, open_ms=None, watched=False)
    ]
    assert (locker[A01].quarantine is not None) is opens


def test_opened_unwatched_while_occupied(locker: LockerInHand) -> None:
    id = locker.deposit(1)
    locker.cabinet.doors[id].open = True
    locker.restart()
    assert locker.last(ev.DoorOpened).cause == "unwatched"
    locker.closes(id)
    assert locker.state.parcels[P1].custody is Custody.STORED


def test_silent_twice_is_said_once(locker: LockerInHand) -> None:
    locker.silence(A01)
    locker.read(A01)
    locker.survey()
    assert len(locker.all(ev.DoorSensorUnknown)) == 1
    locker.restart()
    assert len(locker.all(ev.DoorSensorUnknown)) == 1
    assert locker[A01].door is Door.UNKNOWN
    locker.hear(A01)
    assert locker.last(ev.DoorSeen).door is Door.CLOSED


def test_late_ends_when_it_was_used(locker: LockerInHand) -> None:
    id = locker.deposit(1, size=Size.S)
    locker.operate(UnlockCompartment(compartment=id))
    locker.closes(id)
    locker.pass_ms(10 * SECOND_MS)
    locker.opens(id)
    assert locker.all(ev.DoorForced), "one permission is one opening"


def test_a_report_about_no_unlock_is_nothing(locker: LockerInHand) -> None:
    mark = len(locker.history)
    locker.put(inputs.UnlockEnded(A01, "written"))
    assert since(locker, mark) == []


def test_only_the_first_report_counts(locker: LockerInHand) -> None:
    locker.deposit(1)
    locker.type_code(locker.code_of(1))
    mark = len(locker.history)
    locker.put(inputs.UnlockEnded(A02, "no_reply"))
    assert since(locker, mark) == []


def test_boards_disks_and_clocks_are_told_when_they_change(locker: LockerInHand) -> None:
    mark = len(locker.history)
    for _ in range(2):
        locker.put(inputs.BoardTrouble("main", "no_reply"))
    locker.put(inputs.BoardTrouble("main", "echo"))
    for _ in range(2):
        locker.put(inputs.BoardTrouble("main", None))
    for low in (True, True, False, False):
        locker.put(inputs.DiskChecked(low))
    for low in (True, False):
        locker.put(inputs.PowerChecked(low))
        locker.put(inputs.HeatChecked(low, 81))
    locker.step_clock(HOUR_MS)
    locker.put(inputs.ClockMoved(locker.at.mono, synced=True))
    locker.put(inputs.AckForged(7, "ab" * 32))
    locker.put(inputs.DamageFound(9, "hash"))
    assert [event.NAME for event in since(locker, mark)] == [
        "health.board_fault",
        "health.board_fault",
        "health.board_recovered",
        "health.disk_low",
        "health.disk_recovered",
        "health.undervoltage",
        "health.overheat",
        "health.voltage_recovered",
        "health.temperature_recovered",
        "clock.stepped",
        "clock.synced",
        "security.fork",
        "health.storage_error",
    ]
