"""Sensors that see whether something is inside, behind doors that are shut."""

from support.locker_heart import A01, A02
from support.locker_in_hand import LockerInHand

from controller.domain import events as ev
from controller.domain import inputs
from controller.domain.ids import CompartmentId


def sense(locker: LockerInHand, id: CompartmentId, present: bool) -> None:
    locker.put(inputs.DoorsRead((), ((id, present),)))


def test_a_change_behind_a_closed_door_is_on_record_once(locker: LockerInHand) -> None:
    sense(locker, A01, False)
    assert not locker.all(ev.CompartmentSensed), "empty is what every compartment is until a sensor says otherwise"
    for _ in range(2):
        sense(locker, A01, True)
    sense(locker, A01, False)
    assert locker.all(ev.CompartmentSensed) == [
        ev.CompartmentSensed(compartment=A01, present=True),
        ev.CompartmentSensed(compartment=A01, present=False),
    ]


def test_hands_in_an_open_compartment_are_nobodys_news(locker: LockerInHand) -> None:
    locker.opens(A01)
    sense(locker, A01, True)
    locker.silence(A02)
    sense(locker, A02, True)
    sense(locker, CompartmentId("Z99"), True)
    assert not locker.all(ev.CompartmentSensed)
    locker.closes(A01)
    sense(locker, A01, True)
    assert len(locker.all(ev.CompartmentSensed)) == 1


def test_what_was_sensed_is_remembered_over_a_restart(locker: LockerInHand) -> None:
    sense(locker, A01, True)
    locker.restart()
    sense(locker, A01, True)
    assert len(locker.all(ev.CompartmentSensed)) == 1
    assert locker[A01].sensed
