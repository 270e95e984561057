"""What a person may type, and what is made sure of."""

import io
from collections.abc import Callable

import pytest
from support.commissioned import a_draft

from controller.cli.commission_person import HELP, NotUnderstood, PersonEyes, read_answer
from controller.device.commissioning.draft import Terminal
from controller.device.commissioning.learning import Moved
from controller.device.commissioning.walk import Again, Attempt, Back, Finish, Opened

IDS = ("A01", "A02", "A10", "B01", "B02")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("", Opened(("A02",))),
        ("0", Opened(())),
        ("N", Opened(())),
        ("10", Opened(("A10",))),
        ("b02", Opened(("B02",))),
        (" A01, B01 a01 ", Opened(("A01", "B01"))),
        ("+", Again()),
        ("r", Again()),
        ("-", Back()),
        ("b", Back()),
        ("F", Finish()),
    ],
)
def test_digits_names_and_keys_are_understood(typed: str, answer: object) -> None:
    assert read_answer(f"{typed}\n", "A02", IDS) == answer


def test_enter_without_a_suggestion_is_no_door() -> None:
    assert read_answer("\n", None, IDS) == Opened(())


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1", "1 may be A01 or B01: type the whole name"),
        ("7", "there is no door 7; they are A01 to B02"),
        ("A1", "there is no door a1"),
        ("?", HELP),
    ],
)
def test_what_is_not_understood_says_why(typed: str, sentence: str) -> None:
    with pytest.raises(NotUnderstood) as why:
        read_answer(typed, None, IDS)
    assert sentence in str(why.value)


def looks_once(true: Callable[[], bool], limit_s: float) -> bool:
    """No time passes."""
    return true()


class Talk:
    """A person who types what was told, and all that was asked."""

    def __init__(self, *typed: str) -> None:
        self._typed = [*typed]
        self.asked: list[str] = []

    def ask(self, prompt: str) -> str:
        self.asked.append(prompt)
        return f"{self._typed.pop(0)}\n"


def eyes(talk: Talk) -> tuple[PersonEyes, io.StringIO]:
    out = io.StringIO()
    return PersonEyes(a_draft(3), looks_once, "somebody", out, talk.ask), out


def attempt(*moved: int, found: frozenset[str] = frozenset()) -> Attempt:
    bits = tuple(Moved(Terminal("main", channel), True) for channel in moved)
    return Attempt(Terminal("main", 2), 1, 3, found, lambda: bits)


def test_the_door_whose_sensor_moved_is_suggested_else_the_drafts_else_the_next() -> None:
    for moved, found, suggested in [((3,), set(), "A03"), ((), set(), "A02"), ((), {"A02"}, "A01")]:
        talk = Talk("")
        assert eyes(talk)[0].which(attempt(*moved, found=frozenset(found))) == Opened((suggested,))
        assert f"[{suggested}]" in talk.asked[0]


def test_a_mistake_is_asked_again() -> None:
    talk = Talk("9", "3")
    person, out = eyes(talk)
    assert person.which(attempt()) == Opened(("A03",))
    assert "there is no door 9" in out.getvalue()


def test_no_door_although_a_sensor_moved_is_made_sure_of() -> None:
    talk = Talk("0", "no", "3")
    assert eyes(talk)[0].which(attempt(3)) == Opened(("A03",))
    assert talk.asked[1].startswith("But a sensor moved (main 3). Is every door shut?")
    assert eyes(Talk("0", ""))[0].which(attempt(3)) == Opened(())


def test_a_door_that_another_channel_opened_before_is_made_sure_of() -> None:
    talk = Talk("1", "no", "2")
    assert eyes(talk)[0].which(attempt(found=frozenset({"A01"}))) == Opened(("A02",))
    assert talk.asked[1].startswith("Another channel opened A01 before.")


def test_a_door_that_no_sensor_sees_is_closed_with_enter() -> None:
    talk = Talk("")
    eyes(talk)[0].shut(("A01",), lambda: True)
    assert talk.asked == ["Close A01, then Enter "]


def test_a_door_that_is_seen_to_stay_open_is_asked_for_until_it_is_not() -> None:
    shut = iter([False, False, False, True])
    talk = Talk("")
    person, out = eyes(talk)
    person.shut(("A01", "A02"), lambda: next(shut))
    assert talk.asked == ["A01 and A02 still reads open. Close it, then Enter "]
    assert "Close A01 and A02 …" in out.getvalue()


def test_nothing_is_asked_before_nothing() -> None:
    talk = Talk()
    eyes(talk)[0].begin(0)
    assert talk.asked == []
