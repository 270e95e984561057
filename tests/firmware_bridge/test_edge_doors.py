"""Contacts that tell of their edges, on virtual time."""

from firmware_bridge.debounce import HOLD_MS
from firmware_bridge.edge_doors import EdgeDoors
from firmware_bridge.lock_board import Door
from firmware_bridge.timers import VirtualTimers


class Contacts:
    """One door whose contact is set by hand."""

    def __init__(self) -> None:
        self.timers = VirtualTimers(10_000)
        self.contact = Door.CLOSED
        self.told: list[tuple[int, Door]] = []
        self.doors = EdgeDoors((1,), self.timers, lambda channel: self.contact, self._changed)
        self.doors.look()
        self.timers.advance(HOLD_MS)
        self.told.clear()

    def _changed(self, changes: dict[int, Door]) -> None:
        self.told.append((self.timers.now_ms(), changes[1]))


def test_a_contact_that_has_just_moved_must_rest() -> None:
    it = Contacts()
    it.contact = Door.OPEN
    it.doors.look((1,))
    it.timers.advance(HOLD_MS - 1)
    assert it.told == []
    it.timers.advance(1)
    assert it.told == [(10_000 + 2 * HOLD_MS, Door.OPEN)]


def test_the_time_that_it_has_rested_already_counts() -> None:
    it = Contacts()
    it.contact = Door.OPEN
    it.doors.look((1,), age_ms=30)
    it.timers.advance(HOLD_MS - 31)
    assert it.told == []
    it.timers.advance(1)
    assert len(it.told) == 1


def test_one_that_rested_long_enough_before_anybody_looked_is_told_at_once() -> None:
    it = Contacts()
    it.contact = Door.OPEN
    it.doors.look((1,), age_ms=2_000)
    it.timers.advance(0)
    assert it.told == [(10_000 + HOLD_MS, Door.OPEN)]


def test_readings_say_how_old_they_are() -> None:
    it = Contacts()
    it.doors.look()
    it.timers.advance(700)
    assert it.doors.readings()[1].age_ms == 700
    it.contact = Door.OPEN
    it.doors.look()
    assert (it.doors.readings()[1].door, it.doors.readings()[1].age_ms) == (Door.CLOSED, 700), (
        "one look is not believed"
    )
