"""A board that only switches relays, on a serial line: this program times the pulse, and nothing tells that it ended.

So everything is done to have each relay off again. A pulse is ended by the board's thread or, should that be held up,
by a guard thread. An off is said twice, an on never. A line that comes up is first told to switch every relay off; one
that goes down in a pulse makes a fault that lasts until it was told so. Such boards answer nothing and have no address:
one is alone on its line, and the doors are read by another board.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from typing import Final

from firmware_bridge.codecs import Relays
from firmware_bridge.faults import BoardFault, FaultKind
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
from firmware_bridge.serial_bus import SerialBus
from firmware_bridge.serial_exchange import Exchange, Failed, Outcome, Written
from firmware_bridge.serial_port import PortError
from firmware_bridge.supply import Lock, Supply, Turn
from firmware_bridge.timed_pulse import NotSwitched, PulseTiming, TimedPulses
from firmware_bridge.timers import ThreadTimers

SAID_S: Final = 2.0
"""How long a frame may take to leave; a line that holds one for longer is wedged."""
GRACE_MS: Final = 250
"""How late the guard ends a pulse: more than two frames and their rests take."""


class RelayBoard:
    """A `LockBoard` of relays that software switches. It knows no door."""

    def __init__(
        self, name: str, relays: Relays, locks: frozenset[int], bus: SerialBus, supply: Supply, timing: PulseTiming
    ) -> None:
        """`locks` are the channels with a lock. Raises ValueError for one that the board does not have."""
        for channel in locks:
            relays.on(channel)
        self._name = name
        self._relays = relays
        self._locks = locks
        self._bus = bus
        self._supply = supply
        self._timing = timing
        self._state = threading.Lock()
        self._alive: _Alive | None = None
        self._granted: deque[tuple[int, ReportUnlock, Turn]] = deque()
        self._stuck: dict[int, BoardFault] = {}
        self._told: BoardFault | None = None

    @property
    def name(self) -> str:
        """The board's name in the configuration."""
        return self._name

    def open(self, observe: Observe) -> None:
        """Take the line and switch every relay off; a port that is missing is an observation."""
        work, guard = ThreadTimers(f"relays {self._name}"), ThreadTimers(f"relay guard {self._name}")
        pulses = TimedPulses(self._timing, work, guard, self._note_stuck, grace_ms=GRACE_MS)
        seat = _Seat(self._name, self._bus, self._relays, partial(self._line_changed, pulses, work))
        self._alive = _Alive(observe, work, guard, pulses, seat)
        self._bus.join(seat)

    def unlock(self, channel: int, report: ReportUnlock) -> None:
        """Queue one pulse; a closed board reports `not_sent` at once. Raises ValueError where there is no lock."""
        if channel not in self._locks:
            raise ValueError(f"board {self._name} has no lock on channel {channel}")
        self._supply.claim(
            Lock(self._name, channel),
            self._timing.energised_ms,
            self._timing.kind,
            start=partial(self._start, channel, report),
            dropped=partial(report, UnlockReport(channel, Sent.NOT_SENT)),
        )

    def survey(self, answer: AnswerSurvey) -> None:
        """There is no door to read."""
        answer(self._unknown())

    def state(self) -> BoardState:
        """The board's fault, and what was counted on its line."""
        return BoardState(self._unknown(), self._told, self._bus.health())

    def attend(self, duration_ms: int) -> None:
        """There is nothing to look at."""

    def close(self) -> None:
        """End every pulse, and leave the line. A relay that could not be switched off is an observation."""
        with self._state:
            alive, self._alive = self._alive, None
        if alive is None:
            return
        self._supply.withdraw(self._name)
        alive.work.close()
        alive.guard.close()
        alive.pulses.end_all()
        self._bus.leave(alive.seat)
        while self._granted:
            channel, report, turn = self._granted.popleft()
            turn.unused()
            report(UnlockReport(channel, Sent.NOT_SENT))
        for fault in self._stuck.values():
            alive.observe(Observation(self._name, {}, fault))

    def _unknown(self) -> dict[int, DoorReading]:
        return dict.fromkeys(sorted(self._locks), DoorReading(Door.UNKNOWN))

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
        """Give the pulses whose turn has come, once it is known whether there is a line."""
        while self._granted and alive.seat.settled:
            channel, report, turn = self._granted.popleft()
            try:
                alive.pulses.give(channel, _Relay(alive.seat, channel), turn)
            except NotSwitched as failed:
                sent = Sent.NO_REPLY if failed.reached else Sent.NOT_SENT
                report(UnlockReport(channel, sent, failed.fault))
            else:
                report(UnlockReport(channel, Sent.WRITTEN))

    def _line_changed(self, pulses: TimedPulses, work: ThreadTimers) -> None:
        """On the line's thread, whenever it came up or went down."""
        work.call_later(0, partial(self._take_up, pulses))

    def _take_up(self, pulses: TimedPulses) -> None:
        alive = self._alive
        if alive is None:
            return
        if alive.seat.fault is not None:
            pulses.end_early()
        self._tell_fault()
        self._give(alive)

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
            fault = next(iter(self._stuck.values()), None if alive is None else alive.seat.fault)
            news, self._told = fault != self._told, fault
        if news and alive is not None:
            alive.observe(Observation(self._name, {}, fault))


