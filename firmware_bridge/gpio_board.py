"""Locks and door switches on GPIO lines, as gpiozero devices on any of its pin factories.

Nothing but this program ends the pulse, so it is refused for a lock that would burn if it did not: there must be a
hardware one-shot, or a lock that stands the current for ever. It is still ended twice: by the board's thread, and a
moment later by a guard thread should the first be held up. A process that is killed leaves its lines as they are;
`gpio_wires.safe_off` is for whoever comes after.
"""

import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from firmware_bridge.board_spec import ChannelLines, Pull
from firmware_bridge.codecs import Feedback
from firmware_bridge.edge_doors import EdgeDoors
from firmware_bridge.faults import BoardFault, FaultKind
from firmware_bridge.gpio_wires import PIN_ERRORS, GpioWires, line_fault
from firmware_bridge.lock_board import (
    AnswerSurvey,
    BoardState,
    Door,
    DoorReading,
    Observation,
    Observe,
    ReportUnlock,
    Sent,
    UnlockReport,
)
from firmware_bridge.supply import Lock, Supply, Turn
from firmware_bridge.timed_pulse import NotSwitched, PulseTiming, TimedPulses
from firmware_bridge.timers import ThreadTimers

IDLE_MS: Final = 1_000
"""How often lines are read although they tell of their edges: a chip may not, and an edge may be lost."""
ATTENDING_MS: Final = 200
RETAKE_MS: Final = 2_000
"""How often lines that could not be had are tried again."""


