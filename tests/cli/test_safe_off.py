"""`locker safe-off`: for after a locker that was killed, whatever else may be wrong by then."""

import json
from pathlib import Path

from support.command_line import Locker
from support.locker_folder import GOOD, make_folder

from firmware_bridge.cabinet import Cabinet
from firmware_bridge.responders.lcus import LcusBoard
from firmware_bridge.simulated_line import SimulatedLine
from firmware_bridge.timers import VirtualTimers

PINS = """
[[boards]]
name = "pins"
driver = "gpio"
supply = "psu"
continuous_duty = true
chip = "/dev/gpiochip-that-is-not-there"

[[compartments]]
id = "B01"
size = "S"
board = "pins"
lock_line = 17
"""


RELAYS = """
[[boards]]
name = "relays"
driver = "lcus"
port = "{port}"
supply = "psu"
continuous_duty = true

[[compartments]]
id = "B01"
size = "S"
board = "relays"
channel = 3
"""


def test_relays_on_a_line_are_told_to_be_off(locker: Locker, tmp_path: Path) -> None:
    cabinet = Cabinet(range(1, 9), VirtualTimers())
    cabinet.energise(3)
    line = SimulatedLine(LcusBoard({0: cabinet}), baud=9_600)
    ended = locker("safe-off", "--config", make_folder(tmp_path, GOOD + RELAYS.format(port=line.port)))
    line.wait_for(lambda heard: not cabinet.energised(3))
    line.close()

    assert (ended.code, ended.out) == (0, "every lock of 2 boards is off\n")


def test_boards_that_end_their_own_pulses_need_nothing(locker: Locker, tmp_path: Path) -> None:
    ended = locker("safe-off", "--config", make_folder(tmp_path))

    assert (ended.code, ended.out) == (0, "every lock of 1 board is off\n")


def test_a_line_that_cannot_be_had_is_told_and_not_good(locker: Locker, tmp_path: Path) -> None:
    config = make_folder(tmp_path, GOOD + PINS)

    ended = locker("safe-off", "--config", config)
    facts = json.loads(locker("safe-off", "--json", "--config", config).out)

    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("pins: line missing (line /dev/gpiochip-that-is-not-there:17")
    assert (facts["good"], facts["faults"][0]["board"]) == (False, "pins")


def test_mistakes_elsewhere_in_the_file_are_no_obstacle(locker: Locker, tmp_path: Path) -> None:
    text = GOOD.replace("trust.json", "gone.json").replace("mqtt://", "nonsense://") + "\n[unknown]\n"

    assert locker("safe-off", "--config", make_folder(tmp_path, text)).code == 0


def test_a_file_that_cannot_be_read_is_wrong_use(locker: Locker, tmp_path: Path) -> None:
    ended = locker("safe-off", "--config", tmp_path / "gone.toml")

    assert (ended.code, ended.err) == (2, f"{tmp_path / 'gone.toml'}: cannot be read: No such file or directory\n")


def test_lights_and_buzzer_are_put_out_too_once_the_locks_are(locker: Locker, tmp_path: Path) -> None:
    signals = '[signals]\nchip = "/dev/gpiochip-that-is-not-there"\nbuzzer = 23\n'

    ended = locker("safe-off", "--config", make_folder(tmp_path, GOOD + signals))

    assert ended.code == 1
    assert ended.err.startswith("signals: line missing (line /dev/gpiochip-that-is-not-there:23")
