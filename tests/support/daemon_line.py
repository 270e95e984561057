"""The far end of a daemon's serial line: CU48 boards that, before they obey an unlock, look into the journal.

They and their cabinet live in the test's process, so they outlive every daemon.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from support import daemon_journal

from firmware_bridge.codecs.kerong import UNLOCK, frames
from firmware_bridge.responders import Responder, Response

_AUTHORISED = "locker.unlock.authorised.v1"


@dataclass(frozen=True, slots=True)
class Unlocking:
    """An unlock frame, and what stood in the journal at the moment it arrived, before the board obeyed."""

    frame: bytes
    compartment: str
    boot: int
    """Of the last record."""
    told: int
    """How often this boot has unlocked this compartment, this time included."""
    authorised: int
    """How many records of this boot allow that."""
    sequence: int
    """The last record that allows it, 0 for none."""

    @property
    def lawful(self) -> bool:
        """Whether the record was there first, and for this pulse alone."""
        return self.told <= self.authorised


class WatchedBoards:
    """A `Responder` around another. `unlockings` is only added to."""

    def __init__(self, boards: Responder, data_dir: Path) -> None:
        self.unlockings: list[Unlocking] = []
        self._boards = boards
        self._data_dir = data_dir
        self._frames = frames()
        self._authorised: list[tuple[int, int, str]] = []
        self._boot = 0
        self._read_to = 0

    def hear(self, heard: bytes) -> list[Response]:
        """See `Responder.hear`."""
        answers: list[Response] = []
        for frame in self._frames.feed(heard):
            if frame[3] == UNLOCK:
                self.unlockings.append(self._look(frame))
            answers += self._boards.hear(frame)
        return answers

    def _look(self, frame: bytes) -> Unlocking:
        self._read_on()
        compartment = compartment_of(frame[2] + 1)
        told = 1 + sum((one.boot, one.compartment) == (self._boot, compartment) for one in self.unlockings)
        allowing = [at for at, boot, id in self._authorised if (boot, id) == (self._boot, compartment)]
        return Unlocking(frame, compartment, self._boot, told, len(allowing), max(allowing, default=0))

    def _read_on(self) -> None:
        for sequence, raw in daemon_journal.rows(self._data_dir, self._read_to):
            record = json.loads(raw)
            self._read_to, self._boot = sequence, record["boot"]
            if record["type"] == _AUTHORISED:
                self._authorised.append((sequence, self._boot, record["data"]["compartment"]))


def compartment_of(channel: int) -> str:
    """The compartment on a channel of the test cabinets."""
    return f"A{channel:02}"


def channel_of(compartment: str) -> int:
    """The channel of a compartment."""
    return int(compartment[1:])
