"""Hands on real boards: every bit is seen, and whatever happens nothing stays energised."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from support.cabinet_rig import connect
from support.line_chip import FakeChip, FakeChips

from controller.device.commissioning.draft import Draft, Terminal, make_draft
from controller.device.commissioning.hands import BoardHands, hands_on
from controller.device.commissioning.learning import Trial
from controller.device.commissioning.walk import SensorEyes, walk
from firmware_bridge.bench import Pins
from firmware_bridge.cabinet import Cabinet
from firmware_bridge.faults import FaultKind
from firmware_bridge.gpio_chips import FIRST_CHIP
from firmware_bridge.lock_board import Sent
from firmware_bridge.timers import ThreadTimers

LIMIT_S = 10.0


def at(channel: int) -> Terminal:
    return Terminal("pins", channel)


def draft(**board: Any) -> Draft:
    """Two doors on pins, as `connect` wires them; the draft has their sensors the other way round."""
    pins = {"name": "pins", "driver": "gpio", "supply": "psu", "continuous_duty": True, "pulse_ms": 150, **board}
    doors = [
        {"id": "A01", "size": "M", "board": "pins", "lock_line": 11, "door_line": 22},
        {"id": "A02", "size": "M", "board": "pins", "lock_line": 12, "door_line": 21},
    ]
    return make_draft(Path("draft"), {"supplies": [{"name": "psu"}], "boards": [pins], "compartments": doors})


@pytest.fixture
def chip() -> FakeChip:
    return FakeChip(FIRST_CHIP)


@pytest.fixture
def cabinet(chip: FakeChip) -> Iterator[Cabinet]:
    timers = ThreadTimers("cabinet")
    cabinet = Cabinet((1, 2), timers)
    connect(chip, cabinet)
    yield cabinet
    timers.close()


@pytest.fixture
def pins(chip: FakeChip, cabinet: Cabinet) -> Pins:
    return Pins(FakeChips(chip).open, FIRST_CHIP)


@pytest.fixture
def hands(pins: Pins) -> Iterator[BoardHands]:
    with hands_on(draft(), pins=pins) as hands:
        yield hands


def test_bits_are_seen_as_they_stand_and_once_they_have_stirred(hands: BoardHands, cabinet: Cabinet) -> None:
    assert hands.look() == {at(1): False, at(2): False}
    cabinet.force(1)
    assert hands.wait(lambda: bool(hands.stirred()), LIMIT_S)
    assert (hands.seen(), hands.stirred()) == ({at(1): False, at(2): True}, {at(2)})
    cabinet.close_door(1)
    assert hands.wait(lambda: hands.seen() == {at(1): False, at(2): False}, LIMIT_S)
    assert hands.stirred() == {at(2)}
    hands.look()
    assert hands.stirred() == set()


def test_a_pulse_is_reported_and_ends(hands: BoardHands, cabinet: Cabinet) -> None:
    hands.look()
    assert hands.pulse(at(1)).sent is Sent.WRITTEN
    assert hands.wait(lambda: hands.stirred() == {at(2)}, LIMIT_S)
    assert [pulse.channel for pulse in cabinet.pulses] == [1]


def test_what_interrupts_in_the_middle_of_a_pulse_leaves_nothing_energised(pins: Pins, chip: FakeChip) -> None:
    def interrupted() -> None:
        with hands_on(draft(pulse_ms=1_000), pins=pins) as hands:
            hands.pulse(at(1))
            assert chip.lines[11].high
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not chip.lines[11].high
    assert chip.history(11)[:3] == [False, True, False]


def test_who_wants_to_stop_ends_whatever_is_waited_for(pins: Pins) -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    with hands_on(draft(), pins=pins, pause=stop) as hands, pytest.raises(KeyboardInterrupt):
        hands.wait(lambda: False, LIMIT_S)


def test_lines_that_somebody_holds_are_a_fault_and_their_pulse_is_not_sent(chip: FakeChip, pins: Pins) -> None:
    chip.take(11)
    with hands_on(draft(), pins=pins) as hands:
        hands.look()
        report = hands.pulse(at(1))
        assert report.sent is Sent.NOT_SENT
        assert report.fault is not None
        assert report.fault.kind is FaultKind.LINE_BUSY


def test_a_cabinet_on_pins_is_walked_by_its_sensors(pins: Pins, cabinet: Cabinet) -> None:
    """Somebody closes each door once its trial is kept: by then the lock's pulse is long over."""
    wanted = draft()

    def close(kept: Sequence[Trial]) -> None:
        for door in cabinet.channels:
            assert cabinet.close_door(door)

    with hands_on(wanted, pins=pins) as hands:
        eyes = SensorEyes(wanted, hands, open_s=LIMIT_S, close_s=LIMIT_S)
        found = walk(wanted, hands, eyes, (), close, lambda: "now")
    assert [(it.lock, it.opened, [each.sensor for each in it.moved]) for it in found] == [
        (at(1), ("A02",), [at(2)]),
        (at(2), ("A01",), [at(1)]),
    ]
