"""The compartment that opened will not do: too small, something in it, dirty. Another one opens, with one press."""

import pytest
from support.locker_heart import A01, A02, A03, A04, SECOND_MS
from support.locker_in_hand import DRIVER, NORTH, LockerInHand, is_refused, norths, unlocked
from support.policies import a_laddered_policy

from controller.domain import events as ev
from controller.domain import inputs
from controller.domain.allocation import status
from controller.domain.answers import DoorUnlocked, PlanShown, Stored
from controller.domain.commands import UpsertPreferences
from controller.domain.events import CompartmentSpec
from controller.domain.ids import Note, SessionId, Size
from controller.domain.misfits import Misfit
from controller.domain.preferences import Instructions
from controller.domain.refusals import Refusal
from controller.domain.state import Custody, Status

P1 = norths("P1")


def test_a_larger_one_opens_and_the_small_one_is_free_again(locker: LockerInHand) -> None:
    locker.expect(1)
    assert locker.put_in(1) == A02
    mark = len(locker.history)

    assert locker.other_door(Misfit.TOO_SMALL) == DoorUnlocked((A04,))

    assert locker.names_since(mark)[:4] == [
        "custody.released",
        "preference.shown",
        "custody.depositing",
        "unlock.authorised",
    ]
    assert status(locker[A02], locker.state) is Status.VACANT
    locker.closes(A04)
    assert locker.done() == Stored(P1, A04)
    locker.expect(2)
    assert locker.put_in(2) == A02


def test_there_is_none_larger_than_the_largest(locker: LockerInHand) -> None:
    locker.expect(1)
    locker.plan(1)
    locker.closes(unlocked(locker.acknowledge(size=Size.L)))
    assert is_refused(locker.other_door(Misfit.TOO_SMALL), Refusal.TOO_BIG)
    assert locker.state.parcels[P1].custody is Custody.EXPECTED
    assert (locker.last(ev.PlanRefused).reason, locker.last(ev.PlanRefused).ladder) == ("too_big", "redeliver")
    assert status(locker[A04], locker.state) is Status.VACANT


def test_no_larger_one_is_free(locker: LockerInHand) -> None:
    locker.expect(9, size=Size.L)
    locker.closes(locker.door_for(9))
    locker.done()
    locker.expect(1)
    locker.put_in(1)
    assert is_refused(locker.other_door(Misfit.TOO_SMALL), Refusal.LOCKER_FULL)
    assert locker.state.parcels[P1].custody is Custody.EXPECTED


@pytest.mark.parametrize("why", [Misfit.STRAY, Misfit.UNFIT])
def test_a_compartment_that_will_not_do_is_quarantined_for_its_reason(locker: LockerInHand, why: Misfit) -> None:
    locker.expect(1)
    assert locker.put_in(1) == A02
    assert locker.other_door(why) == DoorUnlocked((A03,))
    assert locker[A02].quarantine == why.value
    assert locker.last(ev.CompartmentQuarantined) == ev.CompartmentQuarantined(compartment=A02, reason=why.value)
    assert [(e.compartment, e.driver, e.session) for e in locker.all(ev.CustodyStray)] == (
        [(A02, "d-7", DRIVER)] if why is Misfit.STRAY else []
    )
    locker.closes(A03)
    assert locker.done() == Stored(P1, A03)


def test_empty_by_the_drivers_word_and_not_by_its_sensor_is_in_doubt(locker: LockerInHand) -> None:
    locker.expect(1)
    locker.put_in(1)
    locker.put(inputs.DoorsRead((), ((A02, True),)))
    assert locker.other_door(Misfit.TOO_SMALL) == DoorUnlocked((A04,))
    assert locker[A02].quarantine == "deposit_unfinished"


def test_shut_by_the_drivers_word_and_not_by_its_sensor_is_in_doubt(locker: LockerInHand) -> None:
    locker.expect(1)
    locker.put_in(1)
    locker.silence(A02)
    locker.other_door(Misfit.TOO_SMALL)
    assert locker[A02].quarantine == "deposit_unfinished"