class GpioBoard:
    """A `LockBoard` on GPIO lines. Compartments without a door line always read `unknown`."""

    def __init__(
        self,
        name: str,
        lines: Mapping[int, ChannelLines],
        supply: Supply,
        pins: Any,
        timing: PulseTiming,
        *,
        feedback: Feedback = Feedback.CLOSED_IS_1,
        pull: Pull = Pull.UP,
    ) -> None:
        """`pins` is a gpiozero pin factory. The door bit is the line's level: a switch to ground that the closed door
        closes is `closed_is_0`.
        """
        self._name = name
        self._lines = lines
        self._supply = supply
        self._timing = timing
        self._feedback = feedback
        self._wires = GpioWires(name, lines, pins, pull)
        self._state = threading.Lock()
        self._alive: _Alive | None = None
        self._line_faults: dict[int, BoardFault] = {}
        self._stuck: dict[int, BoardFault] = {}
        self._told: BoardFault | None = None
        self._granted: deque[tuple[int, ReportUnlock, Turn]] = deque()
        self._surveys: list[AnswerSurvey] = []
        self._edged: set[int] = set()
        self._attended_ms = 0
        self._looks = 0
        self._retaking = False

    @property
    def name(self) -> str:
        """The board's name in the configuration."""
        return self._name

    def open(self, observe: Observe) -> None:
        """Take the lines, the locks' switched off; a line that cannot be had is an observation."""
        work, guard = ThreadTimers(f"gpio {self._name}"), ThreadTimers(f"gpio guard {self._name}")
        pulses = TimedPulses(self._timing, work, guard, self._note_stuck)
        doors = EdgeDoors(self._lines, work, self._read, self._tell)
        self._alive = _Alive(observe, work, guard, pulses, doors)
        work.call_later(0, self._take)
        work.call_later(0, partial(self._look_on, self._looks))

    def unlock(self, channel: int, report: ReportUnlock) -> None:
        """Queue one pulse; a closed board reports `not_sent` at once. Raises ValueError where there is no lock."""
        if channel not in self._lines or self._lines[channel].lock_line is None:
            raise ValueError(f"board {self._name} has no lock on channel {channel}")
        self._supply.claim(
            Lock(self._name, channel),
            self._timing.energised_ms,
            self._timing.kind,
            start=partial(self._start, channel, report),
            dropped=partial(report, UnlockReport(channel, Sent.NOT_SENT)),
        )

    def survey(self, answer: AnswerSurvey) -> None:
        """Read every line afresh. A closed board answers `unknown`, at once."""
        with self._state:
            alive = self._alive
            if alive is not None:
                self._surveys.append(answer)
        if alive is None:
            answer(self._unknown())
        else:
            alive.work.call_later(0, partial(alive.doors.survey, partial(self._answer, answer)))

    def state(self) -> BoardState:
        """What the lines last said."""
        alive = self._alive
        doors = self._unknown() if alive is None else alive.doors.readings()
        return BoardState(doors, self._told)

    def attend(self, duration_ms: int) -> None:
        """Read the lines every 200 ms for the next `duration_ms`, beside the edges that they tell of themselves."""
        alive = self._alive
        if alive is not None:
            self._attended_ms = max(self._attended_ms, alive.work.now_ms() + duration_ms)
            alive.work.call_later(0, self._look_often)

    def close(self) -> None:
        """End every pulse, switch every lock off, let go of the lines and end the threads."""
        with self._state:
            alive, self._alive = self._alive, None
        if alive is None:
            return
        self._supply.withdraw(self._name)
        alive.work.close()
        alive.guard.close()
        alive.pulses.end_all()
        for channel, fault in self._wires.give_back().items():
            self._stuck[channel] = fault
            alive.observe(Observation(self._name, {}, fault))
        while self._granted:
            channel, report, turn = self._granted.popleft()
            turn.unused()
            report(UnlockReport(channel, Sent.NOT_SENT))
        for answer in self._surveys:
            answer(self._unknown())
        self._surveys.clear()

    def _unknown(self) -> dict[int, DoorReading]:
        return dict.fromkeys(sorted(self._lines), DoorReading(Door.UNKNOWN))

    def _start(self, channel: int, report: ReportUnlock, turn: Turn) -> None:
        with self._state:
            alive = self._alive
            if alive is not None:
                self._granted.append((channel, report, turn))
        if alive is None:
            turn.unused()
            report(UnlockReport(channel, Sent.NOT_SENT))
        else:
            alive.work.call_later(0, partial(self._give, alive))

    def _give(self, alive: "_Alive") -> None:
        channel, report, turn = self._granted.popleft()
        output = self._wires.output(channel)
        if output is None:
            turn.unused()
            report(UnlockReport(channel, Sent.NOT_SENT, self._line_faults.get(channel)))
            return
        try:
            alive.pulses.give(channel, output, turn)
        except NotSwitched as failed:
            report(UnlockReport(channel, Sent.NO_REPLY, failed.fault))
        else:
            report(UnlockReport(channel, Sent.WRITTEN))

    def _take(self) -> None:
        """Take the lines that are not held yet, now and again until all are."""
        self._retaking = False
        self._line_faults = self._wires.take(self._edge)
        self._tell_fault()
        self._retake()

    def _retake(self) -> None:
        if self._line_faults and not self._retaking and self._alive is not None:
            self._retaking = True
            self._alive.work.call_later(RETAKE_MS, self._take)

    def _look_after_locks(self) -> None:
        gone = self._wires.look_after_locks()
        if gone.keys() - self._line_faults.keys():
            self._line_faults |= gone
            self._tell_fault()
            self._retake()

    def _read(self, channel: int) -> Door:
        try:
            level = self._wires.level(channel)
        except PIN_ERRORS as error:
            self._wires.drop(channel)
            self._line_faults[channel] = line_fault(self._name, f"of door {channel}", error)
            self._tell_fault()
            self._retake()
            level = None
        feedback = self._lines[channel].feedback or self._feedback
        return Door.UNKNOWN if level is None else feedback.door(level)

    def _edge(self, channel: int) -> None:
        with self._state:
            alive, first = self._alive, channel not in self._edged
            self._edged.add(channel)
        if alive is not None and first:
            alive.work.call_later(0, partial(self._look_at, alive, channel))

    def _look_at(self, alive: "_Alive", channel: int) -> None:
        with self._state:
            self._edged.discard(channel)
        alive.doors.look((channel,), self._wires.edge_age_ms(channel))

    def _look_often(self) -> None:
        self._looks += 1
        self._look_on(self._looks)

    def _look_on(self, looks: int) -> None:
        """Read all lines, and again after a while; one who starts anew ends who went before."""
        alive = self._alive
        if alive is None or looks != self._looks:
            return
        self._look_after_locks()
        alive.doors.look()
        pace_ms = ATTENDING_MS if alive.work.now_ms() < self._attended_ms else IDLE_MS
        alive.work.call_later(pace_ms, partial(self._look_on, looks))

    def _answer(self, answer: AnswerSurvey, readings: Mapping[int, DoorReading]) -> None:
        with self._state:
            self._surveys.remove(answer)
        answer(readings)

    def _note_stuck(self, channel: int, why: str | None) -> None:
        with self._state:
            if why is None:
                self._stuck.pop(channel, None)
            else:
                self._stuck[channel] = BoardFault(self._name, FaultKind.STUCK, f"lock {channel}: {why}")
        self._tell_fault()

    def _tell_fault(self) -> None:
        with self._state:
            alive = self._alive
            fault = next(iter((*self._stuck.values(), *self._line_faults.values())), None)
            news, self._told = fault != self._told, fault
        if news and alive is not None:
            alive.observe(Observation(self._name, {}, fault))

    def _tell(self, doors: dict[int, Door]) -> None:
        alive = self._alive
        if alive is not None:
            alive.observe(Observation(self._name, doors, self._told))


@dataclass(frozen=True, slots=True)
class _Alive:
    """What an open board has and a closed one has not."""

    observe: Observe
    work: ThreadTimers
    guard: ThreadTimers
    pulses: TimedPulses
    doors: EdgeDoors
