"""`locker check` on lock boards: every wiring that could open a wrong door, or burn a lock, is refused beforehand."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.command_line import Locker
from support.line_chip import FakeChip, FakeChips
from support.locker_folder import GOOD, make_folder

from firmware_bridge import gpio_chips

HEAD = GOOD.partition("[[boards]]")[0]
PORT = "/dev/serial/by-path/pci-0-usb-0:1:1.0-port0"


def board(name: str = "main", driver: str = "kerong-cu48", **keys: object) -> str:
    if driver not in ("gpio", "simulated"):
        keys = {"port": PORT, **keys}
    lines = [f"{key} = {json.dumps(value)}" for key, value in keys.items() if value is not None]
    return "\n".join(["[[boards]]", f'name = "{name}"', f'driver = "{driver}"', 'supply = "psu"', *lines, ""])


def door(id: str = "A01", board: str = "main", **keys: object) -> str:
    given = {"channel": 1, **keys}
    lines = [f"{key} = {value if key == 'door' else json.dumps(value)}" for key, value in given.items()]
    return "\n".join(["[[compartments]]", f'id = "{id}"', 'size = "M"', f'board = "{board}"', *lines, ""])


def pins(name: str = "main", **keys: object) -> str:
    return board(name, "gpio", **{"continuous_duty": True, **keys})


def check(locker: Locker, folder: Path, *tables: str) -> list[dict[str, str]]:
    """The problems found; none for a good file."""
    config = make_folder(folder, HEAD + "\n".join(tables))
    ended = locker("check", "--json", "--config", config)
    assert ended.code in (0, 2)
    problems: list[dict[str, str]] = json.loads(ended.out).get("problems", [])
    assert bool(problems) is (ended.code == 2)
    return problems


@dataclass(frozen=True)
class Bad:
    """Tables that are refused, the key that is named, and what is said of it."""

    tables: tuple[str, ...]
    key: str
    reason: str


BAD = {
    "software pulse without anything to end it": Bad(
        (board(driver="gpio"), door(lock_line=17)), "boards[0].one_shot_ms", "burns if the program dies in it"
    ),
    "software pulse beyond its cap": Bad(
        (pins(pulse_ms=1500), door(lock_line=17)), "boards[0].pulse_ms", "at most 1000 ms"
    ),
    "one-shot beyond its cap": Bad(
        (pins(one_shot_ms=1500), door(lock_line=17)), "boards[0].one_shot_ms", "1500 ms is too long"
    ),
    "magnet's pulse": Bad((board(pulse_ms=1001), door()), "boards[0].pulse_ms", "at most 1000 ms"),
    "motor's pulse": Bad((board(lock="motor", pulse_ms=3001), door()), "boards[0].pulse_ms", "at most 3000 ms"),
    "seconds for milliseconds": Bad((board(pulse_ms=24_000), door()), "boards[0].pulse_ms", "refused for every lock"),
    "pulse that moves nothing": Bad((board(pulse_ms=5), door()), "boards[0].pulse_ms", "at least 50 ms"),
    "lock 0, which is all of them": Bad((board(), door(channel=0)), "compartments[0].channel", "greater than or equal"),
    "lock 49, which is all of them": Bad(
        (board(), door(channel=49)), "compartments[0].channel", "channel 49: there is none such"
    ),
    "address 10, which is all boards": Bad(
        (board(address=10), door()), "boards[0].address", "address 10 is no Kerong CU48"
    ),
    **{
        f"address {address} of {driver}": Bad(
            (board(driver=driver, address=address), door()), "boards[0].address", f"address {address} is no {model}'s"
        )
        for driver, address, model in (
            ("kerong-cu16", 15, "Kerong CU16"),
            ("kerong-cu48b", 10, "Kerong CU48B"),
            ("lockboard-8a", 0, "lock board 8A"),
            ("lockboard-8a", 33, "lock board 8A"),
            ("wkly", 32, "WKLY board"),
            ("dingchang", 0, "Dingchang board"),
            ("dingchang", 16, "Dingchang board"),
        )
    },
    **{
        f"channel {most + 1} of {driver}": Bad(
            (board(driver=driver, address=1), door(), door("A02", channel=most + 1)),
            "compartments[1].channel",
            f"this kind of board has 1 to {most}",
        )
        for driver, most in (
            ("kerong-cu16", 16),
            ("kerong-cu48b", 48),
            ("lockboard-8a", 50),
            ("wkly", 24),
            ("dingchang", 24),
            ("winnsen", 16),
        )
    },
    "sensor on a channel that is not there": Bad(
        (
            board(),
            board("more", "winnsen", port="/dev/ttyAMA0", address=1),
            door(),
            door("A02", channel=2, door='{ board = "more", channel = 17 }'),
        ),
        "compartments[1].door",
        "channel 17: there is none such",
    ),
    "half a second of a motor on an 8A board": Bad(
        (board(driver="lockboard-8a", address=1, lock="motor", pulse_ms=1_500), door()),
        "boards[0].pulse_ms",
        "a motor runs for whole seconds",
    ),
    "seconds for a magnet on an 8A board": Bad(
        (board(driver="lockboard-8a", address=1, pulse_ms=2_000), door()), "boards[0].pulse_ms", "at most 1000 ms"
    ),
    "a status order that there is none of": Bad(
        (board(driver="lockboard-8a", address=1, status_order="backwards"), door()),
        "boards[0]",
        "option 'status_order' is 'backwards', but it must be 'last_byte_first' or 'first_byte_first'",
    ),
    "a header that there is none of": Bad(
        (board(driver="wkly", header="ABCD"), door()), "boards[0]", "it must be 'WKLY' or 'NBSE'"
    ),
    "another driver's option": Bad(
        (board(driver="wkly", status_order="first_byte_first"), door()), "boards[0].status_order", "no such key"
    ),
    "lock 0 of an 8A board": Bad(
        (board(driver="lockboard-8a", address=1), door(channel=0)), "compartments[0].channel", "greater than or equal"
    ),
    "address 0 of Modbus": Bad(
        (board(driver="waveshare-modbus", address=0), door()), "boards[0].address", "every board"
    ),
    "two drivers on one port": Bad(
        (board(), board("more", "winnsen", address=1), door(), door("A02", "more")),
        "boards[1].port",
        "boards that speak 'kerong-cu48' and 'winnsen', which do not understand each other",
    ),
    "two speeds on one port": Bad(
        (board(), board("more", baud=9600, address=1), door(), door("A02", "more")),
        "boards[1].baud",
        "19200 and 9600 baud at once",
    ),
    "one address twice on a port": Bad(
        (board(address=3), board("more", address=3), door(), door("A02", "more")),
        "boards[1].address",
        "another board with address 3",
    ),
    "no port": Bad((board(port=None), door()), "boards[0].port", "needs a port"),
    "port of no known form": Bad((board(port="COM3"), door()), "boards[0].port", "neither a device path"),
    "converter without a number": Bad(
        (board(port="socket://10.0.0.9"), door()), "boards[0].port", "names no host and port"
    ),
    **{
        f"unstable port {port}": Bad((board(port=port), door()), "boards[0].port", "another adapter after the next")
        for port in ("/dev/ttyUSB0", "/dev/ttyACM1", "/dev/ttyXRUSB0", "/dev/ttyCH343USB0", "/dev/rfcomm0")
    },
    "unstable scanner": Bad(
        (board(), door(), '[scanner]\nport = "/dev/ttyUSB1"\n'), "scanner.port", "another adapter after the next boot"
    ),
    "scanner on a board's port": Bad(
        (board(), door(), f'[scanner]\nport = "{PORT}"\n'), "scanner.port", "is that of board 'main'"
    ),
    "two compartments on one channel": Bad(
        (board(), door(), door("A02")), "compartments[1].channel", "both use channel 1 of board 'main'"
    ),
    "two doors on one sensor": Bad(
        (board(), door(), door("A02", channel=2, door='{ board = "main", channel = 1 }')),
        "compartments[1].door",
        "are both read on channel 1",
    ),
    "sensor on a board that is not there": Bad(
        (board(), door(door='{ board = "inputs", channel = 1 }')), "compartments[0].door.board", "no 'inputs'"
    ),
    "one line for two locks": Bad(
        (pins(), door(lock_line=17), door("A02", channel=2, lock_line=17)), "compartments[1].lock_line", "line 17"
    ),
    "one line for lock and door": Bad(
        (pins(), door(lock_line=17, door_line=17)), "compartments[0].door_line", "line 17"
    ),
    "lock without a line": Bad((pins(), door(door_line=17)), "compartments[0].lock_line", "a lock needs a line"),
    **{
        f"active-high lock on line {line}": Bad(
            (pins(), door(lock_line=20), door("A02", channel=2, lock_line=line)),
            "compartments[1].lock_line",
            "is high from power-on",
        )
        for line in (*range(9), 14, "GPIO4", "gpio8", "GPIO14", "ID_SDA", "SDA1", "TXD1", "5")
    },
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_must_not_be_is_refused_with_file_key_and_reason(locker: Locker, tmp_path: Path, name: str) -> None:
    bad = BAD[name]
    [problem] = check(locker, tmp_path, *bad.tables)

    assert problem["file"] == str(tmp_path / "locker.toml")
    assert problem["key"] == bad.key
    assert bad.reason in problem["reason"]


GOOD_TABLES = {
    "lock and door sensor on different boards": (
        board("relays", "waveshare-modbus", address=1),
        pins("inputs", feedback="closed_is_0"),
        door("A01", "relays", door='{ board = "inputs", channel = 1 }', door_line=27),
        door("A02", "relays", channel=2, door='{ board = "inputs", channel = 2 }', door_line="GPIO22"),
    ),
    "the sensors on a second board of the same line": (
        board(address=0),
        board("inputs", address=1),
        door(door='{ board = "inputs", channel = 48 }'),
    ),
    "ten boards of one kind on one bus": tuple(
        table for n in range(10) for table in (board(f"b{n}", address=n), door(f"A{n:02}", f"b{n}", channel=48))
    ),
    "several buses, one address on each": (
        board("left"),
        board("right", port="/dev/ttyAMA0"),
        board("far", port="socket://10.0.0.9:5000"),
        *(door(f"{name[0]}1", name) for name in ("left", "right", "far")),
    ),
    "each kind of board on a line of its own": (
        board("kerong"),
        board("winnsen", "winnsen", port="/dev/ttyAMA0", address=1),
        door("A01", "kerong"),
        door("A02", "winnsen"),
    ),
    "active-low lock on a line that is high at boot": (pins(), door(lock_line=4, active_high=False)),
    "active-high lock on a line that is low at boot": (pins(), door(lock_line=17)),
    "door switch on a line that is high at boot": (pins(), door(lock_line=17, door_line=4)),
    "a line of that number on an expander": (pins(chip="/dev/gpiochip2"), door(lock_line=4)),
    "one line number on two chips": (
        pins(chip="/dev/gpiochip2"),
        pins("more", chip="/dev/gpiochip3"),
        door(lock_line=4),
        door("A02", "more", lock_line=4),
    ),
    "a one-shot instead of a lock for ever": (
        pins(continuous_duty=False, one_shot_ms=400, pulse_ms=100),
        door(lock_line=17),
    ),
    "gpiozero's mock factory": (pins(pins="mock"), door(lock_line=17)),
    "a motor for three seconds": (board(lock="motor", pulse_ms=3000), door()),
}


@pytest.mark.parametrize("name", GOOD_TABLES)
def test_what_may_be_is_good(locker: Locker, tmp_path: Path, name: str) -> None:
    assert check(locker, tmp_path, *GOOD_TABLES[name]) == []


def test_a_pin_factory_whose_library_is_not_installed_is_refused(
    locker: Locker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "lgpio", None)
    monkeypatch.delitem(sys.modules, "gpiozero.pins.lgpio", raising=False)
    [problem] = check(locker, tmp_path, pins(pins="lgpio"), door(lock_line=17))

    assert problem["key"] == "boards[0].pins"
    assert "gpiozero's pin factory 'lgpio' cannot be used here" in problem["reason"]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Says what this machine is."""
    model = tmp_path / "model"
    monkeypatch.setattr(gpio_chips, "MODEL", model)

    def say(words: str) -> None:
        model.write_text(f"{words}\0")

    return say


@pytest.mark.parametrize(
    ("model", "refused"),
    [("Raspberry Pi 5 Model B Rev 1.0", True), ("Orange Pi 5", False), ("Radxa ROCK 4C+", False)],
)
def test_the_lines_of_other_machines_are_not_those_of_a_raspberry_pi(
    locker: Locker, tmp_path: Path, machine: Callable[[str], None], model: str, refused: bool
) -> None:
    machine(model)
    assert bool(check(locker, tmp_path / "etc", pins(), door(lock_line=4))) is refused


@pytest.mark.parametrize("label", ["pinctrl-bcm2711", "pinctrl-rp1", "mcp23017"])
def test_a_chip_by_name_is_looked_at_whether_it_carries_the_header(
    locker: Locker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, label: str
) -> None:
    chip = FakeChip("/dev/gpiochip4", label=label)
    monkeypatch.setattr(gpio_chips, "real_chip", FakeChips(chip).open)
    problems = check(locker, tmp_path, pins(chip=chip.path), door(lock_line=4))
    assert bool(problems) is label.startswith("pinctrl")
    assert chip.settings == [], "no line was taken"