def test_not_while_a_door_is_open(locker: LockerInHand) -> None:
    locker.expect(1)
    locker.door_for(1)
    assert is_refused(locker.other_door(Misfit.STRAY), Refusal.DOOR_OPEN)
    locker.closes(A02)
    assert is_refused(locker.other_door(Misfit.STRAY, SessionId("stranger")), Refusal.NOT_SIGNED_IN)
    locker.done()
    assert is_refused(locker.other_door(Misfit.STRAY), Refusal.NOTHING_TO_CONFIRM)
    assert not locker.all(ev.CustodyStray)


def test_the_small_door_springs_open_beside_the_large_one(locker: LockerInHand) -> None:
    """Two open doors: into which of them the parcel went nobody knows, and no wire is to blame."""
    locker.expect(1)
    locker.put_in(1)
    locker.jam(A04)
    locker.other_door(Misfit.TOO_SMALL)
    locker.opens(A02)
    assert locker[A02].quarantine == "opened_late"
    assert not locker.all(ev.DoorWiringFault)


def test_back_in_the_same_compartment_its_old_cycle_counts_for_nothing(locker: LockerInHand) -> None:
    locker.expect(1)
    locker.put_in(1)
    locker.other_door(Misfit.TOO_SMALL)
    locker.closes(A04)
    locker.take_back()
    locker.closes(A04)
    locker.jam(A02)
    assert locker.door_for(1) == A02
    locker.pass_ms(60 * SECOND_MS)
    assert not locker.all(ev.CustodyStored)
    assert locker.last(ev.CustodyReleased).reason == "did_not_open"


def test_what_has_changed_since_is_read_first(locker: LockerInHand) -> None:
    locker.expect(1)
    locker.put_in(1)
    given = Instructions(confirmed_at=locker.at.wall, note=Note("Upright"))
    locker.command(UpsertPreferences(preferences=given, parcel=P1), carrier=NORTH)
    assert isinstance(locker.other_door(Misfit.TOO_SMALL), PlanShown)
    assert locker.state.parcels[P1].custody is Custody.EXPECTED
    assert isinstance(locker.acknowledge(), DoorUnlocked)


def test_a_low_door_where_the_driver_asks_for_one() -> None:
    cabinet = [CompartmentSpec(A01, Size.M, handle_mm=1500), CompartmentSpec(A02, Size.M, handle_mm=900)]
    locker = LockerInHand(cabinet=cabinet)
    for serial, accessible, door in ((1, False, A01), (2, True, A02)):
        locker.expect(serial)
        locker.plan(serial)
        assert locker.acknowledge(accessible=accessible) == DoorUnlocked((door,))
        locker.closes(door)
        locker.done()
        locker.leave()


def test_no_low_door_is_free_and_no_high_one_is_given_silently() -> None:
    cabinet = [CompartmentSpec(A01, Size.M, handle_mm=1500), CompartmentSpec(A02, Size.M, handle_mm=900)]
    locker = LockerInHand(cabinet=cabinet)
    locker.expect(1)
    locker.plan(1)
    locker.acknowledge(accessible=True)
    locker.closes(A02)
    locker.done()
    locker.expect(2)
    locker.plan(2)
    assert is_refused(locker.acknowledge(accessible=True), Refusal.SUITABLE_FULL)


def test_what_fits_nowhere_is_to_be_brought_again() -> None:
    locker = LockerInHand(a_laddered_policy())
    locker.expect(1)
    locker.plan(1)
    locker.closes(unlocked(locker.acknowledge(size=Size.L)))
    locker.other_door(Misfit.TOO_SMALL)
    locker.leave()
    locker.pass_ms(SECOND_MS)
    assert "second_attempt" in [step.action for step in locker.all(ev.LadderStep)]
