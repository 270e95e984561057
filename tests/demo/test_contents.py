"""What is behind the doors outlives a demo."""

from pathlib import Path

from controller.cli.demo.contents import Contents
from firmware_bridge.cabinet import Cabinet
from firmware_bridge.timers import VirtualTimers

CHANNELS = {"A01": 1, "A02": 2, "A03": 3, "A04": 4}


def cabinet_of(file: Path) -> tuple[Cabinet, VirtualTimers]:
    """A cabinet as the demo before left it."""
    timers = VirtualTimers()
    cabinet = Cabinet(CHANNELS.values(), timers)
    Contents(cabinet, CHANNELS, file)
    return cabinet, timers


def stands(cabinet: Cabinet) -> list[tuple[bool, bool]]:
    """Whether each door is open, and whether something is behind it."""
    return [(door.open, door.item) for door in cabinet.doors().values()]


def test_parcels_and_open_doors_are_there_again(tmp_path: Path) -> None:
    before, timers = cabinet_of(tmp_path / "cabinet.json")
    for channel in (1, 2, 3):
        before.pulse(channel, 500)
    timers.advance(1000)
    before.put_item(1)
    before.put_item(2)
    before.close_door(2)

    after, timers = cabinet_of(tmp_path / "cabinet.json")
    timers.advance(100)

    assert stands(after) == [(True, True), (False, True), (True, False), (False, False)]
    assert [after.sensor(channel).value for channel in CHANNELS.values()] == ["open", "closed", "open", "closed"]
    assert after.pulses == []


def test_what_was_taken_is_gone(tmp_path: Path) -> None:
    first, _ = cabinet_of(tmp_path / "cabinet.json")
    first.force(1)
    first.put_item(1)
    second, _ = cabinet_of(tmp_path / "cabinet.json")
    second.take_item(1)
    second.close_door(1)

    assert stands(cabinet_of(tmp_path / "cabinet.json")[0]) == [(False, False)] * 4
