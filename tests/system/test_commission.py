"""A cabinet of 24 doors, locks and switches crossed, half of its switches of the other kind, two channels dead.

It is commissioned from end to end by its sensors alone, and by a person in a terminal.
"""

import json
import sys
from functools import partial
from pathlib import Path

import pytest
from support.command_line import Ended, Locker, start_daemon, stop_daemon
from support.commissioned import configured, proven, site_of, wires_in, wires_of
from support.commissioning import Building, Person, building, name
from support.daemon import wait_until
from support.line_notes import Notes

from controller.cli.main import main
from controller.cli.simulated_stage import Script, Wires
from firmware_bridge.responders import Manner

DOORS = 24
HALF = tuple(range(2, DOORS + 1, 2))
DEAD = (5, 17)


@pytest.fixture
def locker(capfd: pytest.CaptureFixture[str]) -> Locker:
    def run(*words: object) -> Ended:
        capfd.readouterr()
        code = main([str(word) for word in words])
        return Ended(code, *capfd.readouterr())

    return run


def judge(locker: Locker, house: Building) -> None:
    report = proven(locker, house.folder)
    assert wires_in(report) == wires_of(house)
    assert [id for id, wires in wires_in(report).items() if wires is None] == ["A05", "A17"]
    assert [it["verdict"] for it in report["channels"]].count("dead") == len(DEAD)
    assert configured(locker, house.folder)["compartments"] == DOORS - len(DEAD)
    assert len(house.stage.cabinet.pulses) == DOORS - len(DEAD)
    assert len(house.stage.cabinet.currents) == DOORS - len(DEAD)


def serve(locker: Locker, house: Building) -> None:
    """Run the locker on what was written: it knows every door, and opens the one that is meant."""
    daemon, cabinet, notes = start_daemon(site_of(house.folder)), house.stage.cabinet, Notes()
    cabinet.on_change(lambda door: notes.nudge())

    def reads_open(*ids: str) -> bool:
        facts = json.loads(locker("status", "--json", "--config", daemon.config).out)
        assert all(each["door"] != "unknown" for each in facts["compartments"])
        return [each["id"] for each in facts["compartments"] if each["door"] == "open"] == [*ids]

    try:
        assert reads_open()
        for door in (1, 2, 23, 24):
            assert locker("open", name(door), "--reason", "a trial", "--config", daemon.config).code == 0
            wait_until(partial(reads_open, name(door)), f"{name(door)} reads open")
            assert [it for it, truth in cabinet.doors().items() if truth.open] == [door]
            notes.wait(partial(cabinet.close_door, door))
            wait_until(reads_open, "every door reads closed")
    finally:
        stop_daemon(daemon)


def test_unattended_by_flags(locker: Locker, tmp_path: Path) -> None:
    """Locks are crossed, the speed is another than believed; each sensor is in its place."""
    wires = Wires(locks=7, inverted=HALF, cut=DEAD)
    with building(tmp_path, Script("kerong-cu48", 9_600, DOORS, (1,), Manner(120), wires, close_after_ms=500)) as house:
        out = tmp_path / "cabinet.toml"
        ended = locker("commission", "--draft", house.draft, "--out", out, "--unattended", "--open-s", 1, "--json")
        assert ended.code == 1
        assert json.loads(ended.out)["boards"][0]["baud"] == 9_600
        judge(locker, house)


def test_by_a_person_in_a_terminal(locker: Locker, tmp_path: Path) -> None:
    """Locks and sensors are crossed, each in its own way."""
    wires = Wires(locks=7, switches=11, inverted=HALF, cut=DEAD)
    with building(tmp_path, Script("kerong-cu48", 9_600, DOORS, (1,), Manner(120), wires)) as house:
        person = Person(house, "--by", "a technician")
        try:
            person.walks()
            assert person.terminal.ended() == 1
        finally:
            person.terminal.close()
            sys.stderr.write(person.terminal.shown)
        judge(locker, house)
        serve(locker, house)
