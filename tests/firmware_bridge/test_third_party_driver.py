"""The driver that `docs/third-party-driver.md` shows, taken out of the page, installed and run."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.line_notes import Notes

from firmware_bridge.bench import Bench
from firmware_bridge.board_spec import BoardSpec, ChannelLines
from firmware_bridge.cabinet import Cabinet
from firmware_bridge.drivers import build_boards, find_driver, known_drivers, relays_of, safe_off
from firmware_bridge.faults import FaultKind
from firmware_bridge.lock_board import Sent
from firmware_bridge.responders import Response
from firmware_bridge.simulated_line import SimulatedLine
from firmware_bridge.supply import Supply, SupplyRules
from firmware_bridge.timers import ThreadTimers

PAGE = Path(__file__).parents[2] / "docs" / "third-party-driver.md"
RELAYS = range(1, 5)


def blocks(language: str) -> list[str]:
    """What stands on the page in that language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE)


def tables() -> tuple[dict[str, Any], dict[str, Any]]:
    """The distribution's description, and the board in the configuration."""
    project, configuration = map(tomllib.loads, blocks("toml"))
    return project["project"], configuration["boards"][0]


@pytest.fixture(autouse=True)
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A distribution is a module and a folder that describes it."""
    [code] = blocks("python")
    project, _ = tables()
    (group, offered), *_ = project["entry-points"].items()
    described = tmp_path / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    described.mkdir()
    (described / "METADATA").write_text(f"Name: {project['name']}\nVersion: {project['version']}\n")
    points = "".join(f"{name} = {where}\n" for name, where in offered.items())
    (described / "entry_points.txt").write_text(f"[{group}]\n{points}")
    (tmp_path / "locker_kmtronic.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)


def spec() -> BoardSpec:
    _, board = tables()
    known = {key: board.pop(key) for key in ("name", "driver", "supply", "port", "pulse_ms")}
    return BoardSpec(channels=dict.fromkeys(RELAYS, ChannelLines()), options=board, **known)


class SimulatedRelays:
    """What the maker's list says of a board with four channels: orders, and a question after all relays."""

    def __init__(self, cabinet: Cabinet) -> None:
        self._cabinet = cabinet
        self._heard = b""

    def hear(self, heard: bytes) -> list[Response]:
        self._heard += heard
        whole = len(self._heard) - len(self._heard) % 3
        frames = [self._heard[at : at + 3] for at in range(0, whole, 3)]
        self._heard = self._heard[whole:]
        return [Response(frame, self._obey(frame)) for frame in frames]

    def _obey(self, frame: bytes) -> bytes:
        _, channel, state = frame
        if channel == 9:
            return bytes(self._cabinet.energised(relay) for relay in RELAYS)
        (self._cabinet.energise if state else self._cabinet.de_energise)(channel)
        return b""


@pytest.fixture
def timers() -> Iterator[ThreadTimers]:
    timers = ThreadTimers("cabinet")
    yield timers
    timers.close()


@pytest.fixture
def cabinet(timers: ThreadTimers) -> Cabinet:
    return Cabinet(RELAYS, timers)


@pytest.fixture
def line(cabinet: Cabinet) -> Iterator[SimulatedLine]:
    line = SimulatedLine(SimulatedRelays(cabinet), baud=9_600)
    yield line
    line.close()


def test_the_driver_is_found_by_its_name_and_says_the_makers_frames() -> None:
    assert "kmtronic" in known_drivers()
    assert find_driver("kmtronic").options.__name__ == "KMTronicOptions"
    relays = relays_of(spec())
    assert relays is not None
    assert (relays.on(1), relays.off(4)) == (bytes.fromhex("FF 01 01"), bytes.fromhex("FF 04 00"))
    for channel in (0, 5, 9, 255):
        with pytest.raises(ValueError, match=f"channel {channel} does not exist"):
            relays.on(channel)


def test_it_unlocks_on_a_line_and_leaves_every_relay_off(
    timers: ThreadTimers, cabinet: Cabinet, line: SimulatedLine
) -> None:
    notes = Notes()
    cabinet.on_change(lambda channel: notes.nudge())
    bench = Bench({"psu": Supply(SupplyRules("psu"), timers)}, timers)
    board = build_boards([replace(spec(), port=line.port, pulse_ms=100)], bench)["relays"]
    board.open(notes.observe)
    board.unlock(3, notes.report)
    notes.wait(lambda: len(cabinet.currents) == 1)
    board.close()
    assert [(report.channel, report.sent) for report in notes.reports] == [(3, Sent.WRITTEN)]
    assert [pulse.channel for pulse in cabinet.pulses] == [3]


def test_safe_off_reaches_its_relays(cabinet: Cabinet, line: SimulatedLine) -> None:
    cabinet.energise(2)
    assert safe_off([replace(spec(), port=line.port)]) == []
    line.wait_for(lambda heard: len(line.frames) == 8)
    assert not cabinet.energised(2)
    [fault] = safe_off([replace(spec(), port="/dev/serial/by-id/gone")])
    assert fault.kind is FaultKind.PORT_MISSING


def test_the_simulated_board_answers_the_makers_question(cabinet: Cabinet) -> None:
    board = SimulatedRelays(cabinet)
    board.hear(bytes.fromhex("FF 01 01"))
    assert board.hear(bytes.fromhex("FF 09 00")) == [Response(bytes.fromhex("FF 09 00"), bytes.fromhex("01 00 00 00"))]


def test_what_it_refuses_is_refused_by_the_locker(timers: ThreadTimers) -> None:
    bench = Bench({"psu": Supply(SupplyRules("psu"), timers)}, timers)
    for options, sentence in (
        ({"channels": 5, "continuous_duty": True}, "channels is 5"),
        ({"channels": 4}, "burns if the program dies in it"),
        ({"channel": 4}, "no option 'channel'; did you mean 'channels'"),
    ):
        with pytest.raises(ValueError, match=sentence):
            build_boards([replace(spec(), options=options)], bench)


def test_the_page_promises_no_more_than_a_page_of_code() -> None:
    [code] = blocks("python")
    assert len(code.splitlines()) <= 60
