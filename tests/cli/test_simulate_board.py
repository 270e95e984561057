"""`locker simulate-board`: a cabinet to try things with, pushed by lines of words."""

import json
import queue
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from support.cabinet_rig import SERIAL, language_of
from support.command_line import PROGRAM, Locker
from support.line_notes import Notes
from support.locker_folder import GOOD, make_folder

from controller.cli.simulated_hands import HELP, NotPushed, push
from controller.cli.simulated_stage import Script, Stage, Wires, stage
from firmware_bridge.bench import Bench
from firmware_bridge.board_spec import BoardSpec, ChannelLines
from firmware_bridge.builtin_responders import RESPONDERS
from firmware_bridge.codecs.kerong import unlock_frame
from firmware_bridge.drivers import build_boards
from firmware_bridge.lock_board import Door
from firmware_bridge.responders import Manner
from firmware_bridge.serial_port import Port, open_port
from firmware_bridge.supply import Supply, SupplyRules
from firmware_bridge.timers import ThreadTimers

CU48 = Script("kerong-cu48", 19_200, 4, (1,), Manner(100))
LIMIT_S = 10

Moves = queue.Queue[tuple[int, str]]


class Played:
    """A stage, its line's near end, and every move of a door."""

    def __init__(self, script: Script, put_up: ExitStack) -> None:
        self.moves: Moves = queue.Queue()
        self.stage: Stage = put_up.enter_context(stage(script, lambda door, what: self.moves.put((door, what))))
        self.port: Port = open_port(self.stage.line.port, script.baud)
        put_up.callback(self.port.close)

    def push(self, line: str) -> str:
        return push(self.stage, line)

    def unlock(self, channel: int) -> None:
        frame = unlock_frame(1, channel)
        self.port.write(frame)

    def moved(self) -> tuple[int, str]:
        return self.moves.get(timeout=LIMIT_S)


@pytest.fixture
def put_up() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def played(put_up: ExitStack) -> Played:
    return Played(CU48, put_up)


def test_doors_are_pushed_by_words_and_tell_of_it(played: Played) -> None:
    assert [played.push(line) for line in ("force 3", "close 3", "")] == ["", "", ""]
    assert [played.moved(), played.moved()] == [(3, "opened"), (3, "closed")]
    assert played.push("open 2") == "door 2 is bolted and stays shut"
    assert played.push("force 2") == ""
    assert played.push("put 2") == "something is behind door 2"
    assert played.push("take 2") == "door 2 is empty"
    assert played.push("put 1") == "nothing can be put behind door 1"
    assert played.push("take 1") == "nothing can be taken from behind door 1"
    assert played.push("jam 1") == "the bolt of door 1 sticks"
    assert played.push("doors") == "4 doors, open: 2; jammed: 1"
    assert played.push("free 1") == "the bolt of door 1 moves again"
    assert played.push("help") == HELP


def test_sensors_and_the_line_are_put_in_trouble_by_words(played: Played) -> None:
    assert played.push("stick 1 open") == played.push("silent on") == "done"
    assert played.stage.cabinet.sensor(1) is Door.OPEN
    assert played.stage.cabinet.replies_lost
    for line in ("stick 1 off", "silent off", "noise on", "noise off", "late 20", "late 0", "echo on"):
        assert played.push(line) == "done"
    assert played.stage.cabinet.sensor(1) is Door.CLOSED
    played.unlock(1)
    assert played.port.read(LIMIT_S * 1_000)[:1] == unlock_frame(1, 1)[:1]
    assert played.push("unplug") == played.push("plug") == "done"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("forse 3", "not understood: forse; is force meant?"),
        ("force 9", "there is no door 9; doors are 1 to 4"),
        ("force", "not understood: force; is force meant?"),
        ("stick 1 ajar", "not understood: stick"),
        ("late soon", "not understood: late"),
        ("xyzzy", "not understood: xyzzy; `help` lists"),
    ],
)
def test_what_nobody_can_follow_is_said_to_be_so(played: Played, line: str, sentence: str) -> None:
    with pytest.raises(NotPushed, match=sentence):
        played.push(line)


def test_crossed_wires_open_other_doors_and_somebody_closes_them(put_up: ExitStack) -> None:
    wires = Wires(locks=5, switches=6, cut=(2,), doubled=((3, 1),))
    loom = wires.loom(range(1, 5))
    played = Played(Script("kerong-cu48", 19_200, 4, (1,), Manner(100), wires, close_after_ms=50), put_up)
    for channel, doors in loom.locks.items():
        played.unlock(channel)
        if doors:
            assert {played.moved() for _ in range(2 * len(doors))} == {
                (d, w) for d in doors for w in ("opened", "closed")
            }
    assert sorted(loom.locks.values()) == [(), (1,), (3, 1), (4,)]
    assert list(loom.locks.values()) != [(door,) for door in range(1, 5)]


def test_a_weak_supply_makes_the_boards_deaf_for_a_while(put_up: ExitStack) -> None:
    played = Played(Script("kerong-cu48", 19_200, 4, (1,), Manner(100), reset_every=2), put_up)
    for channel in (1, 2):
        played.unlock(channel)
        assert played.moved() == (channel, "opened")
    played.unlock(3)
    restored = ThreadTimers("test")
    put_up.callback(restored.close)
    restored.call_later(1_000, lambda: played.unlock(4))
    assert played.moved() == (4, "opened")


