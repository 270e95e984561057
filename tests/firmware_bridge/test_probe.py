"""Probing: what a board answers at which speed, asked by its status questions alone."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from firmware_bridge.board_spec import BoardSpec
from firmware_bridge.builtin_responders import RESPONDERS
from firmware_bridge.cabinet import Cabinet
from firmware_bridge.codecs import Codec
from firmware_bridge.drivers import codec_of
from firmware_bridge.faults import FaultKind
from firmware_bridge.probe import probe, probe_speeds
from firmware_bridge.responders import Manner
from firmware_bridge.simulated_line import SimulatedLine, Trouble
from firmware_bridge.timers import VirtualTimers

SPEC = BoardSpec("main", "kerong-cu48", "psu", {}, address=1)


def codec(driver: str = "kerong-cu48") -> Codec:
    found = codec_of(replace(SPEC, driver=driver))
    assert found is not None
    return found


@pytest.fixture
def line() -> Iterator[SimulatedLine]:
    with_boards = RESPONDERS["kerong-cu48"]({1: Cabinet((1, 3), VirtualTimers())}, Manner())
    line = SimulatedLine(with_boards, baud=57_600, heeds_speed=True)
    yield line
    line.close()


def spec(line: SimulatedLine) -> BoardSpec:
    return replace(SPEC, port=line.port, baud=57_600)


def frames(line: SimulatedLine) -> set[int]:
    return {heard.frame[3] for heard in line.frames}


def test_a_board_that_answers_tells_of_its_bits(line: SimulatedLine) -> None:
    probed = probe(spec(line), codec())
    assert (probed.baud, probed.fault, probed.echo, len(probed.bits)) == (57_600, None, False, 48)
    assert [channel for channel, bit in probed.bits.items() if bit] == [1, 3]
    assert frames(line) == {0x50}


@pytest.mark.parametrize(
    ("trouble", "fault", "echo"),
    [
        (Trouble(deaf=True), FaultKind.NO_REPLY, False),
        (Trouble(deaf=True, echo=True), FaultKind.ECHO, True),
        (Trouble(echo=True), None, True),
        (Trouble(late=1, late_ms=400), FaultKind.NO_REPLY, False),
        (Trouble(noise=b"\xfa\xfd\x02\x99"), None, False),
    ],
)
def test_troubles_of_the_line_are_named(
    line: SimulatedLine, trouble: Trouble, fault: FaultKind | None, echo: bool
) -> None:
    line.trouble(trouble)
    probed = probe(spec(line), codec())
    assert (probed.fault, probed.echo) == (fault, echo)


def test_another_speed_is_found_among_the_usual_ones(line: SimulatedLine) -> None:
    heard = list(probe_speeds(replace(spec(line), baud=115_200), codec()))
    assert [(it.baud, it.fault) for it in heard] == [
        (115_200, FaultKind.NO_REPLY),
        (19_200, FaultKind.NO_REPLY),
        (9_600, FaultKind.NO_REPLY),
        (38_400, FaultKind.NO_REPLY),
        (57_600, None),
    ]
    assert frames(line) == {0x50}


def test_no_other_speed_is_tried_where_none_can_help(line: SimulatedLine) -> None:
    line.unplug()
    [missing] = probe_speeds(spec(line), codec())
    assert missing.fault is FaultKind.PORT_MISSING
    assert missing.detail.startswith(line.port)


def test_winnsen_is_asked_at_the_speed_that_was_told_and_at_no_other(line: SimulatedLine) -> None:
    """Its frames begin as those do that open an 8A board's doors by a bitmap."""
    winnsen = replace(spec(line), driver="winnsen")
    assert [it.baud for it in probe_speeds(winnsen, codec("winnsen"))] == [57_600]


def test_a_board_at_another_address_is_silent(line: SimulatedLine) -> None:
    assert probe(replace(spec(line), address=2), codec()).fault is FaultKind.NO_REPLY
