"""From a configuration's words to boards: which driver, what it knows, and what it refuses."""

import subprocess
import sys
from dataclasses import dataclass, replace
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from support.cabinet_rig import LINES, gpio_lines
from support.line_chip import FakeChip, FakeChips
from support.line_notes import Notes

from firmware_bridge import drivers
from firmware_bridge.bench import Bench, Pins
from firmware_bridge.board_spec import BoardSpec, ChannelLines
from firmware_bridge.builtin_drivers import BUILT_IN
from firmware_bridge.builtin_responders import RESPONDERS
from firmware_bridge.cabinet import Cabinet
from firmware_bridge.drivers import build_boards, find_driver, known_drivers, safe_off
from firmware_bridge.faults import BoardFault, FaultKind
from firmware_bridge.gpio_chips import FIRST_CHIP
from firmware_bridge.lock_board import Door, LockBoard
from firmware_bridge.serial_board import SerialBoard
from firmware_bridge.supply import LockKind, Supply, SupplyRules
from firmware_bridge.timers import VirtualTimers

SERIAL = BoardSpec("main", "kerong-cu48", "psu", LINES, port="/dev/serial/by-path/x")
GPIO = BoardSpec("main", "gpio", "psu", {1: gpio_lines(1)}, options={"continuous_duty": True})
SIMULATED = BoardSpec("main", "simulated", "psu", LINES)
WAVESHARE = replace(SERIAL, driver="waveshare-modbus", address=1)
LCUS = replace(SERIAL, driver="lcus", options={"continuous_duty": True})
ELETECHSUP = replace(SERIAL, driver="eletechsup", address=1, lock=LockKind.MOTOR)
SENSORS_ONLY = dict.fromkeys(range(1, 9), ChannelLines(lock=False))


@pytest.fixture
def timers() -> VirtualTimers:
    return VirtualTimers()


@pytest.fixture
def chip() -> FakeChip:
    return FakeChip(FIRST_CHIP)


@pytest.fixture
def bench(timers: VirtualTimers, chip: FakeChip) -> Bench:
    pins = Pins(FakeChips(chip).open, FIRST_CHIP)
    return Bench({"psu": Supply(SupplyRules("psu"), timers)}, timers, pins=pins)


def test_the_built_in_drivers_are_known() -> None:
    assert set(known_drivers()) == {*BUILT_IN} == {*RESPONDERS, "gpio", "simulated"}


def test_an_unknown_driver_is_refused_with_the_nearest_right_name(bench: Bench) -> None:
    with pytest.raises(ValueError, match=r"^board main: there is no driver 'kerong'.*did you mean 'kerong-cu48'\?$"):
        build_boards([replace(SERIAL, driver="kerong")], bench)


def test_building_touches_no_hardware(bench: Bench, chip: FakeChip) -> None:
    specs = [SERIAL, replace(GPIO, name="pins"), replace(SIMULATED, name="made up")]
    boards = build_boards(specs, bench)
    assert [(name, board.name) for name, board in boards.items()] == [(it.name, it.name) for it in specs]
    assert chip.levels == []


def test_boards_on_one_port_share_a_line_and_others_do_not(bench: Bench) -> None:
    specs = [SERIAL, replace(SERIAL, name="b", address=1), replace(SERIAL, name="c", port="/dev/ttyAMA0")]
    a, b, c = build_boards(specs, bench).values()
    assert isinstance(a, SerialBoard)
    assert isinstance(b, SerialBoard)
    assert isinstance(c, SerialBoard)
    assert a._bus is b._bus
    assert a._bus is not c._bus
    assert a._bus.baud == 19_200


