"""The checklist: before the first parcel, after a change, after complaints; enforced here and not on the screen."""

from support.locker_heart import HOUR_MS
from support.locker_in_hand import DRIVER, NORTH, SOUTH, LockerInHand, is_refused, s10_label, unlocked
from support.policies import a_policy

from controller.domain import events as ev
from controller.domain.answers import Noted, PlanShown, SignedIn
from controller.domain.drift import DriftPolicy, Figure
from controller.domain.inputs import ChecklistConfirmed
from controller.domain.misfits import Misfit
from controller.domain.refusals import Refusal


def a_locker(**figures: object) -> LockerInHand:
    locker = LockerInHand(a_policy(**{"checklist": "v1", **figures}))
    locker.expect(1)
    return locker


def confirm(locker: LockerInHand) -> None:
    assert locker.put(ChecklistConfirmed(DRIVER)) == Noted()


def test_no_parcel_before_it_was_read_and_then_not_again() -> None:
    locker = a_locker()
    assert locker.sign_in() == SignedIn(checklist=True)
    assert is_refused(locker.scan(s10_label(1)), Refusal.CHECKLIST_DUE)
    confirm(locker)
    done = locker.last(ev.DriverChecklistDone)
    assert (done.driver, done.carrier, done.version) == ("d-7", NORTH, "v1")
    assert isinstance(locker.scan(s10_label(1)), PlanShown)
    locker.leave()
    assert locker.sign_in() == SignedIn()
    locker.check_replay()


def test_each_driver_reads_it() -> None:
    locker = a_locker()
    locker.sign_in()
    confirm(locker)
    locker.leave()
    assert locker.sign_in(driver="d-8") == SignedIn(checklist=True)
    locker.leave()
    assert locker.sign_in(SOUTH) == SignedIn(checklist=True), "another carrier's driver of the same name is another"


def test_in_the_first_visits_as_many_as_the_site_says() -> None:
    locker = a_locker(checklist_visits=2)
    for _ in range(2):
        assert locker.sign_in() == SignedIn(checklist=True)
        confirm(locker)
        assert isinstance(locker.scan(s10_label(1)), PlanShown)
        locker.leave()
    assert locker.sign_in() == SignedIn()


def test_a_change_is_read_again_also_after_a_restart() -> None:
    locker = a_locker()
    locker.sign_in()
    confirm(locker)
    locker.leave()
    locker.restart()
    assert locker.sign_in() == SignedIn()
    locker.leave()
    locker.policy = a_policy(checklist="v2")
    assert locker.sign_in() == SignedIn(checklist=True)


def test_complaints_bring_it_back_once_a_day() -> None:
    locker = a_locker(drift=DriftPolicy({Figure.STRAYS: 1}))
    locker.sign_in()
    confirm(locker)
    locker.scan(s10_label(1))
    locker.closes(unlocked(locker.acknowledge()))
    locker.other_door(Misfit.STRAY)
    locker.leave()
    assert locker.sign_in() == SignedIn(), "read today already"
    locker.leave()
    locker.pass_ms(24 * HOUR_MS)
    assert locker.sign_in() == SignedIn(checklist=True)
    confirm(locker)
    locker.leave()
    assert locker.sign_in() == SignedIn()


def test_without_one_nothing_is_asked(locker: LockerInHand) -> None:
    assert locker.sign_in() == SignedIn()
    confirm(locker)
    assert not locker.all(ev.DriverChecklistDone)