@pytest.mark.parametrize("driver", RESPONDERS)
def test_the_boards_of_every_driver_stand_up_and_are_understood(driver: str, put_up: ExitStack) -> None:
    kind = SERIAL[driver]
    language = language_of(driver)
    count = min(4, language.channels)
    played = Played(Script(driver, language.baud, count, (1,), Manner(kind.pulse_ms, options=kind.options)), put_up)
    played.port.close()
    timers, notes = ThreadTimers("supply"), Notes()
    put_up.callback(timers.close)
    lines = dict.fromkeys(range(1, count + 1), ChannelLines())
    spec = BoardSpec(
        "main",
        driver,
        "psu",
        lines,
        port=played.stage.line.port,
        address=1,
        lock=kind.lock,
        pulse_ms=kind.pulse_ms,
        options=kind.options,
    )
    board = build_boards([spec], Bench({"psu": Supply(SupplyRules("psu"), timers)}, timers))["main"]
    board.open(notes.observe)
    put_up.callback(board.close)
    if kind.reads_doors:
        notes.wait(lambda: all(notes.door(channel) is Door.CLOSED for channel in lines))
    board.unlock(2, notes.report)
    assert played.moved() == (2, "opened")


def test_it_prints_a_port_and_tables_that_the_configuration_takes(locker: Locker, tmp_path: Path) -> None:
    words = [
        "simulate-board",
        "--driver",
        "kerong-cu48",
        "--address",
        "1",
        "--address",
        "2",
        "--pty",
        str(tmp_path / "port"),
    ]
    playing = subprocess.Popen([*PROGRAM, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert playing.stdout is not None
    assert playing.stdin is not None
    lines = [playing.stdout.readline()]
    while not lines[-1].startswith("Type `help`"):
        lines.append(playing.stdout.readline())
    playing.stdin.write("force 48\n")
    playing.stdin.flush()
    assert playing.stdout.readline() == "door 48 opened\n"
    playing.send_signal(signal.SIGTERM)
    assert playing.wait(LIMIT_S) == 0
    playing.communicate()

    before, _, after = GOOD.partition("[[supplies]]")
    rest = after.partition("[[compartments]]")[2].replace('"main"', '"board2"')
    config = make_folder(tmp_path / "folder", "".join([before, *lines[2:-2], "\n[[compartments]]", rest]))
    assert lines[0] == f"kerong-cu48 with doors 1 to 48 on pty:{tmp_path / 'port'}\n"
    assert json.loads(locker("check", "--json", "--config", config).out)["boards"] == {
        "board1": "kerong-cu48",
        "board2": "kerong-cu48",
    }


@pytest.mark.parametrize("driver", ["eletechsup", "lcus", "waveshare-modbus"])
def test_boards_that_stand_not_every_lock_or_pulse_come_with_tables_that_fit_them(
    locker: Locker, tmp_path: Path, driver: str
) -> None:
    playing = subprocess.Popen([*PROGRAM, "simulate-board", "--driver", driver], stdout=subprocess.PIPE, text=True)
    assert playing.stdout is not None
    lines = [playing.stdout.readline()]
    while not lines[-1].startswith("Type `help`"):
        lines.append(playing.stdout.readline())
    playing.send_signal(signal.SIGTERM)
    playing.communicate()

    before, _, after = GOOD.partition("[[supplies]]")
    rest = after.partition("[[compartments]]")[2]
    config = make_folder(tmp_path / "folder", "".join([before, *lines[2:-2], "\n[[compartments]]", rest]))
    checked = locker("check", "--json", "--config", config)
    assert json.loads(checked.out)["boards"] == {"main": driver}, checked.err


def test_programs_are_told_in_json(tmp_path: Path) -> None:
    words = ["simulate-board", "--driver", "kerong-cu48", "--doors", "2", "--json"]
    playing = subprocess.Popen([*PROGRAM, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert playing.stdout is not None
    assert playing.stdin is not None
    first = json.loads(playing.stdout.readline())
    playing.stdin.write("force 1\ndoors\n")
    playing.stdin.flush()
    said = [json.loads(playing.stdout.readline()) for _ in range(2)]
    playing.send_signal(signal.SIGINT)
    assert playing.wait(LIMIT_S) == 0
    playing.communicate()
    assert (first["driver"], first["doors"], first["port"][:4]) == ("kerong-cu48", 2, "pty:")
    assert said == [{"door": 1, "event": "opened"}, {"answer": "2 doors, open: 1"}]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--driver", "kerong-cu47"], "did you mean 'kerong-cu48'?"),
        (["--driver", "kerong-cu48", "--doors", "49"], "has 48 channels"),
        (["--driver", "kerong-cu48", "--option", "x=1"], "there is no option 'x'"),
        (["--driver", "kerong-cu48", "--option", "x"], "write KEY=VALUE"),
        (["--driver", "kerong-cu48", "--cut", "a"], "write door numbers"),
        (["--driver", "kerong-cu48", "--double", "3"], "such as 3+4"),
        (["--driver", "kerong-cu48", "--pty", "/nowhere/port"], "cannot be put up"),
        (["--driver", "kerong-cu48", "--baud", "12345"], "cannot be put up"),
    ],
)
def test_what_cannot_be_simulated_is_wrong_use(locker: Locker, words: list[str], sentence: str) -> None:
    ended = locker("simulate-board", *words)
    assert (ended.code, ended.out) == (2, "")
    assert sentence in ended.err
