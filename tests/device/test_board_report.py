"""What a board knows, as operators and their programs are told it."""

from jsonschema import Draft202012Validator

from controller.contract.message_schemas import message_schemas
from controller.device.board_report import board_facts, board_figures, door_facts
from firmware_bridge.bus_health import BusHealth
from firmware_bridge.faults import ADVICE, BoardFault, FaultKind
from firmware_bridge.lock_board import BoardState, Door, DoorReading

DOORS = {1: DoorReading(Door.CLOSED, 40), 2: DoorReading(Door.OPEN, 700), 3: DoorReading(Door.UNKNOWN, 90_000)}
SERIAL = BoardState(DOORS, BoardFault("main", FaultKind.BABBLE, "address 3 on /dev/x"), BusHealth(5, 3, 1, 1, 0, 9, 2))
BLIND = BoardState({1: DoorReading(Door.UNKNOWN, 5)})


def test_the_health_message_has_the_oldest_reading_of_a_door_that_is_known() -> None:
    assert board_figures(SERIAL) == {
        "fault": "babble",
        "doors_known": 2,
        "oldest_reading_ms": 700,
        "line": {
            "requests": 5,
            "replies": 3,
            "timeouts": 1,
            "bad_checksums": 1,
            "echoes": 0,
            "stray_bytes": 9,
            "reopenings": 2,
        },
    }
    assert board_figures(BLIND) == {"fault": None, "doors_known": 0, "oldest_reading_ms": None, "line": None}


def test_what_the_health_message_says_of_boards_is_what_the_contract_says() -> None:
    properties = message_schemas()["health"]["properties"]
    assert isinstance(properties, dict)
    boards = properties["boards"]
    assert isinstance(boards, dict)
    told = {"main": board_figures(SERIAL), "blind": board_figures(BLIND)}
    assert list(Draft202012Validator(boards).iter_errors(told)) == []


def test_the_terminal_is_told_what_to_do_about_a_fault() -> None:
    facts = board_facts(SERIAL)
    assert (facts["fault"], facts["detail"]) == ("babble", "address 3 on /dev/x")
    assert facts["advice"] == ADVICE[FaultKind.BABBLE]
    assert board_facts(None) == {"fault": None, "detail": None, "advice": None, "line": None}


def test_a_door_that_is_not_known_has_no_age() -> None:
    assert door_facts(DOORS[2]) == {"read_ms": 700, "parcel_sensor": None}
    assert door_facts(DOORS[3])["read_ms"] is None
    assert door_facts(None) == {"read_ms": None, "parcel_sensor": None}
    assert door_facts(DoorReading(Door.CLOSED, 1, parcel=False))["parcel_sensor"] is False
