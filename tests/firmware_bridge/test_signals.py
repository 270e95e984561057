"""Lights and a buzzer on lines of a chip made of nothing, on virtual time."""

from collections.abc import Callable, Iterator

import pytest
from support.line_chip import FakeChip, FakeChips

from firmware_bridge.faults import BoardFault, FaultKind
from firmware_bridge.gpio_chips import FIRST_CHIP
from firmware_bridge.gpio_lines import LineFactory
from firmware_bridge.parts import PartState
from firmware_bridge.signal_spec import BUZZER, CABINET, PATTERNS, WARNING_MS, Light, SignalLine, Sound
from firmware_bridge.signals import BLINK_MS, RETAKE_MS, Signals, find_signals, signals_off
from firmware_bridge.timers import VirtualTimers

LOCK, BUZZER_LINE, CABINET_LINE, DOOR_LINE = 17, 23, 24, 5
DOOR = "door light A01"


class OwnTime(VirtualTimers):
    """Virtual time that ends."""

    def close(self) -> None:
        self.closed = True


class Rig:
    """A chip, its outputs, and a hand on the clock."""

    def __init__(self, lines: dict[str, SignalLine] | None = None) -> None:
        self.chip = FakeChip(FIRST_CHIP)
        self.time = OwnTime()
        self.faults: list[BoardFault | None] = []
        self.pins = LineFactory(FakeChips(self.chip).open, default_chip=FIRST_CHIP)
        usual = {
            BUZZER: SignalLine(BUZZER_LINE),
            CABINET: SignalLine(CABINET_LINE, active_high=False),
            DOOR: SignalLine(DOOR_LINE),
        }
        self.signals = Signals(
            lines or usual, self.pins, kept_from=[LOCK], fault=self.faults.append, timers=lambda name: self.time
        )

    def open(self) -> "Rig":
        self.signals.open()
        self.time.advance(0)
        return self

    def do(self, what: Callable[[], None], pass_ms: int = 0) -> None:
        what()
        self.time.advance(pass_ms)


@pytest.fixture
def rig() -> Iterator[Rig]:
    rig = Rig().open()
    yield rig
    rig.signals.close()
    rig.pins.close()


def test_every_line_is_taken_with_its_inactive_level(rig: Rig) -> None:
    assert (rig.chip.history(BUZZER_LINE)[0], rig.chip.history(CABINET_LINE)[0]) == (False, True)
    assert set(rig.chip.history(BUZZER_LINE)) == {False}
    assert set(rig.chip.history(CABINET_LINE)) == {True}
    assert rig.faults == []


def test_a_light_is_lit_and_put_out(rig: Rig) -> None:
    rig.do(lambda: rig.signals.show(CABINET, Light.ON))
    assert rig.chip.read(CABINET_LINE) is False
    rig.do(lambda: rig.signals.show(CABINET, Light.OFF), 10_000)
    assert rig.chip.read(CABINET_LINE) is True


def test_a_light_blinks_until_it_is_told_otherwise(rig: Rig) -> None:
    before = len(rig.chip.history(DOOR_LINE))
    rig.do(lambda: rig.signals.show(DOOR, Light.BLINKING), 3 * BLINK_MS)
    assert rig.chip.history(DOOR_LINE)[before:] == [True, False, True, False]
    rig.do(lambda: rig.signals.show(DOOR, Light.ON), 10 * BLINK_MS)
    assert rig.chip.read(DOOR_LINE) is True
    assert rig.time.due_ms() is None, "nothing blinks, so nothing is due"


@pytest.mark.parametrize("sound", list(Sound))
def test_a_sound_is_played_once_and_leaves_silence(rig: Rig, sound: Sound) -> None:
    before = len(rig.chip.levels)
    rig.do(lambda: rig.signals.sound(sound), sum(PATTERNS[sound]))
    played = [level.high for level in rig.chip.levels[before:] if level.offset == BUZZER_LINE]
    assert played.count(True) == (len(PATTERNS[sound]) + 1) // 2
    assert played[-1] is False
    assert rig.time.due_ms() is None


def test_the_warning_lasts_as_long_as_it_should() -> None:
    assert sum(PATTERNS[Sound.WARNING]) == WARNING_MS


