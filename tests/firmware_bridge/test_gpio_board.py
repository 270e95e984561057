"""GPIO boards where they differ from others: pulses that software times, lines that cannot be had or fail."""

import threading
from collections.abc import Iterator, Mapping

import pytest
from gpiozero.pins.mock import MockFactory
from support.cabinet_rig import CHANNELS, PULSE_MS, GpioRig, gpio, gpio_lines
from support.line_chip import FakeChip, FakeChips
from support.line_notes import Notes

from firmware_bridge import gpio_board
from firmware_bridge.board_spec import ChannelLines, Pull
from firmware_bridge.codecs import Feedback
from firmware_bridge.faults import FaultKind
from firmware_bridge.gpio_board import GpioBoard
from firmware_bridge.gpio_chips import FIRST_CHIP
from firmware_bridge.gpio_lines import LineFactory
from firmware_bridge.gpio_wires import GpioWires, safe_off
from firmware_bridge.lock_board import Door, Sent, UnlockReport
from firmware_bridge.supply import Supply, SupplyRules
from firmware_bridge.timed_pulse import PulseTiming
from firmware_bridge.timers import ThreadTimers

TIMING = PulseTiming(PULSE_MS, continuous_duty=True)
LINES: Mapping[int, ChannelLines] = {channel: gpio_lines(channel) for channel in CHANNELS}


@pytest.fixture
def rig() -> Iterator[GpioRig]:
    with gpio() as rig:
        yield rig


@pytest.fixture
def chip() -> FakeChip:
    return FakeChip(FIRST_CHIP)


@pytest.fixture
def timers() -> Iterator[ThreadTimers]:
    timers = ThreadTimers("supply")
    yield timers
    timers.close()


@pytest.fixture
def board(chip: FakeChip, timers: ThreadTimers) -> Iterator[GpioBoard]:
    pins = LineFactory(FakeChips(chip).open, FIRST_CHIP)
    supply = Supply(SupplyRules("psu", gap_ms=0), timers)
    board = GpioBoard("main", LINES, supply, pins, TIMING, feedback=Feedback.CLOSED_IS_0)
    yield board
    board.close()


def test_a_pulse_is_as_long_as_it_should_be(rig: GpioRig) -> None:
    rig.unlock(1)
    rig.wait(lambda: len(rig.cabinet.currents) == 1)
    off, on, off_again = [level for level in rig.chip.levels if level.offset == 11]
    assert (off.high, on.high, off_again.high) == (False, True, False)
    assert (off_again.at_ns - on.at_ns) / 1_000_000 >= PULSE_MS - 1


def test_a_blocked_callback_does_not_prolong_a_pulse(chip: FakeChip, board: GpioBoard) -> None:
    """Whoever takes the report holds the board's thread; the guard's ends the pulse all the same."""
    notes, release = Notes(), threading.Event()
    reported, off = threading.Event(), threading.Event()

    def block(report: UnlockReport) -> None:
        reported.set()
        release.wait(10)

    def note(offset: int, high: bool) -> None:
        if reported.is_set() and not high:
            off.set()

    chip.on_output = note
    board.open(notes.observe)
    board.unlock(1, block)
    assert reported.wait(5)
    assert off.wait(5)
    notes.wait(lambda: notes.fault_kind is FaultKind.STUCK)
    release.set()


def test_a_line_that_somebody_holds_is_a_fault_and_the_others_work(chip: FakeChip, board: GpioBoard) -> None:
    notes = Notes()
    chip.take(12)
    board.open(notes.observe)
    notes.wait(lambda: notes.fault_kind is FaultKind.LINE_BUSY)
    assert notes.fault is not None
    assert "channel 2" in notes.fault.detail
    board.unlock(2, notes.report)
    board.unlock(1, notes.report)
    notes.wait(lambda: len(notes.reports) == 2)
    refused, written = notes.reports
    assert (refused.sent, written.sent) == (Sent.NOT_SENT, Sent.WRITTEN)
    assert refused.fault == notes.fault


def test_a_door_is_read_although_somebody_holds_the_line_of_its_lock(chip: FakeChip, board: GpioBoard) -> None:
    notes = Notes()
    chip.take(12)
    chip.push(22, True)
    board.open(notes.observe)
    notes.wait(lambda: notes.door(2) is Door.OPEN)
    assert notes.fault_kind is FaultKind.LINE_BUSY


def test_a_line_that_is_free_again_is_taken_by_itself(
    chip: FakeChip, board: GpioBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gpio_board, "RETAKE_MS", 20)
    notes = Notes()
    chip.take(12)
    chip.take(23)
    board.open(notes.observe)
    notes.wait(lambda: notes.fault_kind is FaultKind.LINE_BUSY)
    assert notes.door(3) is Door.UNKNOWN
    chip.let_go(12)
    chip.let_go(23)
    notes.wait(lambda: notes.fault is None)
    notes.wait(lambda: notes.door(3) is not Door.UNKNOWN)


