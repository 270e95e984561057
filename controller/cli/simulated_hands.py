"""What people type to push a simulated cabinet, and what then happens to it."""

from collections.abc import Callable, Mapping
from difflib import get_close_matches

from controller.cli.output import some
from controller.cli.simulated_stage import Stage
from firmware_bridge.cabinet import Cabinet
from firmware_bridge.lock_board import Door
from firmware_bridge.simulated_line import Trouble

HELP = """\
open N      pull door N open; a bolted one stays shut      close N     push it shut
force N     take a crowbar to it                           put N       put something in; take N: out again
jam N       its bolt sticks where it is; free N: no more   stick N D   its sensor says open or closed, or off: mended
silent on   the boards stay silent, off: no more           echo on     the adapter echoes
noise on    bytes of nobody before every answer            late 300    every answer comes so many ms later, 0: no more
unplug      pull the adapter out; plug: back in            doors       how every door stands"""


NOISE = bytes.fromhex("FA FD 99 99")
"""What was seen before frames on real lines."""
ALWAYS = 1 << 62


def trouble(*, noise: bool, echo: bool, late_ms: int) -> Trouble:
    """A line that is in this trouble all the time."""
    late = ALWAYS if late_ms else 0
    return Trouble(echo=echo, noise=NOISE if noise else b"", late=late, late_ms=late_ms)


class NotPushed(ValueError):
    """A line that nobody can follow; the sentence says why."""


def push(stage: Stage, line: str) -> str:
    """Do what a line of words says; what a person then reads, empty where the doors tell it themselves.

    Raises `NotPushed`.
    """
    match line.split():
        case []:
            return ""
        case ["help"]:
            return HELP
        case ["doors"]:
            return _doors(stage.cabinet)
        case ["unplug"]:
            stage.line.unplug()
        case ["plug"]:
            stage.line.plug()
        case ["silent", "on" | "off" as state]:
            stage.cabinet.lose_replies(state == "on")
        case ["echo", "on" | "off" as state]:
            stage.amend(echo=state == "on")
        case ["noise", "on" | "off" as state]:
            stage.amend(noise=NOISE if state == "on" else b"")
        case ["late", time] if time.isdecimal():
            stage.amend(late=ALWAYS if int(time) else 0, late_ms=int(time))
        case ["stick", door, says] if says in SAYS:
            stage.cabinet.stick_sensor(_door(stage.cabinet, door), SAYS[says])
        case [verb, door] if verb in PUSHES:
            return PUSHES[verb](stage.cabinet, _door(stage.cabinet, door))
        case words:
            raise NotPushed(_hint(words[0]))
    return "done"


def _open(cabinet: Cabinet, door: int) -> str:
    return "" if cabinet.open_door(door) else f"door {door} is bolted and stays shut"


def _close(cabinet: Cabinet, door: int) -> str:
    return "" if cabinet.close_door(door) else f"door {door} springs open again: its lock is energised"


def _force(cabinet: Cabinet, door: int) -> str:
    cabinet.force(door)
    return ""


def _jam(cabinet: Cabinet, door: int) -> str:
    cabinet.jam(door, True)
    return f"the bolt of door {door} sticks"


def _free(cabinet: Cabinet, door: int) -> str:
    cabinet.jam(door, False)
    return f"the bolt of door {door} moves again"


def _put(cabinet: Cabinet, door: int) -> str:
    return f"something is behind door {door}" if cabinet.put_item(door) else f"nothing can be put behind door {door}"


def _take(cabinet: Cabinet, door: int) -> str:
    return f"door {door} is empty" if cabinet.take_item(door) else f"nothing can be taken from behind door {door}"


PUSHES: Mapping[str, Callable[[Cabinet, int], str]] = {
    "open": _open,
    "close": _close,
    "force": _force,
    "jam": _jam,
    "free": _free,
    "put": _put,
    "take": _take,
}
SAYS: Mapping[str, Door | None] = {"open": Door.OPEN, "closed": Door.CLOSED, "unknown": Door.UNKNOWN, "off": None}
WORDS = (*PUSHES, "stick", "silent", "echo", "noise", "late", "unplug", "plug", "doors", "help")


def _door(cabinet: Cabinet, number: str) -> int:
    if not number.isdecimal() or int(number) not in cabinet.channels:
        doors = cabinet.channels
        raise NotPushed(f"there is no door {number}; doors are {doors[0]} to {doors[-1]}")
    return int(number)


def _doors(cabinet: Cabinet) -> str:
    truths = cabinet.doors()
    opened = [str(door) for door, truth in truths.items() if truth.open]
    jammed = [str(door) for door, truth in truths.items() if truth.jammed]
    notes = [f"open: {', '.join(opened)}"] if opened else ["all shut"]
    notes += [f"jammed: {', '.join(jammed)}"] if jammed else []
    return f"{some(len(truths), 'door')}, {'; '.join(notes)}"


def _hint(word: str) -> str:
    like = get_close_matches(word, WORDS, n=1)
    return f"not understood: {word}; " + (f"is {like[0]} meant? " if like else "") + "`help` lists what there is"