class _Seat:
    """The board's seat on its line (a `Rider`). It asks nothing, and tells when the line came up or went down."""

    def __init__(self, name: str, bus: SerialBus, relays: Relays, changed: Callable[[], None]) -> None:
        self._name = name
        self._bus = bus
        self._relays = relays
        self._changed = changed
        self.fault: BoardFault | None = None
        self.settled = False
        """Whether there is no line, or one whose relays were all switched off."""

    def due_ms(self) -> None:
        """Never."""

    def question(self) -> Exchange:
        """These boards answer none."""
        raise TypeError(f"{self._name}: relays cannot be asked")

    def line_up(self) -> None:
        """Switch every relay off: who knows how they were left."""
        self.fault, self.settled = None, False
        for channel in range(1, self._relays.channels + 1):
            self.say(self._relays.off(channel), self._all_off if channel == self._relays.channels else _pass_over)

    def line_down(self, fault: PortError) -> None:
        """Nothing can be switched any more."""
        before, self.fault = self.fault, BoardFault(self._name, fault.kind, fault.detail)
        if self.fault != before or not self.settled:
            self.settled = True
            self._changed()

    def say(self, frame: bytes, done: Callable[[Outcome], None], *, urgent: bool = False) -> None:
        """Say one frame, after those that wait already."""
        self._bus.order(self, Exchange(frame, None, done, rest_ms=self._relays.rest_ms, urgent=urgent))

    def switch_on(self, channel: int) -> None:
        """Switch a relay on, once. Raises NotSwitched."""
        self._switch(channel, self._relays.on(channel), urgent=False)

    def switch_off(self, channel: int) -> None:
        """Switch a relay off, and say so once more: nothing tells whether it was heard. Raises NotSwitched."""
        frame = self._relays.off(channel)
        self._switch(channel, frame, urgent=True)
        self.say(frame, _pass_over, urgent=True)

    def _switch(self, channel: int, frame: bytes, *, urgent: bool) -> None:
        outcomes: SimpleQueue[Outcome] = SimpleQueue()
        self.say(frame, outcomes.put, urgent=urgent)
        try:
            outcome = outcomes.get(timeout=SAID_S)
        except Empty:
            fault = BoardFault(self._name, FaultKind.STUCK, f"lock {channel}: its frame did not leave for {SAID_S} s")
            raise NotSwitched(fault, reached=True) from None
        match outcome:
            case Written():
                return
            case Failed(kind=kind, detail=detail, sent=sent):
                raise NotSwitched(BoardFault(self._name, kind, detail), reached=sent)
            case _:
                fault = BoardFault(self._name, FaultKind.PORT_LOST, f"{self._bus.port}: left behind")
                raise NotSwitched(fault, reached=False)

    def _all_off(self, outcome: Outcome) -> None:
        self.settled = True
        self._changed()


def _pass_over(outcome: Outcome) -> None:
    """What becomes of this frame shows in what comes after it."""


@dataclass(frozen=True, slots=True)
class _Relay:
    """One relay as an `Output`."""

    seat: _Seat
    channel: int

    def on(self) -> None:
        """Switch it on."""
        self.seat.switch_on(self.channel)

    def off(self) -> None:
        """Switch it off."""
        self.seat.switch_off(self.channel)


@dataclass(frozen=True, slots=True)
class _Alive:
    """What an open board has and a closed one has not."""

    observe: Observe
    work: ThreadTimers
    guard: ThreadTimers
    pulses: TimedPulses
    seat: _Seat