def test_a_chip_that_is_not_there_is_a_fault(timers: ThreadTimers) -> None:
    notes = Notes()
    supply = Supply(SupplyRules("psu"), timers)
    lines = {1: ChannelLines(1, 2, chip="/dev/gpiochip7")}
    board = GpioBoard("main", lines, supply, LineFactory(FakeChips().open, FIRST_CHIP), TIMING)
    board.open(notes.observe)
    notes.wait(lambda: notes.fault_kind is FaultKind.LINE_MISSING)
    assert notes.fault is not None
    assert "/dev/gpiochip7" in notes.fault.detail
    board.close()


def test_a_chip_that_goes_makes_its_doors_unknown(chip: FakeChip, board: GpioBoard) -> None:
    notes = Notes()
    board.open(notes.observe)
    notes.wait(lambda: notes.door(1) is not Door.UNKNOWN)
    chip.gone = True
    board.attend(10_000)
    notes.wait(lambda: all(notes.door(channel) is Door.UNKNOWN for channel in CHANNELS))
    assert notes.fault_kind is FaultKind.LINE_MISSING
    board.unlock(1, notes.report)
    notes.wait(lambda: len(notes.reports) == 1)
    assert notes.reports[0].sent is Sent.NOT_SENT, "nothing moves on a chip that is not there"
    chip.gone = False


def test_a_chip_that_was_pulled_out_and_put_back_is_taken_up_by_itself(
    chip: FakeChip, board: GpioBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gpio_board, "RETAKE_MS", 20)
    notes = Notes()
    board.open(notes.observe)
    notes.wait(lambda: notes.door(1) is not Door.UNKNOWN)
    board.attend(20_000)
    chip.unplug()
    notes.wait(lambda: all(notes.door(channel) is Door.UNKNOWN for channel in CHANNELS))
    notes.wait(lambda: notes.fault_kind is FaultKind.LINE_MISSING)
    chip.plug()
    notes.wait(lambda: notes.fault is None and all(notes.door(it) is not Door.UNKNOWN for it in CHANNELS))
    board.unlock(1, notes.report)
    notes.wait(lambda: len(notes.reports) == 1)
    assert notes.reports[0].sent is Sent.WRITTEN


def test_a_chip_with_locks_alone_is_missed_too(
    chip: FakeChip, timers: ThreadTimers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gpio_board, "RETAKE_MS", 20)
    monkeypatch.setattr(gpio_board, "IDLE_MS", 20)
    notes, supply = Notes(), Supply(SupplyRules("psu"), timers)
    locks = {1: ChannelLines(11)}
    board = GpioBoard("main", locks, supply, LineFactory(FakeChips(chip).open, FIRST_CHIP), TIMING)
    board.open(notes.observe)
    board.unlock(1, notes.report)
    notes.wait(lambda: len(notes.reports) == 1)
    chip.unplug()
    notes.wait(lambda: notes.fault is not None)
    chip.plug()
    notes.wait(lambda: notes.fault is None)
    board.close()
    assert not chip.lines[11].high


def test_a_chip_that_is_pulled_out_in_the_middle_of_a_pulse_has_its_lock_off_when_it_is_back(
    chip: FakeChip, board: GpioBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gpio_board, "RETAKE_MS", 20)
    notes = Notes()
    board.open(notes.observe)
    board.attend(20_000)
    board.unlock(1, notes.report)
    notes.wait(lambda: len(notes.reports) == 1)
    chip.unplug()
    notes.wait(lambda: notes.fault_kind is FaultKind.STUCK)
    notes.wait(lambda: all(notes.door(channel) is Door.UNKNOWN for channel in CHANNELS))
    chip.plug()
    chip.lines[11].high = True  # as a relay that kept its state would have it
    notes.wait(lambda: notes.fault is None and all(notes.door(it) is not Door.UNKNOWN for it in CHANNELS))
    assert chip.history(11)[-1] is False
    board.unlock(2, notes.report)
    notes.wait(lambda: len(notes.reports) == 2)
    assert notes.reports[1].sent is Sent.WRITTEN, "the supply is free again"


def test_a_chip_that_appears_only_after_the_start_is_taken_up_by_itself(
    chip: FakeChip, board: GpioBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gpio_board, "RETAKE_MS", 20)
    notes = Notes()
    chip.unplug()
    board.open(notes.observe)
    notes.wait(lambda: notes.fault_kind is FaultKind.LINE_MISSING)
    chip.plug()
    notes.wait(lambda: notes.fault is None and all(notes.door(it) is not Door.UNKNOWN for it in CHANNELS))


def test_the_kernels_time_of_an_edge_is_known(chip: FakeChip) -> None:
    edges: list[int] = []
    came = threading.Event()

    def edge(channel: int) -> None:
        edges.append(wires.edge_age_ms(channel))
        came.set()

    wires = GpioWires("main", {1: ChannelLines(door_line=21)}, LineFactory(FakeChips(chip).open, FIRST_CHIP), Pull.UP)
    assert wires.edge_age_ms(1) == 0
    wires.take(edge)
    chip.push(21, False, ago_ms=5_000)
    assert came.wait(5)
    assert edges[0] >= 5_000
    wires.give_back()