@pytest.mark.parametrize(
    ("specs", "sentence"),
    [
        ([SERIAL, SERIAL], "there are two boards of this name"),
        ([replace(SERIAL, supply="pso")], "there is no supply 'pso'; known: psu"),
        ([replace(SERIAL, port=None)], "driver 'kerong-cu48' needs a port"),
        ([replace(SERIAL, port="COM3")], "port 'COM3' is neither"),
        ([replace(SERIAL, address=10)], "address 10 is no Kerong CU48's"),
        (
            [replace(SERIAL, channels={49: ChannelLines()})],
            "channel 49: there is none such; this kind of board has 1 to 48",
        ),
        ([replace(SERIAL, channels={0: ChannelLines()})], "channel 0: there is none such"),
        ([replace(SERIAL, pulse_ms=1_001)], "1001 ms is too long for a lock of kind electromagnet"),
        ([replace(SERIAL, pulse_ms=24_000)], "24000 ms is refused for every lock"),
        ([replace(SERIAL, pulse_ms=0)], "0 ms moves no lock"),
        ([SERIAL, replace(SERIAL, name="main2")], "has another board with address 0"),
        ([SERIAL, replace(SERIAL, name="main2", address=1, baud=9_600)], "19200 and 9600 baud at once"),
        ([replace(SERIAL, options={"one_shot": 5})], "driver kerong-cu48: there is no option 'one_shot'"),
        ([replace(WAVESHARE, address=0)], "address 0 means every board on the line"),
        ([replace(WAVESHARE, pulse_ms=250)], "the board counts in 100 ms, so a pulse of 250 ms cannot be given"),
        ([replace(WAVESHARE, options={"channels": 9})], "channels is 9, but these boards have 8, 16 or 32"),
        (
            [replace(WAVESHARE, channels={9: ChannelLines(lock=False)})],
            "channel 9: there is none such; this kind of board has 1 to 8",
        ),
        ([replace(ELETECHSUP, lock=LockKind.ELECTROMAGNET)], "kind electromagnet does not stand this board's pulse"),
        ([replace(ELETECHSUP, pulse_ms=500)], "the board's pulse lasts 1000 ms, so one of 500 ms cannot be given"),
        ([replace(LCUS, options={})], "burns if the program dies in it"),
        ([replace(LCUS, options={"one_shot_ms": 500, "channels": 3})], "channels is 3, but these boards have 1, 2, 4"),
        ([replace(LCUS, channels={9: ChannelLines()})], "channel 9 does not exist on an LCUS-8"),
        ([replace(LCUS, port=None)], "driver 'lcus' needs a port"),
        ([replace(LCUS, pulse_ms=1_001)], "1001 ms is too long for a lock of kind electromagnet"),
        ([LCUS, replace(LCUS, name="main2", address=2)], "has another board with address 0"),
        (
            [replace(WAVESHARE, baud=19_200), replace(SERIAL, name="main2")],
            "that speak 'Modbus RTU' and 'kerong-cu48'",
        ),
        ([replace(GPIO, options={})], "burns if the program dies in it"),
        ([replace(GPIO, options={"one_shot": 500})], "no option 'one_shot'; did you mean 'one_shot_ms'?"),
        ([replace(GPIO, options={"one_shot_ms": True})], "option 'one_shot_ms' is True, but it must be a whole number"),
        ([replace(GPIO, options={"pull": "left"})], "option 'pull' is 'left', but it must be 'up' or 'down' or 'none'"),
        ([replace(GPIO, channels={1: ChannelLines(4, 4)})], "channel 1: line 4 has another use already"),
        ([GPIO, replace(GPIO, name="main2")], "line 11 has another use already"),
        ([replace(SIMULATED, options={"spring": 1})], "option 'spring' is 1, but it must be 'opens' or 'releases'"),
    ],
)
def test_what_cannot_be_is_refused_with_the_board_and_the_reason(
    bench: Bench, specs: list[BoardSpec], sentence: str
) -> None:
    with pytest.raises(ValueError, match=r"^board main") as refused:
        build_boards(specs, bench)
    assert sentence in str(refused.value)


def test_boards_of_several_makers_that_speak_one_language_share_a_line(bench: Bench) -> None:
    relays, inputs = replace(WAVESHARE, options={"inputs": False}), replace(ELETECHSUP, name="inputs", address=2)
    assert len(build_boards([relays, inputs], bench)) == 2


def test_a_board_that_is_only_read_needs_no_lock_that_fits_it(bench: Bench) -> None:
    spec = replace(ELETECHSUP, lock=LockKind.ELECTROMAGNET, channels=SENSORS_ONLY, options={"inputs": "registers"})
    board = build_boards([spec], bench)["main"]
    with pytest.raises(ValueError, match="board main has no lock on channel 1"):
        board.unlock(1, Notes().report)


