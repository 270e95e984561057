"""Ctrl-C is never lost, and never comes where a lock of ours may be held."""

import os
import signal
from collections.abc import Iterator

import pytest

from controller.cli.interruption import SIGNALS, Interruption


@pytest.fixture
def interruption() -> Iterator[Interruption]:
    made = Interruption()
    with made.listening():
        yield made


def come(number: signal.Signals = signal.SIGINT) -> None:
    """The signal, from outside; its handler has run when this returns."""
    os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", SIGNALS)
def test_it_is_raised_at_once_while_nothing_is_held(interruption: Interruption, number: signal.Signals) -> None:
    with pytest.raises(KeyboardInterrupt):
        come(number)


@pytest.mark.parametrize("number", SIGNALS)
def test_while_boards_are_held_it_is_noted_and_raised_where_it_is_asked_for(
    interruption: Interruption, number: signal.Signals
) -> None:
    with interruption.held_back():
        come(number)
        with pytest.raises(KeyboardInterrupt):
            interruption.check()
        interruption.check()


def test_what_was_noted_is_raised_at_the_latest_when_the_boards_are_let_go(interruption: Interruption) -> None:
    done = []

    def walk() -> None:
        with interruption.held_back():
            come()
            done.append("walked")

    with pytest.raises(KeyboardInterrupt):
        walk()
    assert done == ["walked"]


def test_who_is_asked_may_break_off_at_once_and_is_not_asked_after_it_came(interruption: Interruption) -> None:
    asked = []

    def ask() -> str:
        asked.append("door?")
        come()
        return "A01"

    with interruption.held_back():
        with pytest.raises(KeyboardInterrupt):
            interruption.while_asking(ask)
        come()
        with pytest.raises(KeyboardInterrupt):
            interruption.while_asking(ask)
        assert interruption.while_asking(lambda: "A02") == "A02"
    assert asked == ["door?"]


def test_the_signals_are_given_back() -> None:
    before = [signal.getsignal(number) for number in SIGNALS]
    with Interruption().listening():
        assert [signal.getsignal(number) for number in SIGNALS] != before
    assert [signal.getsignal(number) for number in SIGNALS] == before
