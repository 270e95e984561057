"""What the locker's answers do to a recipient's screen."""

import pytest

from controller.domain.answers import Answer, DoorUnlocked, Refused, SignedIn
from controller.domain.ids import CompartmentId, MonoMs, SessionId
from controller.domain.refusals import Refusal
from kiosk import recipient
from kiosk.screens import (
    Doors,
    EnterCode,
    Home,
    NeedsPerson,
    Outcome,
    ScanPass,
    Screen,
    Thanks,
    TooManyTries,
    Unavailable,
)
from kiosk.session import Ended, Visit, begin, show

NOW = MonoMs(5_000)
NOTHING: frozenset[CompartmentId] = frozenset()


def typing() -> Visit:
    return show(begin(SessionId("s"), MonoMs(0)), EnterCode(), MonoMs(0))


def answered(answer: Answer | None) -> Screen:
    return recipient.answered(typing(), answer, NOTHING, NOW).screen


def test_a_right_code_leads_to_the_door() -> None:
    visit = recipient.answered(typing(), DoorUnlocked((CompartmentId("A07"),)), NOTHING, NOW)

    assert visit.screen == Doors()
    assert [door.id for door in visit.doors] == ["A07"]


@pytest.mark.parametrize(
    ("refused", "screen"),
    [
        (Refused(Refusal.CODE_INVALID), EnterCode("code_invalid")),
        (Refused(Refusal.PASS_INVALID), ScanPass("pass_invalid")),
        (Refused(Refusal.TOO_MANY_TRIES, 600), TooManyTries(MonoMs(605_000))),
        (Refused(Refusal.TOO_MANY_OPENINGS), NeedsPerson("too_many_openings")),
        (Refused(Refusal.OUT_OF_SERVICE), NeedsPerson("out_of_service")),
        (Refused(Refusal.WIRING_FAULT), NeedsPerson("wiring_fault")),
        (Refused(Refusal.BUSY), NeedsPerson("busy")),
        (Refused(Refusal.STORAGE_FULL), EnterCode("storage_full")),
    ],
)
def test_a_no_leads_to_where_it_can_be_put_right(refused: Refused, screen: Screen) -> None:
    assert answered(refused) == screen


def test_a_locker_that_takes_nothing_in_says_so_and_comes_back() -> None:
    assert answered(None) == Unavailable(EnterCode())


def test_unavailable_twice_remembers_the_screen_before_both() -> None:
    once = recipient.answered(typing(), None, NOTHING, NOW)

    assert recipient.answered(once, None, NOTHING, NOW).screen == Unavailable(EnterCode())


def test_a_reopen_too_late_stays_on_its_page_without_the_offer() -> None:
    visit = show(typing(), Outcome(MonoMs(60_000)), MonoMs(0))

    screen = recipient.reopen_answered(visit, Refused(Refusal.REOPEN_OVER), NOTHING, NOW).screen

    assert screen == Outcome(NOW, "reopen_over")


def test_an_answer_meant_for_a_driver_is_a_mistake() -> None:
    with pytest.raises(TypeError, match="SignedIn"):
        answered(SignedIn())


def test_got_it_thanks_and_then_says_goodbye() -> None:
    thanked = recipient.got_it(show(typing(), Outcome(MonoMs(60_000)), MonoMs(0)), NOW)
    assert isinstance(thanked, Visit)

    assert thanked.screen == Thanks()
    assert recipient.got_it(thanked, NOW) == Ended("asked")
    assert recipient.got_it(show(typing(), Home(), NOW), NOW) is None
