"""Relays that software switches over a line: every one is off again, whatever fails; and an on is said once."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

import pytest
from support.cabinet_rig import GAP_MS, PULSE_MS
from support.line_notes import Notes
from support.line_port import ScriptedPort

from firmware_bridge import relay_board
from firmware_bridge.bench import Bench
from firmware_bridge.board_spec import BoardSpec, ChannelLines
from firmware_bridge.cabinet import Cabinet
from firmware_bridge.codecs.lcus import Lcus
from firmware_bridge.drivers import build_boards, safe_off
from firmware_bridge.faults import FaultKind
from firmware_bridge.lock_board import Door, LockBoard, Sent, UnlockReport
from firmware_bridge.responders.lcus import LcusBoard
from firmware_bridge.serial_port import OpenPort, PortError, open_port
from firmware_bridge.simulated_line import SimulatedLine
from firmware_bridge.supply import Supply, SupplyRules
from firmware_bridge.timers import ThreadTimers

RELAYS = Lcus()
LINES = dict.fromkeys((1, 2, 3), ChannelLines())
EVERY_OFF = [RELAYS.off(channel) for channel in range(1, 9)]


def spec_on(port: str) -> BoardSpec:
    return BoardSpec("main", "lcus", "psu", LINES, port, pulse_ms=PULSE_MS, options={"continuous_duty": True})


@dataclass
class Wired:
    """A board on a line with relays behind it, not opened yet."""

    timers: ThreadTimers = field(default_factory=lambda: ThreadTimers("supply"))
    notes: Notes = field(default_factory=Notes)

    def __post_init__(self) -> None:
        self.cabinet = Cabinet(range(1, 9), self.timers)
        self.line = SimulatedLine(LcusBoard({0: self.cabinet}), baud=9_600)
        self.cabinet.on_change(lambda channel: self.notes.nudge())
        self.board = self.build()

    def build(self, open_port: OpenPort = open_port, pulse_ms: int = PULSE_MS) -> LockBoard:
        supply = Supply(SupplyRules("psu", gap_ms=GAP_MS), self.timers)
        bench = Bench({"psu": supply}, self.timers, open_port=open_port)
        return build_boards([replace(spec_on(self.line.port), pulse_ms=pulse_ms)], bench)["main"]

    def frames(self) -> list[bytes]:
        return [heard.frame for heard in self.line.frames]

    def open(self) -> None:
        """Open, and wait until every relay was switched off."""
        self.board.open(self.notes.observe)
        self.line.wait_for(lambda heard: heard.frame == EVERY_OFF[-1])

    def unlock(self, channel: int) -> None:
        reports = len(self.notes.reports)
        self.board.unlock(channel, self.notes.report)
        self.notes.wait(lambda: len(self.notes.reports) > reports)

    def energised(self) -> list[int]:
        return [channel for channel in self.cabinet.channels if self.cabinet.energised(channel)]


@pytest.fixture
def wired() -> Iterator[Wired]:
    wired = Wired()
    yield wired
    wired.board.close()
    wired.line.close()
    wired.timers.close()


def test_opening_switches_every_relay_off_before_anything_else(wired: Wired) -> None:
    for channel in (2, 7):
        wired.cabinet.energise(channel)
    wired.board.open(wired.notes.observe)
    wired.line.wait_for(lambda heard: heard.frame == EVERY_OFF[0])
    wired.unlock(1)
    wired.notes.wait(lambda: wired.energised() == [1])
    assert wired.frames()[:9] == [*EVERY_OFF, RELAYS.on(1)]
    wired.notes.wait(lambda: len(wired.cabinet.currents) == 3)
    assert wired.notes.fault is None, "its pulse began when the relays were off, and nobody had to end it early"


def test_an_on_is_said_once_and_an_off_twice(wired: Wired) -> None:
    wired.open()
    for channel in (1, 2):
        wired.unlock(channel)
    wired.notes.wait(lambda: len(wired.cabinet.currents) == 2)
    wired.line.wait_for(lambda heard: wired.frames().count(RELAYS.off(2)) == 3)
    said = wired.frames()[8:]
    assert said == [RELAYS.on(1), *[RELAYS.off(1)] * 2, RELAYS.on(2), *[RELAYS.off(2)] * 2]
    assert [report.sent for report in wired.notes.reports] == [Sent.WRITTEN] * 2


def test_it_knows_no_door_and_says_so_at_once(wired: Wired) -> None:
    wired.open()
    wired.board.survey(wired.notes.answer)
    assert {reading.door for reading in wired.notes.surveys[0].values()} == {Door.UNKNOWN}
    assert {reading.door for reading in wired.board.state().doors.values()} == {Door.UNKNOWN}


def test_a_port_lost_in_a_pulse_is_a_stuck_lock_until_it_is_back_and_the_relay_off(wired: Wired) -> None:
    wired.open()
    wired.unlock(3)
    wired.notes.wait(lambda: wired.energised() == [3])
    wired.line.unplug()
    wired.notes.wait(lambda: wired.notes.fault_kind is FaultKind.STUCK)
    assert wired.notes.fault is not None
    assert wired.notes.fault.detail.startswith("lock 3: could not be switched off: ")
    assert wired.energised() == [3]
    wired.board.unlock(1, wired.notes.report)
    wired.line.plug()
    wired.notes.wait(lambda: wired.energised() == [])
    wired.notes.wait(lambda: wired.notes.fault is None)
    assert len(wired.notes.reports) == 1, "nothing else on this supply was energised meanwhile"
    wired.notes.wait(lambda: len(wired.notes.reports) == 2 and len(wired.cabinet.pulses) == 2)
    assert [pulse.channel for pulse in wired.cabinet.pulses] == [3, 1]
    assert wired.frames().count(RELAYS.on(3)) == 1


def test_a_pulse_is_not_carried_on_when_its_port_was_lost(wired: Wired) -> None:
    wired.board.close()
    wired.board = wired.build(pulse_ms=1_000)
    wired.open()
    wired.unlock(3)
    wired.notes.wait(lambda: wired.energised() == [3])
    wired.line.unplug()
    wired.notes.wait(lambda: wired.notes.fault_kind is FaultKind.STUCK)
    wired.line.plug()
    wired.notes.wait(lambda: wired.notes.fault is None)
    assert RELAYS.off(3) in wired.frames()[8:]
    [current] = wired.cabinet.currents
    assert current.off_ms - current.on_ms < 1_000


def test_a_port_that_was_away_for_long_is_taken_up_at_once_while_a_lock_is_on(wired: Wired) -> None:
    """Otherwise it would be looked for less and less often."""
    opened: list[int] = []

    def counted(port: str, baud: int) -> ScriptedPort:
        opened.append(wired.timers.now_ms())
        wired.notes.nudge()
        if len(opened) == 1:
            return first
        raise PortError(FaultKind.PORT_MISSING, port)

    first = ScriptedPort()
    board = wired.build(open_port=counted)
    board.open(wired.notes.observe)
    board.unlock(3, wired.notes.report)
    wired.notes.wait(lambda: len(wired.notes.reports) == 1)
    first.break_at("read", "write")
    wired.notes.wait(lambda: len(opened) >= 6)
    board.close()
    pauses = [after - before for before, after in pairwise(opened[1:])]
    assert max(pauses) < 1_000, "the fifth of them would have been 4 s"


def test_a_lock_that_stays_on_at_close_is_told(wired: Wired) -> None:
    wired.open()
    wired.unlock(3)
    wired.notes.wait(lambda: wired.energised() == [3])
    wired.line.unplug()
    wired.board.close()
    assert wired.notes.fault_kind is FaultKind.STUCK


def test_close_in_the_middle_of_a_pulse_switches_the_relay_off(wired: Wired) -> None:
    wired.open()
    wired.unlock(3)
    wired.notes.wait(lambda: wired.energised() == [3])
    wired.board.close()
    wired.notes.wait(lambda: wired.energised() == [])


def test_the_guard_ends_a_pulse_while_the_boards_thread_is_held_up(wired: Wired) -> None:
    wired.open()
    go_on, held = threading.Event(), threading.Event()

    def hold(report: UnlockReport) -> None:
        held.set()
        go_on.wait(10)

    wired.board.unlock(3, hold)
    assert held.wait(10)
    wired.notes.wait(lambda: len(wired.cabinet.currents) == 1)
    wired.notes.wait(lambda: wired.notes.fault_kind is FaultKind.STUCK)
    go_on.set()
    assert wired.notes.fault is not None
    assert wired.notes.fault.detail == f"lock 3: a pulse had to be ended by the guard, {relay_board.GRACE_MS} ms late"


def test_an_off_is_said_even_on_a_line_that_is_never_silent(wired: Wired) -> None:
    port = ScriptedPort()
    board = wired.build(open_port=lambda name, baud: port)
    board.open(wired.notes.observe)
    board.unlock(2, wired.notes.report)
    wired.notes.wait(lambda: len(wired.notes.reports) == 1)
    port.babbling = True
    port.wait_for(*EVERY_OFF, RELAYS.on(2), RELAYS.off(2), RELAYS.off(2))
    board.unlock(1, wired.notes.report)
    wired.notes.wait(lambda: len(wired.notes.reports) == 2)
    assert wired.notes.reports[1].sent is Sent.NOT_SENT
    assert wired.notes.reports[1].fault is not None
    assert wired.notes.reports[1].fault.kind is FaultKind.BABBLE
    assert RELAYS.on(1) not in port.written
    board.close()


def test_an_adapter_that_is_pulled_out_while_nothing_happens_is_missed_all_the_same(wired: Wired) -> None:
    wired.open()
    wired.line.unplug()
    wired.notes.wait(lambda: wired.notes.fault_kind is FaultKind.PORT_MISSING)
    wired.unlock(1)
    assert wired.notes.reports[0].sent is Sent.NOT_SENT
    wired.line.plug()
    wired.notes.wait(lambda: wired.notes.fault is None)
    assert wired.cabinet.pulses == []


def test_safe_off_switches_every_relay_off_and_says_so_twice(wired: Wired) -> None:
    for channel in (2, 7):
        wired.cabinet.energise(channel)
    assert safe_off([spec_on(wired.line.port)]) == []
    wired.line.wait_for(lambda heard: len(wired.frames()) == 16)
    assert wired.frames() == EVERY_OFF * 2
    assert wired.energised() == []


@pytest.mark.parametrize("prepare", [lambda line: line.unplug(), lambda line: None], ids=["missing", "held"])
def test_safe_off_names_a_port_that_it_cannot_have(wired: Wired, prepare: Callable[[SimulatedLine], None]) -> None:
    other = open_port(wired.line.port, 9_600)
    prepare(wired.line)
    [fault] = safe_off([spec_on(wired.line.port)])
    other.close()
    assert fault.kind in (FaultKind.PORT_MISSING, FaultKind.PORT_BUSY)
    assert fault.board == "main"
