"""What can be done on the screen without the locker."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

import kiosk
from controller.domain.answers import SignedOut
from controller.domain.ids import CompartmentId, MonoMs, SessionId, Size
from kiosk import gestures
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
from kiosk.session import Ended, Overlay, Phase, Theme, Visit, begin, set_door, show
from kiosk.times import Times

NOW = MonoMs(9_000)
A01 = CompartmentId("A01")
LOBBY: list[Screen] = [Home(), EnterCode(), ScanPass(), TooManyTries(NOW), SignIn(), NeedsPerson("busy")]
DRIVER: list[Screen] = [ScanLabel(), TypeLabel(), ReadPlan("p", Size.M, 60, (), ()), Keeps("x"), DepositStored(A01)]
HELD: list[Screen] = [Doors(), Outcome(NOW), ConfirmDeposit(), Thanks()]


def visit_on(screen: Screen) -> Visit:
    return show(begin(SessionId("s"), MonoMs(0)), screen, MonoMs(0))


@pytest.mark.parametrize("screen", LOBBY)
@pytest.mark.parametrize(("to", "then"), [("code", EnterCode()), ("scan", ScanPass()), ("driver", SignIn())])
def test_before_a_door_every_way_in_is_open(screen: Screen, to: str, then: Screen) -> None:
    visit = gestures.go(visit_on(screen), to, NOW)

    assert visit is not None
    assert visit.screen == then
    assert visit.touched == NOW


@pytest.mark.parametrize("screen", DRIVER)
def test_a_driver_types_a_label_or_takes_the_next_parcel(screen: Screen) -> None:
    typing, following = gestures.go(visit_on(screen), "label", NOW), gestures.go(visit_on(screen), "next", NOW)

    assert typing is not None
    assert following is not None
    assert (typing.screen, following.screen) == (TypeLabel(), ScanLabel())


@pytest.mark.parametrize("screen", HELD)
def test_a_door_in_hand_leads_nowhere_else(screen: Screen) -> None:
    visit = visit_on(screen)

    assert [gestures.go(visit, to, NOW) for to in gestures.PLACES] == [None] * len(gestures.PLACES)
    assert gestures.back(visit, NOW) is None
    assert gestures.start_again(visit, NOW) is None


def test_nobody_comes_to_the_drivers_screens_by_asking() -> None:
    assert gestures.go(visit_on(Home()), "label", NOW) is None
    assert gestures.go(visit_on(ScanLabel()), "code", NOW) is None
    assert gestures.go(visit_on(Home()), "nowhere", NOW) is None


@pytest.mark.parametrize(
    ("screen", "then"),
    [*((screen, Home()) for screen in LOBBY), *((screen, ScanLabel()) for screen in DRIVER)],
)
def test_back_leads_to_the_screen_before(screen: Screen, then: Screen) -> None:
    visit = gestures.back(visit_on(screen), NOW)

    assert visit is not None
    assert visit.screen == then


def test_back_from_a_failure_leads_to_what_failed() -> None:
    visit = gestures.back(visit_on(Unavailable(EnterCode())), NOW)

    assert visit is not None
    assert visit.screen == EnterCode()


def test_back_takes_off_what_lies_over_the_screen_first() -> None:
    covered = gestures.ask_help(visit_on(Doors()), NOW)
    assert covered.overlay is Overlay.HELP

    visit = gestures.back(covered, NOW)

    assert visit is not None
    assert (visit.overlay, visit.screen) == (None, Doors())


def test_start_again_ends_a_visit_and_keeps_a_driver_signed_in() -> None:
    assert gestures.start_again(visit_on(EnterCode()), NOW) == Ended("asked")
    step = gestures.start_again(visit_on(Keeps("too_big")), NOW)
    assert isinstance(step, Visit)
    assert step.screen == ScanLabel()


def test_a_door_that_did_not_open_holds_nobody() -> None:
    recipient = visit_on(DidNotOpen())
    driver = replace(recipient, driver=True)
    home, following = gestures.back(recipient, NOW), gestures.back(driver, NOW)

    assert home is not None
    assert following is not None
    assert (home.screen, following.screen) == (Home(), ScanLabel())
    assert gestures.start_again(recipient, NOW) == Ended("asked")


def test_start_again_after_a_failure_leads_to_the_start_of_what_failed() -> None:
    assert gestures.start_again(visit_on(Unavailable(EnterCode())), NOW) == Ended("asked")
    step = gestures.start_again(visit_on(Unavailable(ConfirmDeposit())), NOW)
    assert isinstance(step, Visit)
    assert step.screen == ConfirmDeposit()


EVERY = [*LOBBY, *DRIVER, *HELD, DidNotOpen(), Summary(SignedOut()), Unavailable(Home())]


@pytest.mark.parametrize("screen", EVERY)
def test_the_page_shows_back_and_start_again_where_they_lead_somewhere(screen: Screen) -> None:
    source = (Path(kiosk.__file__).parent / "static" / "bar.js").read_text()
    listed = re.search(r"NO_WAY_BACK = \[(.*?)\]", source)
    assert listed is not None

    if f'"{screen.NAME}"' not in listed[1]:
        assert gestures.back(visit_on(screen), NOW) is not None
        assert gestures.start_again(visit_on(screen), NOW) is not None


def test_a_door_without_a_sensor_is_shut_when_the_visitor_says_so() -> None:
    unseen = set_door(visit_on(Doors()), A01, Phase.UNSEEN, MonoMs(0))
    opened = set_door(visit_on(Doors()), A01, Phase.OPEN, MonoMs(0))

    step = gestures.done(unseen, NOW, Times())

    assert isinstance(step, Visit)
    assert isinstance(step.screen, Outcome)
    assert gestures.done(opened, NOW, Times()) is None


def test_done_on_the_last_pages_ends_the_visit() -> None:
    assert gestures.done(visit_on(Summary(SignedOut())), NOW, Times()) == Ended("asked")
    assert gestures.done(visit_on(Thanks()), NOW, Times()) == Ended("asked")
    assert gestures.done(visit_on(EnterCode()), NOW, Times()) is None


def test_language_and_colours_last_for_the_visit() -> None:
    visit = gestures.colour(gestures.speak(visit_on(Home()), "de", NOW), Theme.CONTRAST, NOW)

    assert (visit.language, visit.theme) == ("de", Theme.CONTRAST)
    again = gestures.go(visit, "code", NOW)
    assert again is not None
    assert (again.language, again.theme) == ("de", Theme.CONTRAST)


def test_a_touch_takes_back_the_question_whether_anybody_is_there() -> None:
    asked = show(visit_on(EnterCode()), EnterCode(), MonoMs(0))

    assert gestures.still_here(asked, NOW).touched == NOW
