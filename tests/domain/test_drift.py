"""Slow decay: counted by day, told once when it comes to a limit, and once more when it is over."""

from dataclasses import replace

import pytest
from support.locker_heart import A01
from support.locker_in_hand import SOUTH, WRONG_CODE, LockerInHand
from support.policies import a_policy

from controller.domain import events as ev
from controller.domain.commands import UnlockCompartment
from controller.domain.drift import (
    DAY_MS,
    LOCKER,
    MOST_A_DAY,
    WINDOW_DAYS,
    Drift,
    DriftPolicy,
    Figure,
    Key,
    Mark,
    Subject,
    below_from,
    counted,
    day_of,
    total,
    totals,
)
from controller.domain.misfits import Misfit

JAMS_AT_A01: Key = (Figure.JAMS, Subject("door:A01"))
MISTYPED: Key = (Figure.MISTYPED_CODES, LOCKER)


@pytest.fixture
def strict() -> LockerInHand:
    """Somebody is told at the second of anything."""
    return LockerInHand(policy=replace(a_policy(), drift=DriftPolicy(dict.fromkeys(Figure, 2))))


def figure(locker: LockerInHand, figure: Figure, about: str = "") -> int:
    """As it stands now."""
    return total(locker.state.drift, (figure, Subject(about)), day_of(locker.at.wall))


def jam(locker: LockerInHand) -> None:
    """An operator unlocks a door that stays shut."""
    locker.jam(A01)
    locker.operate(UnlockCompartment(compartment=A01))
    locker.pass_ms(locker.policy.late_open_ms)


def test_an_ordinary_visit_counts_what_could_have_gone_wrong(locker: LockerInHand) -> None:
    place = locker.deposit(1)
    assert figure(locker, Figure.DEPOSITS) == figure(locker, Figure.DEPOSITS, "driver:north/d-7") == 1
    locker.type_code(locker.code_of(1))
    locker.pass_ms(7_000)
    locker.closes(place)
    assert figure(locker, Figure.PICKUPS, f"door:{place}") == 1
    assert figure(locker, Figure.OPENINGS, f"door:{place}") == 2
    assert figure(locker, Figure.OPEN_S) >= 7
    assert not locker.all(ev.HealthDrift)


def test_drivers_of_one_name_are_two_people_where_their_carriers_are(locker: LockerInHand) -> None:
    locker.deposit(1)
    locker.deposit(2, SOUTH)
    locker.expect(3, SOUTH)
    locker.put_in(3, SOUTH)
    locker.other_door(Misfit.STRAY)
    counted = (Figure.DEPOSITS, Figure.FAILED_DEPOSITS, Figure.STRAYS)
    assert [figure(locker, each, "driver:north/d-7") for each in counted] == [1, 0, 0]
    assert [figure(locker, each, "driver:south/d-7") for each in counted] == [1, 1, 1]


def test_a_door_that_jams_is_told_of_once_until_it_was_well_for_a_week(strict: LockerInHand) -> None:
    jam(strict)
    assert not strict.all(ev.HealthDrift)
    jam(strict)
    told = [each for each in strict.all(ev.HealthDrift) if each.figure is Figure.JAMS]
    assert told == [ev.HealthDrift(figure=Figure.JAMS, about=JAMS_AT_A01[1], count=2, limit=2, days=WINDOW_DAYS)]
    strict.pass_ms((WINDOW_DAYS - 1) * DAY_MS)
    assert JAMS_AT_A01 in strict.state.drift.raised
    strict.pass_ms(2 * DAY_MS)
    assert ev.HealthDriftOver(figure=Figure.JAMS, about=JAMS_AT_A01[1]) in strict.all(ev.HealthDriftOver)
    assert strict.state.drift.raised == ()


def test_codes_mistyped_are_a_matter_of_the_whole_locker(strict: LockerInHand) -> None:
    strict.type_code(WRONG_CODE)
    strict.type_code(WRONG_CODE)
    strict.type_code(WRONG_CODE)
    assert [(each.figure, each.about) for each in strict.all(ev.HealthDrift)] == [MISTYPED]


def test_a_start_after_a_power_cut_is_counted(locker: LockerInHand) -> None:
    locker.restart()
    assert figure(locker, Figure.UNCLEAN_BOOTS) == 1
    locker.restart(clean=True)
    assert figure(locker, Figure.UNCLEAN_BOOTS) == 1


def test_days_leave_the_window_one_by_one() -> None:
    drift = Drift()
    for day in range(100, 110):
        drift = counted(drift, (Mark(Figure.JAMS, (JAMS_AT_A01[1],), 3),), day)
    assert [day.number for day in drift.days] == [*range(103, 110)]
    assert total(drift, JAMS_AT_A01, 109) == totals(drift, 109)[JAMS_AT_A01] == 21
    assert total(drift, JAMS_AT_A01, 111) == totals(drift, 111)[JAMS_AT_A01] == 15


def test_it_is_known_beforehand_when_a_figure_will_be_below_its_limit() -> None:
    drift = counted(counted(Drift(), (Mark(Figure.JAMS, count=3),), 100), (Mark(Figure.JAMS, count=2),), 103)
    key = (Figure.JAMS, LOCKER)
    assert below_from(drift, key, 6) == 0
    assert below_from(drift, key, 5) == 100 + WINDOW_DAYS
    assert below_from(drift, key, 2) == 103 + WINDOW_DAYS
    assert below_from(drift, key, None) == 0


def test_a_clock_that_was_set_back_counts_on_in_the_last_day() -> None:
    drift = counted(counted(Drift(), (Mark(Figure.JAMS),), 100), (Mark(Figure.JAMS),), 99)
    assert [(day.number, day.counts) for day in drift.days] == [(100, {(Figure.JAMS, LOCKER): 2})]


def test_a_day_keeps_no_more_figures_apart_than_it_may() -> None:
    drift = Drift()
    for number in range(MOST_A_DAY + 5):
        drift = counted(drift, (Mark(Figure.DEPOSITS, (Subject(f"driver:{number}"),)),), 100)
    assert len(drift.days[0].counts) == MOST_A_DAY
    assert total(drift, (Figure.DEPOSITS, LOCKER), 100) == MOST_A_DAY + 5
