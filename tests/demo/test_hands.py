"""What people do to the doors of the demo."""

from dataclasses import replace

import pytest

from controller.cli.demo.hands import Hands
from controller.domain.events import CompartmentSpec
from controller.domain.ids import CompartmentId, MonoMs, Purpose, Role, Size
from controller.domain.state import Compartment, Cycle, State
from firmware_bridge.cabinet import Cabinet
from firmware_bridge.timers import VirtualTimers

A01 = CompartmentId("A01")
CHANNELS = {"A01": 1, "A02": 2}
OPEN = Cycle(Purpose.DEPOSIT, Role.DRIVER, MonoMs(1), 1, opened=MonoMs(2))


class Corner:
    """A cabinet, hands, and the time between them."""

    def __init__(self) -> None:
        self.timers = VirtualTimers()
        self.cabinet = Cabinet(CHANNELS.values(), self.timers)
        self.hands = Hands(self.cabinet, CHANNELS)

    def springs_open(self, channel: int = 1) -> None:
        self.cabinet.pulse(channel, 500)
        self.timers.advance(1000)

    def next(self, cycle: Cycle | None) -> object:
        compartment = Compartment(CompartmentSpec(A01, Size.M), cycle=cycle)
        return self.hands.seen(State(compartments={A01: compartment}))["A01"]["next"]


@pytest.fixture
def corner() -> Corner:
    return Corner()


def test_a_door_that_is_shut_can_only_be_pulled_and_stays_shut(corner: Corner) -> None:
    assert corner.next(None) == "pull"
    assert not corner.hands.do("A01", "pull")
    assert not corner.hands.do("A01", "put")


@pytest.mark.parametrize(
    ("cycle", "empty", "full"),
    [
        (OPEN, "put", "shut"),
        (replace(OPEN, purpose=Purpose.REOPEN), "put", "shut"),
        (replace(OPEN, purpose=Purpose.TAKE_BACK), "shut", "take"),
        (replace(OPEN, purpose=Purpose.TAKE_AWAY), "shut", "take"),
        (replace(OPEN, purpose=Purpose.PICKUP, role=Role.RECIPIENT), "shut", "take"),
        (replace(OPEN, purpose=Purpose.SERVICE, role=Role.OPERATOR), "shut", "take"),
        (replace(OPEN, closed=MonoMs(3)), "shut", "shut"),
        (None, "shut", "shut"),
    ],
)
def test_what_a_person_would_do_next_follows_from_why_the_door_is_open(
    corner: Corner, cycle: Cycle | None, empty: str, full: str
) -> None:
    corner.springs_open()
    assert corner.next(cycle) == empty
    assert corner.hands.do("A01", "put")
    assert corner.next(cycle) == full


def test_a_parcel_goes_in_and_out_and_the_door_shut(corner: Corner) -> None:
    corner.springs_open()
    assert [corner.hands.do("A01", act) for act in ("put", "put", "take", "take", "shut")] == [
        True, False, True, False, True
    ]  # fmt: skip


def test_faults_are_switched_on_and_off(corner: Corner) -> None:
    corner.hands.break_("A01", "jam", broken=True)
    corner.hands.break_("A01", "says_open", broken=True)
    corner.hands.silence(silent=True)
    corner.springs_open()
    seen = corner.hands.seen(State())
    assert (seen["A01"]["jammed"], seen["A01"]["stuck"], seen["A01"]["open"]) == (True, "open", False)
    assert (seen["A02"]["jammed"], seen["A02"]["stuck"]) == (False, None)
    assert corner.hands.silent

    corner.hands.break_("A01", "jam", broken=False)
    corner.hands.break_("A01", "says_open", broken=False)
    corner.hands.silence(silent=False)
    corner.springs_open()
    seen = corner.hands.seen(State())
    assert (seen["A01"]["jammed"], seen["A01"]["stuck"], seen["A01"]["open"]) == (False, None, True)
    assert not corner.hands.silent


def test_a_crowbar_opens_whatever_is_locked(corner: Corner) -> None:
    told: list[str] = []
    corner.hands.follow(lambda: told.append("changed"))
    corner.hands.do("A01", "force")

    assert corner.hands.seen(State())["A01"]["open"]
    assert told != []


def test_there_are_no_other_doors(corner: Corner) -> None:
    with pytest.raises(KeyError):
        corner.hands.do("B01", "pull")
