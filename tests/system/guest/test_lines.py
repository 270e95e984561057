"""Our pin factory on a kernel's own GPIO lines, without a locker around it."""

import time
from collections.abc import Iterator
from functools import partial
from queue import Empty, Queue

import gpiod
import pytest
from gpiozero import DigitalInputDevice, OutputDevice
from support.figures import spread
from support.kernel_chip import KernelChip
from support.kernel_trace import LineWatch

from firmware_bridge.board_spec import ChannelLines, Pull
from firmware_bridge.faults import FaultKind
from firmware_bridge.gpio_lines import LineFactory
from firmware_bridge.gpio_wires import GpioWires

LINES = ("LOCK1", "LOCK2", "DOOR1", "DOOR2")
EDGES = 200
DEBOUNCE_S = 0.2
"""Longer than this machine ever stops between two pushes."""
PATIENCE_S = 30.0


@pytest.fixture(scope="module")
def chip() -> Iterator[KernelChip]:
    chip = KernelChip("bare", LINES)
    yield chip
    chip.close()


@pytest.fixture
def pins(chip: KernelChip) -> Iterator[LineFactory]:
    factory = LineFactory(default_chip=chip.device)
    yield factory
    factory.close()


class Edges:
    """What a door's line tells of itself: when the kernel saw the edge, when we heard of it, and the level since."""

    def __init__(self, pins: LineFactory, line: str, bounce_time: float | None) -> None:
        self.heard: Queue[tuple[float, float, bool]] = Queue()
        self.device = DigitalInputDevice(
            line, pull_up=None, active_state=True, bounce_time=bounce_time, pin_factory=pins
        )
        self.device.pin.when_changed = self._changed

    def _changed(self, ticks: float, state: bool) -> None:
        self.heard.put((ticks, time.monotonic(), state))


def test_an_output_has_its_inactive_level_from_the_first_moment_that_the_kernel_knows_of_it(
    chip: KernelChip, pins: LineFactory, watch: LineWatch
) -> None:
    for line, active_high in (("LOCK1", True), ("LOCK2", False)):
        number = chip.number(line)
        chip.push(line, not active_high)

        relay = OutputDevice(line, active_high=active_high, initial_value=False, pin_factory=pins)
        levels = [chip.high(line)]
        for switch in (relay.on, relay.off):
            switch()
            levels.append(chip.high(line))
        relay.close()

        off, on = not active_high, active_high
        watch.wait_for(partial(_came, watch, number), "three levels")
        assert [drive.high for drive in watch.drives(number)] == [off, on, off] == levels


def test_a_line_that_is_let_go_is_free_and_keeps_its_level(chip: KernelChip, pins: LineFactory) -> None:
    for line, active_high in (("LOCK1", True), ("LOCK2", False)):
        relay = OutputDevice(line, active_high=active_high, initial_value=False, pin_factory=pins)
        held = _info(chip, line)
        relay.close()

        assert (held.used, held.consumer) == (True, "locker")
        assert not _info(chip, line).used
        assert chip.high(line) is not active_high


def test_a_line_that_somebody_else_holds_is_a_named_fault_until_they_let_go(
    chip: KernelChip, pins: LineFactory
) -> None:
    wires = GpioWires("pins", {1: ChannelLines("LOCK1", "DOOR1"), 2: ChannelLines("LOCK2", "DOOR2")}, pins, Pull.NONE)
    with gpiod.request_lines(chip.device, consumer="somebody", config={("LOCK1", "DOOR2"): None}):
        faults = wires.take(lambda channel: None)
        held = [_info(chip, line).consumer for line in LINES]

    assert {channel: fault.kind for channel, fault in faults.items()} == dict.fromkeys((1, 2), FaultKind.LINE_BUSY)
    assert held == ["somebody", "locker", "locker", "somebody"]
    assert wires.take(lambda channel: None) == {}
    assert [_info(chip, line).consumer for line in LINES] == ["locker"] * 4
    assert wires.give_back() == {}


def test_the_pull_that_is_asked_for_reaches_the_line(chip: KernelChip, pins: LineFactory) -> None:
    for pull_up in (True, False):
        chip.push("DOOR1", not pull_up)
        door = DigitalInputDevice("DOOR1", pull_up=pull_up, pin_factory=pins)
        pulled_up, active = chip.pulled_up("DOOR1"), door.is_active
        door.close()

        assert (pulled_up, active) == (pull_up, False)


def test_edges_bear_the_kernel_s_time_and_come_soon(chip: KernelChip, pins: LineFactory) -> None:
    edges = Edges(pins, "DOOR1", None)
    until_seen, until_heard = [], []
    chip.push("DOOR1", False)

    for turn in range(EDGES):
        before = time.monotonic()
        chip.push("DOOR1", turn % 2 == 0)
        seen, heard, high = edges.heard.get(timeout=PATIENCE_S)
        assert before <= seen <= heard
        assert high is (turn % 2 == 0)
        until_seen.append((seen - before) * 1000)
        until_heard.append((heard - before) * 1000)

    edges.device.close()
    print(f"push to the kernel's time of the edge: {spread(until_seen)}")
    print(f"push to our being told: {spread(until_heard)}")


def test_a_contact_that_bounces_is_one_edge_once_it_rests(chip: KernelChip, pins: LineFactory) -> None:
    edges = Edges(pins, "DOOR2", DEBOUNCE_S)
    chip.push("DOOR2", False)

    began = time.monotonic()
    for turn in range(21):
        chip.push("DOOR2", turn % 2 == 0)
    rested = time.monotonic()
    seen, heard, high = edges.heard.get(timeout=PATIENCE_S)

    assert high
    assert heard >= seen >= began + DEBOUNCE_S
    with pytest.raises(Empty):
        edges.heard.get(timeout=2 * DEBOUNCE_S)
    edges.device.close()
    print(
        f"21 edges within {(rested - began) * 1000:.1f} ms: one told, {(heard - rested) * 1000:.1f} ms after the last"
    )


def _came(watch: LineWatch, line: int) -> bool:
    return len(watch.drives(line)) >= 3


def _info(chip: KernelChip, line: str) -> gpiod.LineInfo:
    with gpiod.Chip(chip.device) as opened:
        return opened.get_line_info(line)