def test_a_line_that_stays_on_at_close_is_told(chip: FakeChip, board: GpioBoard) -> None:
    notes = Notes()
    board.open(notes.observe)
    board.unlock(1, notes.report)
    notes.wait(lambda: len(notes.reports) == 1)
    chip.broken.add(11)
    board.close()
    assert notes.fault_kind is FaultKind.STUCK
    assert notes.fault is not None
    assert notes.fault.detail.startswith("lock 1")


def test_a_chip_that_cannot_interrupt_is_polled(chip: FakeChip, board: GpioBoard) -> None:
    chip.edges = False
    notes = Notes()
    board.open(notes.observe)
    notes.wait(lambda: notes.door(1) is Door.OPEN)
    board.attend(10_000)
    chip.push(21, False)
    notes.wait(lambda: notes.door(1) is Door.CLOSED)


def test_an_edge_is_noticed_long_before_the_next_poll(
    chip: FakeChip, board: GpioBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gpio_board, "IDLE_MS", 3_600_000)
    notes = Notes()
    board.open(notes.observe)
    notes.wait(lambda: notes.door(1) is Door.OPEN)
    chip.push(21, False)
    notes.wait(lambda: notes.door(1) is Door.CLOSED)


def test_the_kernel_is_asked_to_debounce_and_to_pull_up(chip: FakeChip, board: GpioBoard) -> None:
    notes = Notes()
    board.open(notes.observe)
    notes.wait(lambda: notes.door(1) is Door.OPEN)
    settings = dict(chip.settings)[21]
    assert settings.debounce_period.total_seconds() == 0.005
    assert settings.bias.name == "PULL_UP"


def test_a_compartment_may_have_a_lock_or_a_door_only(chip: FakeChip, timers: ThreadTimers) -> None:
    notes = Notes()
    lines = {1: ChannelLines(lock_line=11), 2: ChannelLines(door_line=22)}
    supply = Supply(SupplyRules("psu"), timers)
    board = GpioBoard("main", lines, supply, LineFactory(FakeChips(chip).open, FIRST_CHIP), TIMING, pull=Pull.DOWN)
    board.open(notes.observe)
    notes.wait(lambda: notes.door(2) is Door.OPEN)
    board.survey(notes.answer)
    notes.wait(lambda: len(notes.surveys) == 1)
    assert {channel: reading.door for channel, reading in notes.surveys[0].items()} == {
        1: Door.UNKNOWN,
        2: Door.OPEN,
    }
    with pytest.raises(ValueError, match="no lock on channel 2"):
        board.unlock(2, notes.report)
    board.close()


def test_one_switch_may_be_wired_otherwise_than_the_rest(timers: ThreadTimers) -> None:
    pins, notes = MockFactory(), Notes()
    lines = {1: ChannelLines(None, 27), 2: ChannelLines(None, 22, feedback=Feedback.CLOSED_IS_1)}
    supply = Supply(SupplyRules("psu"), timers)
    board = GpioBoard("main", lines, supply, pins, TIMING, feedback=Feedback.CLOSED_IS_0)
    board.open(notes.observe)
    notes.wait(lambda: (notes.door(1), notes.door(2)) == (Door.OPEN, Door.CLOSED))
    board.close()
    pins.close()


def test_gpiozeros_own_factories_serve_as_well(timers: ThreadTimers) -> None:
    pins, notes = MockFactory(), Notes()
    supply = Supply(SupplyRules("psu"), timers)
    board = GpioBoard("main", {1: ChannelLines(17, 27)}, supply, pins, TIMING, feedback=Feedback.CLOSED_IS_0)
    board.open(notes.observe)
    notes.wait(lambda: notes.door(1) is Door.OPEN)
    pins.pin(27).drive_low()
    notes.wait(lambda: notes.door(1) is Door.CLOSED)
    board.unlock(1, notes.report)
    notes.wait(lambda: len(notes.reports) == 1)
    assert pins.pin(17).state
    board.close()
    assert [state.state for state in pins.pin(17).states] == [False, True, False]
    pins.close()


@pytest.mark.parametrize("active_high", [True, False])
def test_safe_off_switches_off_what_a_killed_program_left_on(chip: FakeChip, active_high: bool) -> None:
    pins = LineFactory(FakeChips(chip).open, FIRST_CHIP)
    chip.lines[11].high = active_high
    lines = [ChannelLines(11, 21, active_high), ChannelLines(door_line=22)]
    assert safe_off("main", lines, pins) == []
    assert chip.lines[11].high is not active_high
    assert chip.history(11) == [not active_high]
    assert [line.holder for line in chip.lines if line.holder] == []


def test_safe_off_names_what_it_could_not_switch_off_and_goes_on(chip: FakeChip) -> None:
    pins = LineFactory(FakeChips(chip).open, FIRST_CHIP)
    chip.take(11)
    chip.lines[12].high = True
    [fault] = safe_off("main", [ChannelLines(11), ChannelLines(12)], pins)
    assert (fault.board, fault.kind) == ("main", FaultKind.LINE_BUSY)
    assert "line 11" in fault.sentence()
    assert not chip.lines[12].high
