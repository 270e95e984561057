"""The dialogue with whoever stands before the cabinet: digits and Enter will do, for the fingers may be cold."""

import re
import sys
from collections.abc import Callable, Sequence
from typing import TextIO

from controller.cli.interruption import Interruption
from controller.cli.output import some
from controller.device.commissioning.draft import Draft
from controller.device.commissioning.walk import Again, Answer, Attempt, Back, Finish, Opened

SHUT_S = 60.0
"""How long a door is watched before the person is asked whether it is shut."""
HELP = """\
  7 or A07    that door opened; several: 7 8        Enter       the door in brackets opened
  0           no door opened                        + or r      pulse it once more
  - or b      the answer before was wrong           f           leave the rest, write down what is known
  Ctrl-C      stop; started again, it goes on from here"""


Wait = Callable[[Callable[[], bool], float], bool]
"""Waits until something holds, so many seconds at most; whether it does."""


class NotUnderstood(ValueError):
    """What was typed names no door and no key; the sentence says so."""


class PersonEyes:
    """A person looks, at a terminal."""

    def __init__(self, draft: Draft, wait: Wait, name: str, out: TextIO, ask: Callable[[str], str]) -> None:
        """`wait` is that of `Hands`; `ask` shows a prompt and gives the line that was typed."""
        self.name = name
        self._draft = draft
        self._wait = wait
        self._out = out
        self._ask = ask

    def begin(self, channels: int) -> None:
        """Make sure of the doors before the first pulse."""
        if channels:
            self._say(f"{some(channels, 'channel')} will be pulsed, one after the other. Is every door shut?")
            self._ask("Enter begins, Ctrl-C stops at any time ")

    def which(self, attempt: Attempt) -> Answer | Again:
        """Ask which doors opened, until it is understood."""
        self._say(
            f"\n{attempt.done + 1} of {attempt.of}: {attempt.lock} was pulsed; {some(len(attempt.found), 'door')} known"
        )
        while True:
            suggestion = self._suggestion(attempt)
            typed = self._ask(f"Which door opened? [{suggestion or 'none'}] (0 none, ? help) ")
            try:
                answer = read_answer(typed, suggestion, self._draft.ids)
            except NotUnderstood as why:
                self._say(str(why))
                continue
            if self._stands_by(answer, attempt):
                return answer

    def shut(self, opened: Sequence[str], is_shut: Callable[[], bool]) -> None:
        """Have the doors closed; where a sensor sees it, nothing need be typed."""
        doors = " and ".join(opened) or "what is open"
        if is_shut():
            self._ask(f"Close {doors}, then Enter ")
            return
        self._say(f"Close {doors} …")
        while not self._wait(is_shut, SHUT_S):
            self._ask(f"{doors} still reads open. Close it, then Enter ")
            if is_shut():
                return

    def _suggestion(self, attempt: Attempt) -> str | None:
        """The door that most likely opened: what the sensors say, else the draft, else the next that is not known."""
        left = [id for id in self._draft.ids if id not in attempt.found]
        likely = [*(self._draft.beside(it.sensor) for it in attempt.moved()), self._draft.guessed(attempt.lock), *left]
        return next((id for id in likely if id in left), None)

    def _stands_by(self, answer: Answer | Again, attempt: Attempt) -> bool:
        """Let the person think again where the answer is odd."""
        match answer:
            case Opened(ids=()) if moved := attempt.moved():
                sensors = ", ".join(str(it.sensor) for it in moved)
                return self._sure(f"But a sensor moved ({sensors}). Is every door shut?")
            case Opened(ids=ids) if known := [id for id in ids if id in attempt.found]:
                return self._sure(f"Another channel opened {' and '.join(known)} before. Did it open again?")
            case _:
                return True

    def _sure(self, question: str) -> bool:
        return self._ask(f"{question} [Enter: yes, anything else: no] ").strip() in ("", "y", "j")

    def _say(self, line: str) -> None:
        self._out.write(f"{line}\n")
        self._out.flush()


def read_answer(typed: str, suggestion: str | None, ids: Sequence[str]) -> Answer | Again:
    """What was meant. Raises `NotUnderstood`."""
    match typed.strip().lower():
        case "":
            return Opened((suggestion,) if suggestion else ())
        case "0" | "n":
            return Opened(())
        case "+" | "r":
            return Again()
        case "-" | "b":
            return Back()
        case "f":
            return Finish()
        case "?" | "h" | "help":
            raise NotUnderstood(HELP)
        case words:
            return Opened(tuple(dict.fromkeys(_door(word, ids) for word in re.split(r"[\s,]+", words) if word)))


def _door(word: str, ids: Sequence[str]) -> str:
    by_name = [id for id in ids if id.lower() == word]
    by_number = [id for id in ids if word.isdecimal() and _number(id) == int(word)]
    found = by_name or by_number
    if len(found) == 1:
        return found[0]
    if found:
        raise NotUnderstood(f"{word} may be {' or '.join(found)}: type the whole name")
    raise NotUnderstood(f"there is no door {word}; they are {ids[0]} to {ids[-1]}. ? shows what can be typed")


def _number(id: str) -> int | None:
    digits = re.search(r"\d+$", id)
    return int(digits[0]) if digits else None


def ask_at(out: TextIO, interruption: Interruption) -> Callable[[str], str]:
    """What asks at the terminal. An end of input is taken for Ctrl-C."""

    def ask(prompt: str) -> str:
        out.write(prompt)
        out.flush()
        typed: str = interruption.while_asking(sys.stdin.readline)
        if not typed:
            raise KeyboardInterrupt
        return typed

    return ask
