"""The boards of a cabinet that is being commissioned: one lock pulsed at a time, every door bit watched."""

import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Final, Protocol

from controller.device.commissioning.draft import Draft, Terminal
from firmware_bridge.bench import Bench, Pins
from firmware_bridge.cabinet import Cabinet
from firmware_bridge.drivers import build_boards
from firmware_bridge.faults import BoardFault
from firmware_bridge.lock_board import Door, DoorReading, LockBoard, Observation, UnlockReport
from firmware_bridge.supply import Supply, SupplyRules
from firmware_bridge.timers import ThreadTimers

ATTEND_MS: Final = 5_000
REPORT_S: Final = 30.0
"""How long a pulse may wait for its turn on the supply and be given."""
SURVEY_S: Final = 10.0
PAUSE_S: Final = 0.1
"""How long a person who wants to stop may have to wait."""

Bits = Mapping[Terminal, bool]
"""Door bits by where they are read, those of boards that answer."""


class Hands(Protocol):
    """What a walk needs of the boards."""

    def look(self) -> Bits:
        """Read every door bit afresh."""

    def seen(self) -> Bits:
        """Every door bit as last told."""

    def stirred(self) -> Collection[Terminal]:
        """The bits that have changed since the last look, even if they are back: some people close a door at once."""

    def pulse(self, lock: Terminal) -> UnlockReport:
        """Energise one lock once; returns when that was reported."""

    def wait(self, true: Callable[[], bool], limit_s: float) -> bool:
        """Wait until something holds, looking whenever a bit changed; whether it does."""


class BoardHands:
    """`Hands` on real boards. Leaving the context closes them: nothing is energised any more."""

    def __init__(self, boards: Mapping[str, LockBoard], pause: Callable[[], None]) -> None:
        """`pause` is called every now and then while something is waited for; what it raises ends the waiting."""
        self._boards = boards
        self._pause = pause
        self._changed = threading.Condition()
        self._bits: dict[Terminal, bool] = {}
        self._stirred: set[Terminal] = set()
        self._faults: dict[str, BoardFault] = {}

    def open(self) -> None:
        """Begin to watch."""
        for board in self._boards.values():
            board.open(self._observed)

    def close(self) -> None:
        """Every output off, every port given back."""
        for board in self._boards.values():
            board.close()

    @property
    def faults(self) -> Mapping[str, BoardFault]:
        """The fault of each board that has one."""
        with self._changed:
            return dict(self._faults)

    def look(self) -> Bits:
        """Read every door bit afresh."""
        heard: list[str] = []
        for name, board in self._boards.items():
            board.survey(partial(self._surveyed, name, heard))
        self.wait(lambda: len(heard) == len(self._boards), SURVEY_S)
        with self._changed:
            self._stirred.clear()
            return dict(self._bits)

    def seen(self) -> Bits:
        """Every door bit as last told."""
        with self._changed:
            return dict(self._bits)

    def stirred(self) -> Collection[Terminal]:
        """The bits that have changed since the last look, even if they are back."""
        with self._changed:
            return set(self._stirred)

    def pulse(self, lock: Terminal) -> UnlockReport:
        """Energise one lock once. Raises TimeoutError if no report comes: nobody knows then what happened."""
        reports: list[UnlockReport] = []
        for board in self._boards.values():
            board.attend(ATTEND_MS)
        self._boards[lock.board].unlock(lock.channel, lambda report: self._note(partial(reports.append, report)))
        if not self.wait(lambda: bool(reports), REPORT_S):
            raise TimeoutError(f"{lock}: the pulse was not reported within {REPORT_S:.0f} s")
        return reports[0]

    def wait(self, true: Callable[[], bool], limit_s: float) -> bool:
        """Wait until something holds, looking whenever a bit changed; whether it does."""
        for board in self._boards.values():
            board.attend(ATTEND_MS)
        ends_s = time.monotonic() + limit_s
        while True:
            self._pause()
            left_s = ends_s - time.monotonic()
            with self._changed:
                if self._changed.wait_for(true, max(min(left_s, PAUSE_S), 0)):
                    return True
            if left_s <= PAUSE_S:
                return False

    def _note(self, what: Callable[[], object]) -> None:
        with self._changed:
            what()
            self._changed.notify_all()

    def _surveyed(self, board: str, heard: list[str], readings: Mapping[int, DoorReading]) -> None:
        self._note(partial(self._take, board, {channel: reading.door for channel, reading in readings.items()}))
        self._note(partial(heard.append, board))

    def _observed(self, observation: Observation) -> None:
        self._note(partial(self._observe, observation))

    def _observe(self, observation: Observation) -> None:
        self._take(observation.board, observation.doors)
        if observation.fault is None:
            self._faults.pop(observation.board, None)
        else:
            self._faults[observation.board] = observation.fault

    def _take(self, board: str, doors: Mapping[int, Door]) -> None:
        for channel, door in doors.items():
            place, bit = Terminal(board, channel), door is Door.CLOSED
            if door is Door.UNKNOWN:
                self._bits.pop(place, None)
                continue
            if self._bits.get(place, bit) is not bit:
                self._stirred.add(place)
            self._bits[place] = bit


@contextmanager
def hands_on(
    draft: Draft,
    *,
    cabinets: Mapping[str, Cabinet] | None = None,
    pins: Pins | None = None,
    pause: Callable[[], None] = lambda: None,
) -> Iterator[BoardHands]:
    """The boards of a draft, open. `pause`: see `BoardHands`. Raises ValueError, beginning with the board's name, for
    one that cannot be.
    """
    timers = ThreadTimers("commissioning")
    try:
        supplies = {
            table["name"]: Supply(
                SupplyRules(table["name"], table.get("max_energised", 1), table.get("gap_ms", 300)), timers
            )
            for table in draft.supplies
        }
        hands = BoardHands(build_boards(draft.specs, Bench(supplies, timers, cabinets=cabinets, pins=pins)), pause)
        try:
            hands.open()
            yield hands
        finally:
            hands.close()
    finally:
        timers.close()