def test_the_same_line_of_another_chip_is_another_line(bench: Bench) -> None:
    far = {channel: replace(lines, chip="/dev/gpiochip2") for channel, lines in GPIO.channels.items()}
    assert len(build_boards([GPIO, replace(GPIO, name="far", channels=far)], bench)) == 2


def test_gpiozeros_own_factories_can_be_asked_for(bench: Bench) -> None:
    build_boards([replace(GPIO, options={"continuous_duty": True, "pins": "mock"})], bench)
    assert type(bench.pins.factory("mock")).__name__ == "MockFactory"
    assert bench.pins.factory("mock") is bench.pins.factory("mock")
    with pytest.raises(ValueError, match="gpiozero has no pin factory 'none such'"):
        bench.pins.factory("none such")
    with pytest.raises(ValueError, match="pin factory 'lgpio' cannot be used here: No module named 'lgpio'"):
        bench.pins.factory("lgpio")


@pytest.mark.parametrize(("kind", "pulse_ms"), [(LockKind.ELECTROMAGNET, 500), (LockKind.MOTOR, 1_000)])
def test_a_pulse_that_is_not_set_is_what_is_usual(kind: LockKind, pulse_ms: int) -> None:
    assert replace(SERIAL, lock=kind).pulse == pulse_ms
    assert replace(SERIAL, lock=kind, pulse_ms=300).pulse == 300


def test_a_simulated_board_has_the_cabinet_it_is_given_or_one_of_its_own(timers: VirtualTimers) -> None:
    cabinet, given, own = Cabinet((1, 2), timers), Notes(), Notes()
    bench = Bench({"psu": Supply(SupplyRules("psu", max_energised=2), timers)}, timers, cabinets={"main": cabinet})
    alone = replace(SIMULATED, name="alone", options={"spring": "releases"})
    boards = build_boards([SIMULATED, alone], bench)
    boards["main"].open(given.observe)
    boards["alone"].open(own.observe)
    boards["main"].unlock(2, given.report)
    boards["alone"].unlock(2, own.report)
    timers.advance(1_000)
    assert given.door(2) is Door.OPEN
    assert cabinet.doors()[2].open
    assert own.door(2) is Door.CLOSED, "its doors must be pulled"
    assert own.door(8) is Door.CLOSED


def test_safe_off_switches_off_the_locks_on_pins_and_leaves_other_boards_alone(chip: FakeChip) -> None:
    chip.lines[11].high = True
    pins = Pins(FakeChips(chip).open, FIRST_CHIP)
    assert safe_off([SERIAL, GPIO, SIMULATED], pins) == []
    assert not chip.lines[11].high
    chip.take(11)
    [fault] = safe_off([GPIO], pins)
    assert fault.kind is FaultKind.LINE_BUSY


@dataclass(frozen=True)
class ForeignOptions:
    """What a driver from elsewhere knows."""

    volume: int = 3


class ForeignDriver:
    """A driver from another distribution."""

    options: type = ForeignOptions

    def create(self, spec: BoardSpec, bench: Bench) -> LockBoard:
        return find_driver("simulated").create(replace(spec, options={}), bench)

    def safe_off(self, spec: BoardSpec, pins: Pins) -> list[BoardFault]:
        return [BoardFault(spec.name, FaultKind.STUCK, "foreign")]


FOREIGN = ForeignDriver()


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("foreign", f"{__name__}:FOREIGN", drivers.GROUP)
    monkeypatch.setattr(EntryPoint, "load", lambda self: FOREIGN)
    monkeypatch.setattr(drivers, "entry_points", lambda group: [point] if group == "locker.boards" else [])


@pytest.mark.usefixtures("offered")
def test_other_distributions_offer_drivers_by_entry_point(bench: Bench) -> None:
    assert "foreign" in known_drivers()
    spec = replace(SIMULATED, driver="foreign", options={"volume": 1})
    assert build_boards([spec], bench)["main"].name == "main"
    assert [fault.detail for fault in safe_off([spec])] == ["foreign"]


def test_a_configuration_without_pins_loads_no_pin_library() -> None:
    """They cost a fifth of a second and several megabytes."""
    code = (
        "import sys; import firmware_bridge.drivers;"
        "assert not {'gpiozero', 'gpiod'} & set(sys.modules), sorted(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])
