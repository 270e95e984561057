"""A cabinet to be commissioned, its draft, and a person who stands before it and answers what is asked."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from support.dialogue import Dialogue
from support.line_notes import Notes

from controller.cli.simulated_stage import Script, Stage, stage

PULSED = r"\d+ of \d+: main (\d+) was pulsed; \d+ doors? known"
QUESTION = r"Which door opened\? \[(\w+)\] \(0 none, \? help\) "
CLOSE = r"Close ([\w ]+) …"
CLOSE_UNSEEN = r"Close ([\w ]+), then Enter "
END = r"\d+ of \d+ compartments can be used"


@dataclass(frozen=True)
class Building:
    """A cabinet that stands, with one board, and the draft of it."""

    stage: Stage
    draft: Path

    @property
    def folder(self) -> Path:
        return self.draft.parent

    @property
    def doors(self) -> range:
        return range(1, self.stage.script.doors + 1)

    def hanging_on(self, channel: int) -> tuple[int, ...]:
        """The doors whose locks are really wired to a channel."""
        return self.stage.script.wires.loom(self.doors).locks[channel]


@contextmanager
def building(folder: Path, script: Script, *, baud: int = 19_200, **board: object) -> Iterator[Building]:
    """Put it up; the draft knows no wires, and believes in `baud` and what else is told of the board."""
    with stage(script, lambda door, what: None) as put_up:
        draft = folder / "draft.toml"
        told = "".join(f"{key} = {value}\n" for key, value in board.items())
        draft.write_text(draft_text(put_up.line.port, script, baud) + told + _compartments(script.doors))
        yield Building(put_up, draft)


def draft_text(port: str, script: Script, baud: int) -> str:
    """The tables above the compartments; the board's is the last."""
    return f"""\
[locker]
id = "L0042"
data_dir = "data"

[[supplies]]
name = "psu"
gap_ms = 50

[[boards]]
name = "main"
driver = "{script.driver}"
port = "{port}"
baud = {baud}
address = 1
supply = "psu"
pulse_ms = 120
try_channels = {script.doors}
"""


def _compartments(doors: int) -> str:
    return "".join(f'\n[[compartments]]\nid = "{name(door)}"\nsize = "M"\n' for door in range(1, doors + 1))


def name(door: int) -> str:
    """What stands on a door."""
    return f"A{door:02}"


class Person:
    """Somebody with eyes, hands and a terminal."""

    def __init__(self, building: Building, *words: str) -> None:
        program = [sys.executable, "-m", "controller.cli.main", "commission", "--draft", str(building.draft), *words]
        self.terminal = Dialogue(program, building.folder)
        self._building = building
        self._cabinet = building.stage.cabinet
        self._notes = Notes()
        self._cabinet.on_change(lambda door: self._notes.nudge())
        self.terminal.until("Enter begins")
        self.terminal.type("")

    def pulsed(self) -> int | None:
        """Wait for the next pulse and the question after it; its channel, None at the end."""
        match = self.terminal.until(PULSED, END)
        if match.lastindex is None:
            return None
        self.terminal.until(QUESTION)
        return int(match[1])

    def sees(self, channel: int) -> tuple[int, ...]:
        """Watch what hangs on the channel open; the doors."""
        doors = self._building.hanging_on(channel)
        self._notes.wait(lambda: all(self._cabinet.doors()[door].open for door in doors))
        return doors

    def answers(self, *doors: int) -> None:
        """Type what opened."""
        self.terminal.type(" ".join(map(name, doors)) or "0")

    def closes(self, *doors: int) -> None:
        """Wait to be told so, and push them shut."""
        unseen = self.terminal.until(CLOSE, CLOSE_UNSEEN)[0].endswith("Enter ")
        for door in doors:
            self._notes.wait(partial(self._cabinet.close_door, door))
        if unseen:
            self.terminal.type("")

    def walks(self, most: int = 1_000) -> None:
        """Answer for up to so many channels, or to the end."""
        for _ in range(most):
            channel = self.pulsed()
            if channel is None:
                return
            doors = self.sees(channel)
            self.answers(*doors)
            if doors:
                self.closes(*doors)
