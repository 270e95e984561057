"""The cabinet's contacts: told of once, and what a fire alarm stops."""

import pytest
from support.locker_heart import HOUR_MS
from support.locker_in_hand import LockerInHand, is_refused, s10_label

from controller.domain import events as ev
from controller.domain import inputs
from controller.domain.answers import DoorUnlocked
from controller.domain.contacts import Contact, ContactKind
from controller.domain.refusals import Refusal

FIRE, MAINS = Contact("alarm", ContactKind.FIRE), Contact("power", ContactKind.MAINS)
BACK, TILT = Contact("back", ContactKind.SERVICE_DOOR), Contact("tilt", ContactKind.TILT)


def read(locker: LockerInHand, contact: Contact, *, at_rest: bool) -> None:
    locker.put(inputs.ContactRead(contact, at_rest))


@pytest.mark.parametrize(
    ("contact", "left", "back"),
    [
        (FIRE, ev.SecurityFire(contact="alarm"), ev.SecurityFireEnded(contact="alarm")),
        (MAINS, ev.MainsLost(contact="power"), ev.MainsRecovered(contact="power")),
        (
            BACK,
            ev.SecurityTamper(contact="back", kind="service_door", reason="unattended"),
            ev.SecurityTamperEnded(contact="back", kind="service_door"),
        ),
        (
            TILT,
            ev.SecurityTamper(contact="tilt", kind="tilt", reason="unattended"),
            ev.SecurityTamperEnded(contact="tilt", kind="tilt"),
        ),
    ],
)
def test_each_is_told_of_once_and_when_it_is_over(
    locker: LockerInHand, contact: Contact, left: ev.Event, back: ev.Event
) -> None:
    read(locker, contact, at_rest=True)
    mark = len(locker.history)
    for at_rest in (False, False, True, True):
        read(locker, contact, at_rest=at_rest)
    assert [event for _, event in locker.history[mark:]] == [left, back]
    assert locker.state.contacts == {}


@pytest.mark.parametrize("locked_out", [True, False])
def test_a_technician_at_the_service_door_is_no_alarm(locker: LockerInHand, locked_out: bool) -> None:
    if locked_out:
        locker.put(inputs.LockOutAsked(None, "rewiring"))
    else:
        locker.service()
    read(locker, BACK, at_rest=False)
    assert locker.last(ev.SecurityTamper).reason == "attended"


def test_fire_stops_deposits_and_opens_nothing_by_itself(locker: LockerInHand) -> None:
    locker.deposit(1)
    locker.expect(2)
    locker.plan(2)
    unlocks = len(locker.all(ev.UnlockAuthorised))
    read(locker, FIRE, at_rest=False)
    assert is_refused(locker.acknowledge(), Refusal.FIRE_ALARM)
    assert is_refused(locker.scan(s10_label(2)), Refusal.FIRE_ALARM)
    locker.leave()
    locker.pass_ms(HOUR_MS)
    assert len(locker.all(ev.UnlockAuthorised)) == unlocks
    assert isinstance(locker.type_code(locker.code_of(1)), DoorUnlocked), "nobody's parcel is kept from them"
    locker.restart()
    assert locker.state.contacts == {}, "it is read again at every start"
