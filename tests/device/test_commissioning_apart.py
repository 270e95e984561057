"""Locks on one board, door sensors on another: relays that answer nothing, and a board that is only read."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from controller.device.commissioning.draft import Draft, Terminal, make_draft
from controller.device.commissioning.hands import hands_on
from controller.device.commissioning.lines import listen
from controller.device.commissioning.outcome import conclude
from controller.device.commissioning.progress import Progress
from controller.device.commissioning.walk import SensorEyes, walk
from firmware_bridge.assistant import Assistant
from firmware_bridge.bench import Pins
from firmware_bridge.builtin_responders import RESPONDERS
from firmware_bridge.cabinet import Cabinet
from firmware_bridge.codecs import Feedback
from firmware_bridge.find_board import find_board
from firmware_bridge.loom import Loom, LoomedCabinet
from firmware_bridge.parts import PartState
from firmware_bridge.responders import Manner
from firmware_bridge.simulated_line import SimulatedLine
from firmware_bridge.timers import ThreadTimers


@pytest.fixture
def ports() -> Iterator[tuple[str, str]]:
    """Relay 1 opens door 2, relay 2 door 1; the switches of doors 1 and 2 are on channels 5 and 6, one of each kind."""
    timers = ThreadTimers("cabinet")
    cabinet = Cabinet((1, 2), timers)
    Assistant(cabinet, timers, 900)
    relays = LoomedCabinet(cabinet, Loom({1: (2,), 2: (1,)}, {}), timers)
    inputs = LoomedCabinet(cabinet, Loom({}, {5: 1, 6: 2}, frozenset({6})), timers)
    lines = (
        SimulatedLine(RESPONDERS["lcus"]({1: relays}, Manner()), baud=9_600),
        SimulatedLine(RESPONDERS["kerong-cu48"]({1: inputs}, Manner()), baud=19_200),
    )
    yield lines[0].port, lines[1].port
    for line in lines:
        line.close()
    timers.close()


def draft_of(ports: tuple[str, str]) -> Draft:
    boards: list[dict[str, Any]] = [
        {"name": "relays", "driver": "lcus", "port": ports[0], "supply": "psu", "continuous_duty": True},
        {"name": "inputs", "driver": "kerong-cu48", "port": ports[1], "supply": "psu", "address": 1, "try_channels": 0},
    ]
    boards[0] |= {"pulse_ms": 150, "try_channels": 2}
    doors = [{"id": f"A0{n}", "size": "M", "door": {"board": "inputs", "channel": n + 4}} for n in (1, 2)]
    tables = {"supplies": [{"name": "psu"}], "boards": boards, "compartments": doors}
    return make_draft(Path("draft"), tables)


def test_locks_and_sensors_on_two_boards_are_found_together(ports: tuple[str, str]) -> None:
    draft = draft_of(ports)
    assert draft.locks == (Terminal("relays", 1), Terminal("relays", 2))
    lines = tuple(listen(draft, lambda line: None))
    assert [(line.board, line.silent, line.sensors) for line in lines] == [("relays", False, 0), ("inputs", False, 48)]
    with hands_on(draft) as hands:
        eyes = SensorEyes(draft, hands, open_s=10, close_s=10)
        trials = walk(draft, hands, eyes, (), lambda kept: None, lambda: "now")
    learned = conclude(draft, Progress(draft.digest, "now", {}, trials), lines).learned
    assert learned.good
    assert [(it.lock, it.sensor, it.feedback) for it in learned.compartments] == [
        (Terminal("relays", 2), Terminal("inputs", 5), Feedback.CLOSED_IS_1),
        (Terminal("relays", 1), Terminal("inputs", 6), Feedback.CLOSED_IS_0),
    ]


def test_relays_that_answer_nothing_are_found_by_their_port(ports: tuple[str, str]) -> None:
    relays, inputs = draft_of(ports).specs
    part = find_board(relays, Pins()).part
    assert (part.state, part.what) == (
        PartState.FOUND,
        f"{ports[0]} is there; boards of this kind cannot be asked anything",
    )
    assert find_board(inputs, Pins()).part.what == "it answers at 19200 baud and tells of 48 doors"
    gone = find_board(draft_of(("pty:/nowhere", ports[1])).specs[0], Pins()).part
    assert gone.state is PartState.MISSING
