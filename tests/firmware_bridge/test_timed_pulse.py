"""Pulses that software times: what they need, and that somebody ends them whatever fails."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.cabinet_rig import PULSE_MS

from firmware_bridge.faults import BoardFault, FaultKind
from firmware_bridge.supply import Lock, LockKind, Supply, SupplyRules, Turn
from firmware_bridge.timed_pulse import GRACE_MS, INSIST_MS, NotSwitched, PulseTiming, TimedPulses
from firmware_bridge.timers import VirtualTimers

TIMING = PulseTiming(PULSE_MS, continuous_duty=True)
GONE = NotSwitched(BoardFault("main", FaultKind.LINE_MISSING, "line 11 is gone"), reached=True)


def test_a_lock_that_nothing_would_save_is_refused() -> None:
    with pytest.raises(ValueError, match="burns if the program dies in it: fit a one-shot"):
        PulseTiming(500)


@pytest.mark.parametrize(
    ("pulse_ms", "one_shot_ms", "sentence"),
    [(1_001, None, "1001 ms is too long"), (500, 1_001, "1001 ms is too long"), (0, 500, "0 ms moves no lock")],
)
def test_pulses_that_cannot_be_are_refused(pulse_ms: int, one_shot_ms: int | None, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        PulseTiming(pulse_ms, LockKind.ELECTROMAGNET, one_shot_ms, continuous_duty=True)


def test_with_a_one_shot_the_supply_is_loaded_for_as_long_as_it_lets_the_current_through() -> None:
    assert PulseTiming(100, one_shot_ms=400).energised_ms == 400
    assert PulseTiming(500, one_shot_ms=400).energised_ms == 500


class Stubborn:
    """An output on virtual time that can fail."""

    def __init__(self, timers: VirtualTimers) -> None:
        self.timers = timers
        self.stubborn_until_ms = 0
        self.failed: NotSwitched | None = None
        self.levels: list[tuple[bool, int]] = []

    def on(self) -> None:
        self.levels.append((True, self.timers.now_ms()))
        if self.failed is not None:
            raise self.failed

    def off(self) -> None:
        if self.timers.now_ms() < self.stubborn_until_ms:
            raise GONE
        self.levels.append((False, self.timers.now_ms()))


class Pulses:
    """`TimedPulses` on virtual time, with a worker that may be held up."""

    def __init__(self, timing: PulseTiming = TIMING) -> None:
        self.timers = VirtualTimers()
        self.supply = Supply(SupplyRules("psu", gap_ms=0), self.timers)
        self.output = Stubborn(self.timers)
        self.stuck: list[tuple[int, str | None]] = []
        self.ended: list[int] = []
        self.held_up = False
        self.pulses = TimedPulses(timing, self, self.timers, lambda channel, why: self.stuck.append((channel, why)))

    def now_ms(self) -> int:
        return self.timers.now_ms()

    def call_later(self, delay_ms: int, call: Callable[[], None], /) -> None:
        self.timers.call_later(delay_ms, lambda: None if self.held_up else call())

    def give(self) -> None:
        self.supply.claim(
            Lock("main", 3),
            500,
            LockKind.ELECTROMAGNET,
            lambda turn: self.pulses.give(3, self.output, turn),
            lambda: None,
        )

    def next_turn_ms(self) -> int:
        """When somebody else would have a turn."""
        turns: list[int] = []
        other = Lock("other", 1)

        def start(turn: Turn) -> None:
            turns.append(self.timers.now_ms())

        self.supply.claim(other, 500, LockKind.ELECTROMAGNET, start, lambda: None)
        self.timers.advance(5_000)
        return turns[0] if turns else -1


def test_the_worker_ends_a_pulse_and_the_guard_finds_nothing_to_do() -> None:
    it = Pulses()
    it.give()
    assert it.next_turn_ms() == PULSE_MS
    assert it.output.levels == [(True, 0), (False, PULSE_MS)]
    assert it.stuck == [(3, None)]


def test_the_guard_ends_a_pulse_when_the_worker_is_held_up() -> None:
    it = Pulses()
    it.give()
    it.held_up = True
    assert it.next_turn_ms() == PULSE_MS + GRACE_MS
    assert it.output.levels == [(True, 0), (False, PULSE_MS + GRACE_MS)]
    assert it.stuck == [(3, f"a pulse had to be ended by the guard, {GRACE_MS} ms late")]


def test_a_line_that_does_not_go_off_is_tried_until_it_does_and_nobody_else_has_a_turn() -> None:
    it = Pulses()
    it.output.stubborn_until_ms = 900
    it.give()
    ended_ms = it.next_turn_ms()
    assert 900 <= ended_ms <= 900 + INSIST_MS
    assert it.output.levels == [(True, 0), (False, ended_ms)]
    assert it.stuck[0] == (3, "could not be switched off: line 11 is gone")


def test_a_line_that_fails_to_go_on_is_switched_off_and_counts_as_used() -> None:
    it = Pulses()
    it.output.failed = GONE
    with pytest.raises(NotSwitched, match="line 11 is gone"):
        it.give()
    assert it.output.levels == [(True, 0), (False, 0)]
    assert it.next_turn_ms() == 0


def test_an_output_that_was_never_reached_is_left_alone_and_its_turn_is_free() -> None:
    it = Pulses()
    it.output.failed = NotSwitched(GONE.fault, reached=False)
    with pytest.raises(NotSwitched):
        it.give()
    assert not it.pulses.running
    assert it.next_turn_ms() == 0
    assert it.output.levels == [(True, 0)]


def test_a_pulse_can_be_ended_before_its_time() -> None:
    it = Pulses()
    it.give()
    it.timers.advance(50)
    assert it.pulses.running
    it.pulses.end_early()
    assert not it.pulses.running
    assert it.next_turn_ms() == 50
    assert it.output.levels == [(True, 0), (False, 50)]


def test_a_one_shot_keeps_the_supply_taken_after_the_line_is_off() -> None:
    it = Pulses(PulseTiming(100, one_shot_ms=400))
    it.give()
    assert it.next_turn_ms() == 400
    assert it.output.levels == [(True, 0), (False, 100)]


def test_ending_all_pulses_frees_the_supply_even_of_those_that_wait_for_their_one_shot() -> None:
    it = Pulses(PulseTiming(100, one_shot_ms=400))
    it.give()
    it.timers.advance(150)
    it.held_up = True
    it.pulses.end_all()
    assert it.next_turn_ms() == 150


@given(st.booleans(), st.integers(0, 1_500))
def test_whatever_fails_a_pulse_is_never_longer_than_its_cap_once_the_line_obeys(held_up: bool, until_ms: int) -> None:
    it = Pulses()
    it.output.stubborn_until_ms = until_ms
    it.give()
    it.held_up = held_up
    it.timers.advance(5_000)
    assert it.output.levels[-1][0] is False
    assert it.output.levels[-1][1] <= max(PULSE_MS + GRACE_MS, until_ms + INSIST_MS)
    assert len(it.output.levels) == 2
