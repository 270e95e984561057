"""How long each screen waits and what comes then."""

from dataclasses import replace

import pytest

from controller.domain.answers import SignedOut
from controller.domain.ids import CompartmentId, MonoMs, Purpose, SessionId, Size
from kiosk.patience import counts_to, due, run_out
from kiosk.screens import (
    ConfirmDeposit,
    DepositStored,
    DidNotOpen,
    Doors,
    EnterCode,
    Home,
    Keeps,
    NeedsPerson,
    Outcome,
    ReadPlan,
    ScanLabel,
    ScanPass,
    Screen,
    SignIn,
    Summary,
    Thanks,
    TooManyTries,
    TypeLabel,
    Unavailable,
)
from kiosk.session import Ended, Overlay, Phase, Visit, begin, cover, set_door, show, touch
from kiosk.times import Times

TIMES = Times()
A01 = CompartmentId("A01")
START = MonoMs(1_000)


def visit_on(screen: Screen) -> Visit:
    return show(begin(SessionId("s"), START), screen, START)


def at_a_door(phase: Phase, purpose: Purpose = Purpose.PICKUP) -> Visit:
    return show(set_door(replace(begin(SessionId("s"), START), purpose=purpose), A01, phase, START), Doors(), START)


IDLE = [
    EnterCode(),
    ScanPass(),
    TooManyTries(MonoMs(999_000)),
    NeedsPerson("busy"),
    DidNotOpen(),
    SignIn(),
    ScanLabel(),
    TypeLabel(),
    ReadPlan("p", Size.M, 3600, (), ()),
    Keeps("too_big"),
]


@pytest.mark.parametrize("screen", IDLE)
def test_after_45_s_of_silence_we_ask_and_after_20_more_we_go_home(screen: Screen) -> None:
    visit = visit_on(screen)
    assert due(visit, TIMES) == START + 45_000

    asked = run_out(visit, MonoMs(START + 45_000), TIMES)
    assert isinstance(asked, Visit)
    assert asked.overlay is Overlay.STILL_THERE
    assert asked.screen == screen
    assert due(asked, TIMES) == START + 65_000
    assert counts_to(asked, TIMES) == START + 65_000
    assert run_out(asked, MonoMs(START + 65_000), TIMES) == Ended("idle")


def test_the_answer_to_still_there_may_be_given_any_number_of_times() -> None:
    visit = visit_on(EnterCode())
    for _ in range(5):
        now = due(visit, TIMES)
        asked = run_out(visit, now, TIMES)
        assert isinstance(asked, Visit)
        visit = touch(asked, MonoMs(now + 1_000))
        assert visit.overlay is None
        assert due(visit, TIMES) == now + 46_000


@pytest.mark.parametrize(
    ("screen", "after_s", "then"),
    [
        (Home(), 45, Ended("idle")),
        (Thanks(), 9, Ended("asked")),
        (Summary(SignedOut()), 9, Ended("asked")),
        (Outcome(MonoMs(61_000)), 60, Ended("idle")),
        (Outcome(START, "reopen_over"), 9, Ended("idle")),
    ],
)
def test_pages_that_only_tell_end_the_visit(screen: Screen, after_s: int, then: Ended) -> None:
    visit = visit_on(screen)

    assert due(visit, TIMES) == START + after_s * 1000
    assert run_out(visit, due(visit, TIMES), TIMES) == then


@pytest.mark.parametrize(
    ("screen", "after_s", "then"),
    [
        (DepositStored(A01), 9, ScanLabel()),
        (Unavailable(EnterCode()), 9, EnterCode()),
        (ConfirmDeposit(), 54, ScanLabel()),
    ],
)
def test_pages_in_between_lead_on(screen: Screen, after_s: int, then: Screen) -> None:
    visit = visit_on(screen)
    assert due(visit, TIMES) == START + after_s * 1000

    step = run_out(visit, due(visit, TIMES), TIMES)

    assert isinstance(step, Visit)
    assert step.screen == then


def test_an_open_door_is_reminded_of_at_30_s_and_never_holds_the_visit() -> None:
    visit = at_a_door(Phase.OPEN)
    assert due(visit, TIMES) == START + 30_000

    reminded = run_out(visit, due(visit, TIMES), TIMES)
    assert isinstance(reminded, Visit)
    assert reminded.screen == Doors(urgent=True)
    assert due(reminded, TIMES) == START + 125_000
    assert run_out(reminded, due(reminded, TIMES), TIMES) == Ended("idle")


def test_nobody_is_asked_still_there_while_a_door_is_open() -> None:
    visit = at_a_door(Phase.OPEN)
    for _ in range(2):
        step = run_out(visit, due(visit, TIMES), TIMES)
        if isinstance(step, Ended):
            break
        visit = step
        assert visit.overlay is None


def test_an_unlock_that_nothing_more_is_heard_of_did_not_open() -> None:
    visit = at_a_door(Phase.OPENING)
    assert due(visit, TIMES) == START + 25_000

    step = run_out(visit, due(visit, TIMES), TIMES)

    assert isinstance(step, Visit)
    assert step.screen == DidNotOpen()


@pytest.mark.parametrize(
    ("purpose", "then"), [(Purpose.PICKUP, Outcome(MonoMs(START + 85_000))), (Purpose.DEPOSIT, ConfirmDeposit())]
)
def test_a_door_without_a_sensor_is_taken_for_shut_in_the_end(purpose: Purpose, then: Screen) -> None:
    visit = at_a_door(Phase.UNSEEN, purpose)

    step = run_out(visit, due(visit, TIMES), TIMES)

    assert isinstance(step, Visit)
    assert step.screen == then


def test_help_does_not_stop_the_clock_of_a_door() -> None:
    visit = cover(at_a_door(Phase.OPEN), Overlay.HELP, MonoMs(START + 10_000))

    assert due(visit, TIMES) == START + 30_000


@pytest.mark.parametrize(
    ("screen", "until"),
    [
        (Outcome(MonoMs(61_000)), 61_000),
        (TooManyTries(MonoMs(601_000)), 601_000),
        (ConfirmDeposit(), START + 45_000),
        (EnterCode(), None),
    ],
)
def test_only_what_the_visitor_should_know_is_counted_down(screen: Screen, until: int | None) -> None:
    assert counts_to(visit_on(screen), TIMES) == until


def test_times_are_whole_seconds_within_an_hour() -> None:
    assert Times.of({"idle_s": 60}).idle_s == 60
    with pytest.raises(ValueError, match=r"there is no kiosk time 'idel_s'.*idle_s"):
        Times.of({"idel_s": 60})
    for wrong in (0, 3601, True, 1.5):
        with pytest.raises(ValueError, match="idle_s"):
            Times.of({"idle_s": wrong})  # type: ignore[dict-item]  # what a configuration file may hold
