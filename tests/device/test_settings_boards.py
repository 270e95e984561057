"""What the bridge is told of the boards in a configuration."""

from pathlib import Path

from support.locker_folder import GOOD, make_folder

from controller.device import boards
from controller.device.settings import load
from controller.device.wiring import Place, Wires
from controller.domain.ids import CompartmentId
from firmware_bridge.board_spec import BoardSpec, ChannelLines
from firmware_bridge.codecs import Feedback
from firmware_bridge.supply import LockKind
from firmware_bridge.timers import VirtualTimers

PINS = """
[[boards]]
name = "pins"
driver = "gpio"
supply = "psu"
lock = "motor"
feedback = "closed_is_0"
one_shot_ms = 900
chip = "/dev/gpiochip2"

[[compartments]]
id = "B01"
size = "S"
board = "pins"
lock_line = 17
door_line = "GPIO27"
active_high = false

[[compartments]]
id = "B02"
size = "S"
board = "main"
channel = 9
door = { board = "pins", channel = 5 }
door_line = 22

[[compartments]]
id = "B03"
size = "S"
board = "pins"
channel = 6
lock_line = 4
door = { board = "main", channel = 12 }
feedback = "closed_is_0"
"""


RELAYS = """
[[boards]]
name = "relays"
driver = "lcus"
port = "/dev/serial/by-id/relays"
supply = "psu"
channels = 4
continuous_duty = true

[[boards]]
name = "inputs"
driver = "eletechsup"
port = "/dev/serial/by-id/inputs"
address = 3
supply = "psu"
inputs = "bitmap"

[[compartments]]
id = "C01"
size = "S"
board = "relays"
channel = 4
door = { board = "inputs", channel = 8 }
"""


def specs_of(folder: Path, text: str) -> dict[str, BoardSpec]:
    return {spec.name: spec for spec in boards.specs(load(make_folder(folder, text)))}


def test_a_board_has_the_channels_that_compartments_use_of_it(tmp_path: Path) -> None:
    specs = specs_of(tmp_path, GOOD + PINS)

    assert specs["main"].channels.keys() == {1, 2, 9, 12}
    assert specs["pins"].channels == {
        1: ChannelLines(17, "GPIO27", active_high=False, chip="/dev/gpiochip2"),
        5: ChannelLines(None, 22, chip="/dev/gpiochip2", lock=False),
        6: ChannelLines(4, None, chip="/dev/gpiochip2"),
    }


def test_a_door_whose_switch_is_wired_otherwise_says_so_to_the_board_that_reads_it(tmp_path: Path) -> None:
    specs = specs_of(tmp_path, GOOD + PINS)

    assert specs["main"].switches == {12: Feedback.CLOSED_IS_0}
    assert specs["pins"].switches == {}


def test_a_board_has_what_its_table_says_and_its_drivers_own_options(tmp_path: Path) -> None:
    pins = specs_of(tmp_path, GOOD + PINS)["pins"]

    assert (pins.lock, pins.feedback, pins.pulse) == (LockKind.MOTOR, Feedback.CLOSED_IS_0, 1_000)
    assert pins.options == {"one_shot_ms": 900}


def test_the_wires_lead_from_each_compartment_to_its_lock_and_its_sensor(tmp_path: Path) -> None:
    wires = boards.wires(load(make_folder(tmp_path, GOOD + PINS)))

    assert wires[CompartmentId("A01")] == Wires(Place("main", 1), Place("main", 1))
    assert wires[CompartmentId("B02")] == Wires(Place("main", 9), Place("pins", 5))
    assert wires[CompartmentId("B03")] == Wires(Place("pins", 6), Place("main", 12))


def test_locks_on_a_board_without_inputs_and_doors_on_one_whose_relays_are_not_used(tmp_path: Path) -> None:
    specs, settings = specs_of(tmp_path, GOOD + RELAYS), load(make_folder(tmp_path, GOOD + RELAYS))

    assert {name: (list(it.locks), list(it.channels)) for name, it in specs.items() if name != "main"} == {
        "relays": ([4], [4]),
        "inputs": ([], [8]),
    }
    assert boards.wires(settings)[CompartmentId("C01")] == Wires(Place("relays", 4), Place("inputs", 8))
    timers = VirtualTimers()
    assert set(boards.build(settings, boards.supplies(settings, timers), timers)) == {"main", "relays", "inputs"}


def test_every_board_is_built_without_touching_hardware(tmp_path: Path) -> None:
    settings, timers = load(make_folder(tmp_path, GOOD + PINS)), VirtualTimers()
    built = boards.build(settings, boards.supplies(settings, timers), timers)

    assert {name: board.name for name, board in built.items()} == {"main": "main", "pins": "pins"}