def test_what_is_more_urgent_goes_on_and_ends_what_is_less(rig: Rig) -> None:
    rig.do(lambda: rig.signals.sound(Sound.ALARM), 100)
    rig.do(lambda: rig.signals.sound(Sound.BEEP), 200)
    assert rig.chip.read(BUZZER_LINE) is True
    rig.do(rig.signals.stop_asking)
    assert rig.chip.read(BUZZER_LINE) is False
    rig.do(lambda: rig.signals.sound(Sound.BEEP), 10)
    rig.do(rig.signals.stop_asking)
    assert rig.chip.read(BUZZER_LINE) is True
    rig.do(lambda: rig.signals.sound(Sound.WARNING), WARNING_MS)
    assert rig.chip.read(BUZZER_LINE) is False


def test_closing_puts_everything_out_and_gives_the_lines_back() -> None:
    rig = Rig().open()
    rig.do(lambda: rig.signals.show(CABINET, Light.ON))
    rig.do(lambda: rig.signals.sound(Sound.ALARM))
    rig.signals.close()
    assert (rig.chip.read(CABINET_LINE), rig.chip.read(BUZZER_LINE)) == (True, False)
    assert all(line.holder is None for line in rig.chip.lines)
    rig.do(lambda: rig.signals.sound(Sound.BEEP), 100)
    assert rig.chip.read(BUZZER_LINE) is False


def test_a_line_that_somebody_else_holds_is_a_fault_and_is_taken_once_it_is_free() -> None:
    rig = Rig()
    rig.chip.take(DOOR_LINE)
    rig.open()
    [fault] = rig.faults
    assert fault is not None
    assert (fault.board, fault.kind) == ("signals", FaultKind.LINE_BUSY)
    rig.do(lambda: rig.signals.show(DOOR, Light.ON), RETAKE_MS)
    assert len(rig.faults) == 1
    rig.chip.let_go(DOOR_LINE)
    rig.time.advance(RETAKE_MS)
    assert rig.faults[1:] == [None]
    assert rig.chip.read(DOOR_LINE) is True
    rig.signals.close()


def test_a_line_that_breaks_is_a_fault_and_the_others_go_on(rig: Rig) -> None:
    rig.chip.broken.add(DOOR_LINE)
    rig.do(lambda: rig.signals.show(DOOR, Light.ON))
    [fault] = rig.faults
    assert fault is not None
    assert "line 5" in fault.detail
    rig.do(lambda: rig.signals.show(CABINET, Light.ON))
    assert rig.chip.read(CABINET_LINE) is False
    rig.chip.broken.clear()
    rig.time.advance(RETAKE_MS)
    assert (rig.faults[1:], rig.chip.read(DOOR_LINE)) == ([None], True)


@pytest.mark.parametrize("pin", [LOCK, "GPIO17", f"{FIRST_CHIP}:17", f"{FIRST_CHIP}:GPIO17"])
def test_the_line_of_a_lock_is_never_taken_whatever_name_it_goes_by(pin: int | str) -> None:
    rig = Rig({DOOR: SignalLine(pin)}).open()
    rig.do(lambda: rig.signals.show(DOOR, Light.ON), 3 * RETAKE_MS)
    [fault] = rig.faults
    assert fault is not None
    assert "belongs to a lock or a door" in fault.detail
    assert rig.chip.levels == []
    rig.signals.close()


def test_a_line_that_the_chip_has_not_is_a_fault() -> None:
    rig = Rig({DOOR: SignalLine(99)}).open()
    [fault] = rig.faults
    assert fault is not None
    assert fault.kind is FaultKind.LINE_MISSING
    rig.signals.close()


def test_lines_are_looked_for_without_being_taken() -> None:
    rig = Rig()
    found = find_signals({BUZZER: SignalLine(BUZZER_LINE)}, rig.pins)
    assert (found.state, rig.chip.levels, rig.chip.settings) == (PartState.FOUND, [], [])
    assert find_signals({BUZZER: SignalLine(99)}, rig.pins).state is PartState.MISSING


def test_after_a_program_that_was_killed_all_is_put_out_but_a_lock_is_not_touched() -> None:
    rig = Rig()
    for line in (BUZZER_LINE, LOCK):
        rig.chip.lines[line].high = True
    lines = {BUZZER: SignalLine(BUZZER_LINE), DOOR: SignalLine("GPIO17")}
    [fault] = signals_off(lines, rig.pins, [LOCK])
    assert fault.detail == "line GPIO17 (door light A01) belongs to a lock or a door"
    assert (rig.chip.read(BUZZER_LINE), rig.chip.read(LOCK)) == (False, True)
