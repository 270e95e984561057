"""In which order a board sends its status bytes, from where locks and sensors were found."""

from collections.abc import Sequence

from support.commissioned import a_draft

from controller.device.commissioning.draft import Terminal
from controller.device.commissioning.learning import SENSORS, Moved, Trial
from controller.device.commissioning.lines import Line
from controller.device.commissioning.orders import other_orders, reread
from firmware_bridge.codecs.lockboard_8a import StatusOrder
from firmware_bridge.probe import Probed

LINE = Line("main", 9_600, (Probed(9_600, bits=dict.fromkeys(range(1, 25), True)),))


DRAFT = a_draft(24, "lockboard-8a")


def trials(*wires: tuple[int, int], by: str = "a person") -> list[Trial]:
    """Trials of a lock's channel and the channel that then moved."""
    return [
        Trial(Terminal("main", lock), ("A01",), (Moved(Terminal("main", sensor), True),), "written", 1, by, "")
        for lock, sensor in wires
    ]


def sensors(found: Sequence[Trial]) -> list[int]:
    return [trial.moved[0].sensor.channel for trial in found]


def test_sensors_that_lie_beside_their_locks_the_other_way_round_show_the_other_order() -> None:
    found = trials((1, 17), (10, 10), (24, 8), (3, 5))
    assert other_orders(DRAFT, found, [LINE]) == {"main": StatusOrder.FIRST_BYTE_FIRST}
    assert other_orders(a_draft(24, "lockboard-8a", status_order="first_byte_first"), found, [LINE]) == {
        "main": StatusOrder.LAST_BYTE_FIRST
    }
    assert sensors(reread(DRAFT, found, {"main": 24})) == [1, 10, 24, 21]


def test_an_order_that_fits_as_well_or_better_stays() -> None:
    assert other_orders(DRAFT, trials((1, 1), (24, 24), (2, 18)), [LINE]) == {}
    assert other_orders(DRAFT, trials((1, 17), (2, 2)), [LINE]) == {}
    assert other_orders(DRAFT, trials((1, 5)), [LINE]) == {}


def test_other_boards_know_no_order() -> None:
    assert other_orders(a_draft(24), trials((1, 17)), [LINE]) == {}


def test_what_the_sensors_said_is_said_anew_and_what_a_person_said_stays() -> None:
    unseen = reread(DRAFT, trials((1, 17), by=SENSORS), {"main": 24})
    assert [trial.opened for trial in unseen] == [("A01",)]
    moved = reread(DRAFT, trials((1, 18), by=SENSORS), {"main": 24})
    assert [trial.opened for trial in moved] == [("A02",)]
    assert reread(DRAFT, trials((1, 18)), {"main": 24})[0].opened == ("A01",)
    assert reread(DRAFT, trials((1, 18)), {}) == trials((1, 18))
