"""What the doors of a visit do to its screen, without server and without locker."""

import pytest

from controller.domain import events as ev
from controller.domain.ids import ClockQuality, CompartmentId, Door, MonoMs, Purpose, Role, SessionId, WallMs
from controller.domain.stamp import Stamp
from kiosk.doors import seen, unlocked
from kiosk.screens import ConfirmDeposit, DidNotOpen, Doors, EnterCode, NeedsPerson, Outcome
from kiosk.session import Ended, Phase, Visit, begin, door_of, show
from kiosk.times import Times

A01, A02 = CompartmentId("A01"), CompartmentId("A02")
MINE, OTHER = SessionId("mine"), SessionId("other")
TIMES = Times()
NOTHING: frozenset[CompartmentId] = frozenset()


def at(ms: int) -> Stamp:
    return Stamp(WallMs(0), MonoMs(ms), 1, ClockQuality.NTP)


def allowed(door: CompartmentId, purpose: Purpose = Purpose.PICKUP, session: SessionId = MINE) -> ev.UnlockAuthorised:
    return ev.UnlockAuthorised(compartment=door, purpose=purpose, role=Role.RECIPIENT, session=session)


def opened(door: CompartmentId) -> ev.DoorOpened:
    return ev.DoorOpened(compartment=door, cause="unlock")


def closed(door: CompartmentId) -> ev.DoorClosed:
    return ev.DoorClosed(compartment=door, open_ms=MonoMs(1))


def after(visit: Visit, *events: ev.Event, start_ms: int = 0) -> Visit:
    for number, event in enumerate(events):
        step = seen(visit, event, at(start_ms + number), TIMES)
        assert isinstance(step, Visit)
        visit = step
    return visit


def phase(visit: Visit, door: CompartmentId) -> Phase:
    found = door_of(visit, door)
    assert found is not None
    return found.phase


def test_an_unlock_of_this_visit_shows_its_door_on_the_way() -> None:
    visit = after(begin(MINE, MonoMs(0)), allowed(A01))

    assert visit.screen == Doors()
    assert phase(visit, A01) is Phase.OPENING


def test_an_unlock_of_somebody_else_changes_nothing() -> None:
    before = begin(MINE, MonoMs(0))

    assert seen(before, allowed(A01, session=OTHER), at(1), TIMES) is before
    assert seen(before, opened(A01), at(2), TIMES) is before


def test_an_operator_who_opens_a_door_from_afar_is_no_visitor() -> None:
    before = begin(MINE, MonoMs(0))

    assert seen(before, allowed(A01, Purpose.SERVICE), at(1), TIMES) is before


def test_the_closed_door_of_a_pickup_asks_whether_all_is_there() -> None:
    visit = after(begin(MINE, MonoMs(0)), allowed(A01), opened(A01), closed(A01))

    assert visit.screen == Outcome(MonoMs(2 + 60_000))


def test_the_outcome_waits_for_the_last_of_several_doors() -> None:
    visit = after(begin(MINE, MonoMs(0)), allowed(A01), allowed(A02), opened(A01), closed(A01))

    assert isinstance(visit.screen, Doors)
    assert isinstance(after(visit, opened(A02), closed(A02)).screen, Outcome)


@pytest.mark.parametrize("purpose", [Purpose.DEPOSIT, Purpose.TAKE_BACK])
def test_the_closed_door_of_a_driver_waits_for_their_word(purpose: Purpose) -> None:
    visit = after(begin(MINE, MonoMs(0)), allowed(A01, purpose), opened(A01), closed(A01))

    assert visit.screen == ConfirmDeposit()
    assert visit.confirming


def test_a_door_that_stays_shut_says_so_and_may_still_open_late() -> None:
    visit = after(begin(MINE, MonoMs(0)), allowed(A01), ev.DoorDidNotOpen(compartment=A01))
    assert visit.screen == DidNotOpen()

    late = after(visit, ev.DoorOpened(compartment=A01, cause="late"))
    assert late.screen == Doors()
    assert phase(late, A01) is Phase.OPEN


