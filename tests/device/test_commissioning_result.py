"""What is written in the end, read back as the configuration reads it."""

import tomllib
from pathlib import Path
from typing import Any

from support.commissioned import a_draft
from support.locker_folder import GOOD, make_folder

from controller.device import boards
from controller.device.commissioning.draft import Draft, Terminal, make_draft
from controller.device.commissioning.learning import Moved, Trial
from controller.device.commissioning.outcome import Outcome, conclude
from controller.device.commissioning.progress import Progress
from controller.device.commissioning.result import cabinet_toml
from controller.device.settings import Settings, load
from controller.device.wiring import Place
from controller.domain.ids import CompartmentId
from firmware_bridge.codecs import Feedback


def trial(lock: Terminal, opened: str, *moved: Moved) -> Trial:
    return Trial(lock, (opened,), moved, "written", 1, "somebody", "then")


def at(channel: int, board: str = "main") -> Terminal:
    return Terminal(board, channel)


def concluded(draft: Draft, *trials: Trial, baud: int | None = None) -> Outcome:
    bauds = {} if baud is None else {"main": baud}
    return conclude(draft, Progress(draft.digest, "2026-11-23T03:00:00.000Z", bauds, trials), ())


def read(folder: Path, outcome: Outcome) -> Settings:
    """The cabinet behind the rest of a site."""
    site, _, cabinet = GOOD.partition("[[supplies]]")
    return load(make_folder(folder, f"{site}{cabinet_toml(outcome)}\n{cabinet[cabinet.index('[kiosk]') :]}"))


def test_locks_sensors_speed_and_polarity_are_those_that_were_found(tmp_path: Path) -> None:
    outcome = concluded(
        a_draft(3),
        trial(at(7), "A01", Moved(at(9), False)),
        trial(at(8), "A02", Moved(at(8), False)),
        trial(at(9), "A03", Moved(at(7), True)),
        baud=9_600,
    )
    settings = read(tmp_path, outcome)
    [spec] = boards.specs(settings)
    assert (spec.baud, spec.feedback, spec.switches) == (9_600, Feedback.CLOSED_IS_0, {7: Feedback.CLOSED_IS_1})
    wires = boards.wires(settings)
    assert wires[CompartmentId("A01")].lock == Place("main", 7)
    assert wires[CompartmentId("A01")].sensor == Place("main", 9)
    assert wires[CompartmentId("A02")].sensor == Place("main", 8)


def test_what_else_the_draft_says_of_a_compartment_and_a_board_is_kept(tmp_path: Path) -> None:
    draft = make_draft(
        Path("draft"),
        {
            "supplies": [{"name": "psu", "gap_ms": 400}],
            "boards": [{"name": "main", "driver": "simulated", "supply": "psu", "spring": "releases"}],
            "compartments": [{"id": "A01", "size": [450, 380, 600], "inner_release": True, "handle_mm": 900, "row": 2}],
        },
    )
    settings = read(tmp_path, concluded(draft, trial(at(1), "A01", Moved(at(1), True))))
    [table] = settings.compartments
    assert (table.size, table.inner_release, table.handle_mm, table.row) == ((450, 380, 600), True, 900, 2)
    assert settings.supplies[0].gap_ms == 400
    assert settings.boards[0].options == {"spring": "releases"}


def test_gpio_lines_go_with_the_lock_and_the_sensor_that_they_belong_to(tmp_path: Path) -> None:
    pins: dict[str, Any] = {"name": "pins", "driver": "gpio", "supply": "psu", "continuous_duty": True}
    lines = {"A01": (17, 27), "A02": (22, 23)}
    compartments = [
        {"id": id, "size": "M", "board": "pins", "lock_line": lock, "door_line": door, "active_high": False}
        for id, (lock, door) in lines.items()
    ]
    draft = make_draft(Path("draft"), {"supplies": [{"name": "psu"}], "boards": [pins], "compartments": compartments})
    outcome = concluded(
        draft,
        trial(at(1, "pins"), "A02", Moved(at(1, "pins"), True)),
        trial(at(2, "pins"), "A01", Moved(at(2, "pins"), True)),
    )
    [spec] = boards.specs(read(tmp_path, outcome))
    found = {channel: (each.lock_line, each.door_line, each.active_high) for channel, each in spec.channels.items()}
    assert found == {1: (17, 27, False), 2: (22, 23, False)}
    tables = tomllib.loads(cabinet_toml(outcome))["compartments"]
    assert [(it["id"], it["lock_line"], it["door_line"]) for it in tables] == [("A01", 22, 23), ("A02", 17, 27)]


def test_what_was_written_serves_as_the_next_draft() -> None:
    toml = cabinet_toml(
        concluded(a_draft(2), trial(at(7), "A01", Moved(at(9), False)), trial(at(3), "A02", Moved(at(3), True)))
    )
    again = make_draft(Path("cabinet.toml"), tomllib.loads(toml))
    assert [again.guessed(at(7)), again.beside(at(9)), again.guessed(at(3)), again.beside(at(3))] == [
        "A01",
        "A01",
        "A02",
        "A02",
    ]
    assert again.specs[0].feedback is Feedback.CLOSED_IS_1
    assert again.specs[0].switches == {}


def test_compartments_that_cannot_be_used_stand_there_with_the_reason(tmp_path: Path) -> None:
    outcome = concluded(a_draft(2), trial(at(1), "A01", Moved(at(1), True)))
    assert "# A02: no channel opens it; check its lock and the lock's wires\n" in cabinet_toml(outcome)
    assert [table.id for table in read(tmp_path, outcome).compartments] == ["A01"]