def test_a_lock_that_moved_another_door_says_that_somebody_has_to_help() -> None:
    mixed_up = ev.DoorWiringFault(compartment=A01, opened=A02, supply="psu")
    visit = after(begin(MINE, MonoMs(0)), allowed(A01), mixed_up)
    assert visit.screen == NeedsPerson("wiring_fault")
    assert phase(visit, A01) is Phase.STUCK
    somebody_else = begin(MINE, MonoMs(0))
    assert after(somebody_else, mixed_up) is somebody_else


def test_a_stuck_door_waits_while_another_one_stands_open() -> None:
    visit = after(begin(MINE, MonoMs(0)), allowed(A01), allowed(A02), opened(A01), ev.DoorDidNotOpen(compartment=A02))

    assert isinstance(visit.screen, Doors)


def test_a_stuck_door_of_a_deposit_under_way_still_waits_for_the_drivers_word() -> None:
    visit = after(
        begin(MINE, MonoMs(0)),
        *(allowed(A01, Purpose.DEPOSIT), opened(A01), closed(A01)),
        *(allowed(A01, Purpose.DEPOSIT), ev.DoorDidNotOpen(compartment=A01)),
    )

    assert visit.screen == ConfirmDeposit(stuck=True)


def test_a_door_left_open_ends_the_visit() -> None:
    visit = after(begin(MINE, MonoMs(0)), allowed(A01), opened(A01))

    assert seen(visit, ev.DoorLeftOpen(compartment=A01), at(9), TIMES) == Ended("told")


def test_a_latch_that_did_not_catch_brings_the_door_back() -> None:
    visit = after(begin(MINE, MonoMs(0)), allowed(A01), opened(A01), closed(A01))

    sprung = after(visit, ev.DoorOpened(compartment=A01, cause="unlatched"))

    assert sprung.screen == Doors()
    assert phase(sprung, A01) is Phase.OPEN


def test_a_door_without_a_word_from_its_sensor_is_unseen() -> None:
    visit = after(begin(MINE, MonoMs(0)), allowed(A01), ev.UnlockReported(compartment=A01, sent="no_feedback"))

    assert phase(visit, A01) is Phase.UNSEEN
    assert visit.screen == Doors()


def test_a_door_that_stood_open_already_is_open() -> None:
    visit = after(begin(MINE, MonoMs(0)), allowed(A01), ev.UnlockReported(compartment=A01, sent="already_open"))

    assert phase(visit, A01) is Phase.OPEN
    assert visit.screen == Doors()


def test_what_the_board_wrote_is_not_what_the_door_did() -> None:
    visit = after(begin(MINE, MonoMs(0)), allowed(A01))

    assert seen(visit, ev.UnlockReported(compartment=A01, sent="written"), at(5), TIMES) is visit


def test_an_answer_after_its_events_changes_nothing() -> None:
    visit = after(begin(MINE, MonoMs(0)), allowed(A01), opened(A01), closed(A01))

    assert unlocked(visit, (A01,), NOTHING, MonoMs(9)) is visit


def test_an_answer_before_its_events_shows_the_door_already() -> None:
    visit = unlocked(show(begin(MINE, MonoMs(0)), EnterCode(), MonoMs(0)), (A01,), NOTHING, MonoMs(1))

    assert visit.screen == Doors()
    assert phase(after(visit, allowed(A01), opened(A01)), A01) is Phase.OPEN


def test_a_visit_that_resumes_another_finds_its_door_open() -> None:
    visit = unlocked(begin(MINE, MonoMs(0)), (A01,), frozenset({A01}), MonoMs(1))

    assert phase(visit, A01) is Phase.OPEN


def test_a_reopened_door_is_the_only_one_of_the_visit() -> None:
    visit = after(begin(MINE, MonoMs(0)), allowed(A01), opened(A01), closed(A01), allowed(A02, Purpose.REOPEN))

    assert [door.id for door in visit.doors] == [A02]


def test_doors_of_a_visit_that_has_none_mean_nothing_to_it() -> None:
    visit = begin(MINE, MonoMs(0))

    for door in Door:
        assert seen(visit, ev.DoorSeen(compartment=A01, door=door), at(1), TIMES) is visit
